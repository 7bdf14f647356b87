"""A fact asked for by claiming it ("文号是…15号吧"): confirmed or corrected by the numbers in the fact itself."""

from __future__ import annotations

import re
from dataclasses import replace

import rjieba

from answers.numerals import NUMBER, number
from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice

_CLAIM = ("吧", "对吗", "是吗", "没错", "是不是", "对不对", "听说")
_NUMBERS = re.compile(r"(?<![a-z\d])\d+(?!\s*[+\d])")
_FREE = ("不限", "没有限制", "随便", "没限制", "无限", "没有要求", "不作要求", "没要求")
_LIMITED = ("words", "pictures", "video")
_OF_PARTS = ("awards", "formats", "fonts")
_DECIDED = ("不", "可以", "是的", "要", "符合", "够", "会", "有", "还差", "来得及")


_SUBJECT = re.compile(
    r"是([^,。;?!是]{2,10}?)(?:组织|来评|评|发|写|管|负责|做|办|印发|下)?的?,?(?:吧|对吗|对吧|是吗|没错)"
)


_SAYS_NOT = re.compile(r"不(?!限|超过|少于|低于|合适|符合|可以|能)([\u4e00-\u9fff]{3})")


def _of_denial(draft: Draft, text: str) -> bool | None:
    """Whether what is claimed agrees with what the fact says is not so (附件不随通知下发); None when it speaks of
    something else."""
    for said in _SAYS_NOT.findall(draft.text):
        at = text.find(said)
        if at >= 0:
            return text[max(0, at - 2) : at].endswith(("不", "没", "不是", "没有", "未"))
    return None


def _denied(draft: Draft, text: str) -> bool:
    """Whether "是…吧" names somebody or something that the fact does not hold."""
    match = _SUBJECT.search(text)
    if match is None:
        return False
    said = match.group(1)
    names = [word for word, kind in rjieba.tag(said, True) if kind[0] in "njb" and len(word) > 1]
    return not set(said) & set(draft.text) or any(name not in draft.text for name in names)


_UNBOUND = r"(?:不限|没有?要求|没有?限制|没有?规定|随便|无所谓|不作要求|不管)"
_FREELY = re.compile("[没无不随任越]")
"""How everything begins that calls something free."""

_BOUND = (
    ("pictures", "插图|图片|图"),
    ("words", "字数"),
    ("video", "分辨率|画面"),
    ("formats", "格式"),
    ("fonts", "字体|字号"),
)


def unbound(question: Question) -> str:
    """The topic that a question claims to be free (没有字数要求吧); empty when none is."""
    if question.acts.isdisjoint(("claim", "may")) or not _FREELY.search(question.text):
        return ""
    for topic, names in _BOUND:
        before = rf"(?:没有?|无|不限|不限制|随便)[^,。;?]{{0,4}}(?:{names})[^,。;?]{{0,3}}(?:要求|限制|规定|限定)"
        freely = (
            rf"(?:随便|任意|不管|无论|随意)[^,。;?]{{0,7}}(?:{names})[^,。;?]{{0,2}}[都也就](?:行|可以|能|成|收|要)"
        )
        if re.search(rf"{before}|{freely}|(?:{names})[^,。;?]{{0,4}}(?:{_UNBOUND}|越[多长大高]越好)", question.text):
            return topic
    return ""


_IS_IT = re.compile(r"(?:是|姓|叫)[^,。;?]{1,30}吗\??$")
_ROLES = ("最高", "最低", "最多", "最少", "至少", "至多", "上限", "下限")
_PROVIDER = re.compile(r"(?<![a-z\d])(gmail|163|126|139|189|outlook|hotmail|foxmail|sina)(?!\d)|新浪|网易|谷歌")
_LONG_NUMBER = 6
_ADDRESS = re.compile(r"[a-z0-9_-]+(?:[@#][a-z0-9-]+)?(?:\.[a-z0-9-]+)+")
_COUNT = re.compile(rf"(?<!第)({NUMBER})(?:个|项|条|步|栏|列|种)")
_PERSON = re.compile(
    r"(?:联系人|负责人|找|联系)(?:就|应该|应当)?(?:的)?(?:是|叫|为|姓)?([\u4e00-\u9fff]{1,4}?)(?=吧|对吗|是吗|没错|吗)"
)
_TITLES = ("老师", "主任", "科长", "同志", "女士", "先生")
_WITH_ADDRESS = ("mail", "mail-sign", "sites", "contact", "template-where", "table-by-platform", "how-to-report")
_WITH_COUNT = ("attachments", "six-highs", "process", "columns", "counties")


def _of_address(draft: Draft, text: str) -> bool | None:
    """Whether the addresses named in a claim are those of the fact; None when none is named."""
    named = _ADDRESS.findall(text)
    return all(address.removeprefix("www.") in draft.text.lower() for address in named) if named else None


def _of_person(text: str, notice: Notice) -> bool | None:
    """Whether the person claimed to be the contact is (周老师 is 周某某); None when nobody is named."""
    match = _PERSON.search(text)
    if match is None or not notice.contacts:
        return None
    said = match.group(1)
    return any(
        said in {item.name, item.name[0]} or (said[0] == item.name[0] and said[1:] in _TITLES)
        for item in notice.contacts
    )


def _of_fact(draft: Draft, question: Question, notice: Notice) -> bool | None:
    """Whether what is claimed agrees with the fact told; None when this cannot be told."""
    text = question.text
    if draft.topic == "mail" and (provider := _PROVIDER.search(text)) is not None:
        return any(provider.group() in item.mail for item in notice.contacts)
    if draft.topic in _WITH_ADDRESS and (agrees := _of_address(draft, text)) is not None:
        return agrees
    if draft.topic == "contact":
        return _of_person(text, notice)
    counts = [number(match.group(1)) for match in _COUNT.finditer(text)]
    if draft.topic in _WITH_COUNT and counts:
        held = {float(value) for value in re.findall(r" (\d+) (?:个|项|条|步|栏)", draft.text)}
        return None if not held else all(count in held for count in counts)
    return None


def confirmed(draft: Draft, question: Question, notice: Notice) -> Draft:  # noqa: PLR0911 - one return for each way of putting it
    """`draft` with 是的 or 不是 in front when the question claims a number that the fact holds, or contradicts.

    Left as it is when nothing is claimed, or when the text begins with a decision already."""
    claims = any(word in question.text for word in _CLAIM)
    if draft.verdict or not (claims or _IS_IT.search(question.text)):
        return draft
    agrees = _of_fact(draft, question, notice)
    agrees = _of_denial(draft, question.text) if agrees is None and claims else agrees
    if agrees is not None:
        return replace(draft, text=("是的，" if agrees else "不是。") + draft.text, verdict=True)
    claimed = set(_NUMBERS.findall(question.text))
    if not claims and not any(len(figure) >= _LONG_NUMBER for figure in claimed):
        return draft
    if draft.text.startswith(_DECIDED) or draft.topic in _OF_PARTS:
        return draft
    if draft.topic in _LIMITED and any(word in question.text for word in _ROLES):
        return draft
    held = set(re.findall(r"\d+", draft.text))
    if draft.topic in _LIMITED and held and any(word in question.text for word in _FREE):
        return replace(draft, text=f"不是。{draft.text}", verdict=True)
    if not claimed:
        return replace(draft, text=f"不是。{draft.text}", verdict=True) if _denied(draft, question.text) else draft
    return _by_numbers(draft, claimed, held)


def _by_numbers(draft: Draft, claimed: set[str], held: set[str]) -> Draft:
    """`draft` with a verdict on the numbers claimed; as it is when it holds none, or one digit says too little."""
    right = claimed <= held
    if not held or (right and any(len(figure) == 1 for figure in claimed)):
        return draft
    return replace(draft, text=("是的，" if right else "不是。") + draft.text, verdict=True)
