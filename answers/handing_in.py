"""Verdicts on what is handed in beside the case itself: the forms of the summary table, kinds of supporting files."""

from __future__ import annotations

import re

from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import Stance
from domain.notice import Notice

_NOT = r"(?:还没有|还没|没有|没得|没|未|不用|不|忘了?|漏了?|缺|少|免)"
_ONLY = r"(?:只|光|就|仅|单|直接)(?:需要|要|用|是)?(?:发|交|传|报|有|给|寄|弄|做)?(?:了|个|一个|份|的)*"
_DONE = re.compile(r"齐|够|差|缺|完事|就行|就可以|算完|可以|行|能|没事|要紧|符合|合格")
_LIMITS = re.compile(r"几个|多少|多大|大小|分辨率|1080|命名|几份|顺序|至少|最多|最少|上限|压缩|编号|格式")
_N = re.compile(r"(?<![a-z+])n(?![a-z])")
_SOLELY = re.compile(r"(?:只|光|仅|单)(?:能|许|准|可以|收|认|要|限|让|允许|接受|是|有)")
_ONE_OF = re.compile(
    r"(?:只?[发交选传]|有)(?:其中)?(?:一个|一样|一种|一份|随便)(?:就|可|行|得|吗|够|能|$)|二选一|任选|选其一|有一[个样种]就"
)
_ASKS = frozenset({"may", "claim", "must"})


def judge_table(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on handing in some forms of the summary table and not others (盖了章还没发 Word); None when
    nothing is said of them, or not which ones there are."""
    text = question.text
    table = notice.summary_table
    forms = [(form, _names(form, words)) for form in table.deliver_as]
    said = [form for form, names in forms if re.search(names, text)]
    if len(forms) < 2 or not said or not ("表" in text or len(said) > 1):  # noqa: PLR2004
        return None
    missing = [form for form, names in forms if _is_missing(names, text)]
    only = [
        form for form, names in forms if form not in missing and re.search(rf"{_ONLY}[^,。;?]{{0,4}}(?:{names})", text)
    ]
    if not missing and not _DONE.search(text):
        return None
    if only and not missing:
        missing = [form for form, _ in forms if form not in only and form not in said] or (
            [form for form, _ in forms if form not in only] if len(only) < len(forms) else []
        )
    ways = [item for item in notice.routes if table.title in item.subject]
    mail = next((f"发至邮箱 {item.mail}" for item in notice.contacts if item.mail), "报送")
    rule = f"《{table.title}》要{'、'.join(table.deliver_as)}，都要{mail}"
    if len(ways) > 1:
        rule = "；".join(f"{item.subject}送{item.target}" for item in ways)
    routes = [item.clause for item in ways]
    clauses = tuple(dict.fromkeys((*routes, table.deadline.clause if table.deadline else table.clause)))
    if _ONE_OF.search(text) and len(said) == len(forms):
        return Draft(f"不行，两样都要。{rule}。", clauses, "table", verdict=True)
    if missing:
        head = f"还差{'、'.join(missing)}" if re.search(r"差|缺|齐|够", text) else f"不行，还需要{'、'.join(missing)}"
        return Draft(f"{head}。{rule}。", clauses, "table", verdict=True)
    if len(said) == len(forms) and re.search(r"齐|够|差|缺|可以|行|完事", text) and not only:
        return Draft(f"可以，{'、'.join(said)}都有就齐了。{rule}。", clauses, "table", verdict=True)
    return None


def _names(form: str, words: Lexicon) -> str:
    """How people call a form of the table, as one expression."""
    return "|".join(asks for key, asks in words.deliverables if key in form.lower()) or re.escape(form.lower())


def _is_missing(names: str, text: str) -> bool:
    """Whether a form is said not to be there: 没盖章, Word 还没发."""
    before = rf"(?<!要){_NOT}[^,。;?]{{0,3}}(?:{names})"
    acts = r"(?!问题|关系|错|事)(?:发|交|盖|扫|传|有|弄|做|寄|附)*"
    after = rf"(?:{names})[^,。;?]{{0,3}}(?<!要){_NOT}{acts}(?=[,。;?了吗呢啊]|$|就|行|可|能)"
    return re.search(f"{before}|{after}", text) is not None


def judge_supporting(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on kinds of files as supporting files (证书能当支撑材料吗); None when no kind is named or something
    else is asked."""
    text, own = question.text, notice.supporting
    if own is None or not (own.name in text or _N.search(text)) or _LIMITS.search(text) or not question.acts & _ASKS:
        return None
    if re.search(r"不(?:交|放|要|用|附|传|写|提交|准备)|没有支撑|没支撑|省了|免", text):
        return None
    named = [kind for kind in own.kinds if re.search(words.kinds.get(kind, re.escape(kind)), text)]
    if not named:
        return None
    more = "等" if own.kinds_open else ""
    rule = f"{own.name}可以是{'、'.join(own.kinds)}{more}，用于{'、'.join(own.purposes)}文字材料内容"
    bound = re.search(r"必须|一定|都得|都要|非要|才", text)
    head = "不是必须，" if bound else "可以。"
    refused = question.claims and Stance.FORBIDDEN in question.acts
    if refused or (_SOLELY.search(text) and (more or set(named) != set(own.kinds))):
        head = "不是，"
    return Draft(f"{head}{rule}。", (own.clause,), "supporting", verdict=True)
