"""Verdicts on where somebody sends what: each thing has a route of its own in the notice's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import DEVIATING
from domain.notice import Notice, Route

_PIECE = re.compile(r"[^,、。;?!]+")
_SEND = r"(?:上传|提交|传|发(?!现|言|表|布|文)|交(?!流)|报(?!名|道|销|告)|送|寄|投|收|丢|甩|扔|拷)"
_NOT = r"(?:没有|没|未|不用|不必|不需要?|无需|不要|不|懒得|忘记?|免|省)"
_SENT_THERE = re.compile(
    rf"{_SEND}(?:了|过|一份|个|去|给|到|在|往|进|上|至|的|是|我们|他们|这|那|个"
    r"|[州省市]|国家|智慧|教育|指定|联系人|老师|统一)*$"
)
_THERE_SENT = re.compile(rf"(?:上|里面|里|那边|群|群里)?(?:面)?(?:来|去|直接|就|也|都|再|统一|打包|全部)*{_SEND}")
_BEFORE = re.compile(rf"(?P<no>{_NOT})(?:再|往|到|在|用|走|通过|从)*(?:{_SEND})?(?:了|过|到|给|往|在|上|去|进)*$")
_AFTER = re.compile(
    rf"(?:上|里面|里|那边)?(?:面)?(?:就|也|还|都|我|们)*(?:{_NOT}|不会|传不)(?:再|用|要|去)*(?:{_SEND}|管|弄|走|[,。;?了]|$)"
)
_OF = re.compile(r"的?(?:应用|建设|使用|培训|数据|试点|教学|资源|案例|功能|上的|里的|账号|密码|地址|网址)")
_TABLE = re.compile(r"表(?!述|示|达|现|扬|演)|汇总|盖章")
_MATERIALS = re.compile(r"案例|材料|稿|作品|文章|电子版|视频|东西")
_ELSE = re.compile(
    r"支撑|同事|学生|家长|压缩|剪辑|下载|领取|还是|同一?个?[时天日]|同时|一个?(?:时间|日期)|通知|模板|附件(?!1)|登录|注册"
)
_DONE = re.compile(r"我|了|可以|算|行")
_COMPLETE = re.compile(r"完[了事]|齐|算(?:报|交|完)|就(?:行|够|可以|好)|还[要差缺]|够[了吗不]")
"""Who asks this of one thing sent may have forgotten the other."""

_BY_ONESELF = re.compile(r"个人|直接|越过|绕过|跳过|不走|不经|不通过")
"""Where it may be doubted who sends it, the way alone makes nothing right."""

_OPEN = frozenset({"where", "how", "why", "what", "when", "who", "many"})


@dataclass(frozen=True, slots=True)
class _Sent:
    """That the table, or the materials, are said to be sent by a kind of way, or not to be."""

    table: bool
    place: str
    denied: bool


class Routes:
    """Knows the routes of one notice, and how the ways of sending are spoken of."""

    def __init__(self, notice: Notice, words: Lexicon) -> None:
        self._notice = notice
        self._places = re.compile("|".join(f"(?P<{name}>{'|'.join(said)})" for name, said in words.places.items()))
        self._of_table = {self._way(item.target) for item in notice.routes if self._is_table(item)}
        self._of_materials = {self._way(item.target) for item in notice.routes if not self._is_table(item)}

    def judge(self, question: Question) -> Draft | None:
        """The verdict on the ways by which things are said to be sent; None when none is, or else is asked."""
        text = question.text
        asks = question.claims or (question.wants_verdict and not question.acts & _OPEN)
        if not asks or _ELSE.search(text) or "" in self._of_table | self._of_materials:
            return None
        sent = tuple(self._sent(text))
        if not sent:
            return None
        wrong = [item for item in sent if (item.place in self._ways(item)) == item.denied]
        if not wrong and not any(item.denied for item in sent):
            half = len({item.table for item in sent}) == 1 and _COMPLETE.search(text)
            if half or question.acts & DEVIATING or _BY_ONESELF.search(text):
                return None
        head = (
            ("不行。" if _DONE.search(text) else "不是。")
            if wrong
            else "是的，"
            if question.claims or "must" in question.acts
            else "可以。"
        )
        first = {item.table for item in wrong or sent}
        routes = sorted(self._notice.routes, key=lambda item: self._is_table(item) not in first)
        told = "；".join(f"{item.subject}要发送到{self._target(item)}" for item in routes)
        clauses = tuple(dict.fromkeys(item.clause for item in routes))
        return Draft(f"{head}{told}。", clauses, "routes", verdict=True)

    def _sent(self, text: str) -> Iterator[_Sent]:
        named = _TABLE.search(text) or _MATERIALS.search(text)
        table: bool | None = _TABLE.search(text) is not None if named else None
        for piece in _PIECE.findall(text):
            if _TABLE.search(piece):
                table = True
            elif _MATERIALS.search(piece):
                table = False
            for match in self._places.finditer(piece) if table is not None else ():
                before, after = piece[: match.start()], piece[match.end() :]
                denied = _BEFORE.search(before) is not None or _AFTER.match(after) is not None
                there = _SENT_THERE.search(before) or _THERE_SENT.match(after) or denied
                if there and not _OF.match(after) and match.lastgroup:
                    yield _Sent(bool(table), match.lastgroup, denied)

    def _ways(self, item: _Sent) -> set[str]:
        return self._of_table if item.table else self._of_materials

    def _is_table(self, route: Route) -> bool:
        return self._notice.summary_table.title in route.subject

    def _way(self, target: str) -> str:
        """What kind of way leads to a target, "" when its words do not tell."""
        found = self._places.search(target)
        return (found.lastgroup or "") if found else ""

    def _target(self, route: Route) -> str:
        mail = next((item.mail for item in self._notice.contacts if item.mail), "")
        by_mail = self._way(route.target) == "mail" and mail and "@" not in route.target
        return f"{route.target} {mail}" if by_mail else route.target
