"""Finding numbers and addresses in a text that belong to a person, and showing them with stars."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_BEFORE = r"(?<![\d/=_.#-])"
_AFTER = r"(?![\d*＊×])"
_GAP = r"[\s-]?"
_BIRTH = rf"(?:18|19|20)\d\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"{_BEFORE}[1-9]\d{{5}}{_GAP}{_BIRTH}{_GAP}\d{{3}}[\dXx]{_AFTER}")
_OLD_IDENTITY = re.compile(
    rf"(?:身份证|证件)\D{{0,12}}(?P<number>[1-9]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}){_AFTER}"
)
_MOBILE = re.compile(rf"(?<![\d/=_.#*＊×])(?<!\d-)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}{_AFTER}")
_CARD = re.compile(rf"{_BEFORE}62\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{1,3}})?{_AFTER}")
_ADDRESS = re.compile(
    r"(?:家住|家庭住址|家庭地址|住址|现住)[是为在：:\s]{0,3}"
    r"(?P<number>[^，。；,;\n]{2,40}?(?:号|组|室|栋|单元|户)\d{0,4}(?:号|室)?)"
)
_MAY_HOLD = re.compile(r"\d(?:[\s-]?\d){9}|家住|住址|地址|现住")
_CONTACT = re.compile(
    r"(?:(?:项目|案例)?(?:联系人|负责人|作者|执笔人?|撰写人?|咨询)[^，。；,;]{0,10}?)?(?:及|和|与)?"
    r"(?:联系)?(?:电话|手机|联系方式)(?:号码|号)?|联系人[^，。；,;]{0,6}"
)
_MOST_LABEL = 24


@dataclass(frozen=True, slots=True)
class Personal:
    """Something personal as `written`: what `kind` it is in Chinese, its digits, and how it may be shown."""

    kind: str
    written: str
    digits: str
    masked: str

    @property
    def is_phone(self) -> bool:
        """Whether it is a phone number."""
        return self.kind == _MOBILE_KIND


_MOBILE_KIND = "手机号"
_KINDS = (("身份证号", _IDENTITY), ("身份证号", _OLD_IDENTITY), (_MOBILE_KIND, _MOBILE), ("银行卡号", _CARD))


def personal_data(text: str) -> Iterator[Personal]:
    """Everything personal in a text, full-width digits included, each stretch once."""
    if not _MAY_HOLD.search(text):
        return
    plain = _plain(text)
    taken: list[tuple[int, int]] = []
    for kind, pattern in (*_KINDS, ("家庭住址", _ADDRESS)):
        for match in pattern.finditer(plain):
            start, end = match.span("number") if "number" in pattern.groupindex else match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            digits = "".join(sign for sign in plain[start:end] if sign.isalnum())
            yield Personal(kind, text[start:end], digits.removeprefix("86"), _stars(plain[start:end]))


def masked(text: str) -> str:
    """The text with everything personal in it shown with stars."""
    for item in personal_data(text):
        text = text.replace(item.written, item.masked)
    return text


def is_contact_label(text: str) -> bool:
    """Whether a text asks for the contact of the author: 联系电话, 联系人及电话, 联系人：某某."""
    plain = re.sub(r"[\s：:（）()]", "", text)
    return len(plain) <= _MOST_LABEL and bool(_CONTACT.fullmatch(plain))


def _plain(text: str) -> str:
    """Full-width signs as ordinary ones, one for one, so that places stay the same."""
    folded = (unicodedata.normalize("NFKC", sign) for sign in text)
    return "".join(one if len(one) == 1 else sign for sign, one in zip(text, folded, strict=True))


def _stars(written: str) -> str:
    if any("\u4e00" <= sign <= "\u9fff" for sign in written):
        return written[:3] + "***"
    plain = "".join(sign for sign in written if sign.isalnum())
    return plain[:3] + "*" * max(3, len(plain) - 5) + plain[-2:]
