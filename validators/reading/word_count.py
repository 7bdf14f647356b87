"""字数 as Word's dialog counts it: Asian characters one each, everything else one for each stretch without blanks.

Signs that Chinese and Latin text share (“ ” — … ① ℃) count as Asian in Word when they were typed in Chinese, which a
file does not always tell; so there are two readings, and the truth lies between them.
"""

from __future__ import annotations

import re

from validators.facts import Span

# Ignored: soft hyphen, zero-width signs, joiners, variation selectors. They neither count nor end a word.
_IGNORED = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ASIAN = (
    "\u1100-\u11ff\u2e80-\u2fff\u3001-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uffef"
    "\U00020000-\U0003ffff"
)
_SHARED = "\u00a1\u00a4\u00a7\u00a8\u00b0\u00b1\u00b4\u00b7\u00d7\u00f7\u2010-\u2bff"
_HIGH = re.compile(f"(?!\\s)[{_ASIAN}{_SHARED}]|[^\\s{_ASIAN}{_SHARED}]+")
_LOW = re.compile(f"[{_ASIAN}]|[^\\s{_ASIAN}]+")


def count(text: str) -> Span:
    """The low and the high reading of one paragraph's text."""
    plain = _IGNORED.sub("", text)
    return Span(low=len(_LOW.findall(plain)), high=len(_HIGH.findall(plain)))
