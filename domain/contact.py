"""How a person can be reached for the summary table (附件1): name and number, read strictly, shown sparingly."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BLANKS = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("-‐‑‒–—―−－ー_", "-"))
_PREFIX = re.compile(r"^(?:\+|00)?86-?(?=1[3-9]\d{9}$|0)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
# 3-digit area codes are 010 and 02x with numbers of 8 digits, all others have 4 digits.
_LANDLINE = re.compile(
    r"(?P<area>0(?:10|2\d)|0[3-9]\d{2})-?(?P<number>[2-8]\d{6,7})(?:(?:-|转|分机|ext\.?)(?P<ext>\d{1,6}))?"
)
_SHORT_AREA, _LONG_NUMBER = 3, 8
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·.' ](?=[^\W\d_])){1,19}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for a case, and under which number; None for what is not known."""

    name: str | None
    phone: str | None


def normalise_phone(text: str) -> str | None:
    """The mainland mobile or landline number that the text is, in the one form that is stored: "13800000000",
    "0718-8234567", "0718-8234567-801". None when it is none, or a landline without its area code."""
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
    plain = _PREFIX.sub("", plain.replace("(", "").replace(")", "-").lower())
    digits = plain.replace("-", "")
    if _MOBILE.fullmatch(digits):
        return digits
    found = _LANDLINE.fullmatch(plain)
    if found is None or (len(found["area"]) == _SHORT_AREA and len(found["number"]) != _LONG_NUMBER):
        return None
    return "-".join(part for part in (found["area"], found["number"], found["ext"]) if part)


def normalise_name(text: str) -> str | None:
    """The personal name that the text is, None when it cannot be one: 2 to 20 letters, with · or blanks inside."""
    plain = _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).replace("•", "·").replace("・", "·")).strip()
    if _has_han(plain):  # 张 三 is 张三
        plain = plain.replace(" ", "")
    return plain if _NAME.fullmatch(plain) else None


def mask_phone(phone: str) -> str:
    """The number as others than the own unit see it: enough to recognise it, too little to call ("138****5678")."""
    if "-" in phone:
        area, number, *_ = phone.split("-")
        return f"{area}-****{number[-3:]}"
    return f"{phone[:3]}****{phone[-4:]}"


def _has_han(text: str) -> bool:
    return any("\u3400" <= sign <= "\u9fff" for sign in text)
