"""What this notice calls the things every notice has: its summary table may be a 登记表, its cases 作品.

Questions and the notice's own ways of asking are put into the words the language data use."""

from __future__ import annotations

import re

from domain.notice import Notice

_TABLE, _CASE, _WORK = "汇总表", "案例", "作品"
_KIND = re.compile(r"[\u4e00-\u9fff]{2}表$")


class OwnWords:
    """Puts the words of one notice into those of the language."""

    def __init__(self, notice: Notice) -> None:
        said: list[tuple[str, str]] = []
        kind = _KIND.search(notice.summary_table.title)
        if _TABLE not in notice.summary_table.title and kind is not None:
            said.append((kind.group(), _TABLE))
        if not any(_CASE in clause.text for clause in notice.clauses):
            said.append((_WORK, _CASE))
        self._said = tuple(said)

    def plain(self, text: str) -> str:
        """`text` in the words of the language."""
        for own, meant in self._said:
            text = text.replace(own, meant)
        return text
