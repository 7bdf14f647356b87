"""What may be shown to a model run by others: words of a question without what points to a person."""

from __future__ import annotations

import re

_MASKED = "〔略〕"
_PERSONAL = re.compile(
    r"\S+@\S+"  # mail
    r"|[A-Za-z]\d?-[0-9A-Za-z]{8}-[0-9A-Za-z]"  # receipt
    r"|[+\d][\d\s-]{6,}[\dXx]"  # telephone, identity card, account
    r"|(?<=我叫)[\u4e00-\u9fff·]{2,4}|(?<=姓名)[:：]?[\u4e00-\u9fff·]{2,4}"
    r"|[\u4e00-\u9fff]{2,12}(?:小学|中学|幼儿园|学校|中心校|一中|二中|三中)"
)


def without_personal(text: str, *names: str | None) -> str:
    """`text` with mail addresses, receipt and long numbers, names of schools, introduced names and `names` masked."""
    for name in names:
        if name:
            text = text.replace(name, _MASKED)
    return _PERSONAL.sub(_MASKED, text)
