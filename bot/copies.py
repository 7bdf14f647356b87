"""Copies of Word files as the service asks for them: made in the sandbox, from the very bytes that were checked."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO

from bot.copy_orders import ANNOTATE, REFORMAT, AnnotateOrder, ReformatOrder, Said
from domain.notice import Notice
from handlers.casework.notes import PRODUCT, notes_of
from validators.facts import FileFacts, FileKind, Trouble, WordFacts
from validators.json_codec import MalformedError, from_json, to_json
from validators.report import Reading
from validators.sandbox import Sandbox, UnmadeError

COMMAND = (sys.executable, "-m", "bot.copy_server")
_NOT_WORD = "这不是 Word 文件，没有{copy}。"
_UNREAD = "文件没能读出来，所以没有{copy}。"
_WITH_MACROS = "含宏的文件和模板文件不做{copy}，请先另存为普通的 .docx。"
_TROUBLES = {
    Trouble.TIMEOUT: "这份文件太复杂，{copy}做了很久也没有做完，请按检查结果修改。",
    Trouble.LIMIT: "这份文件太大，没能做出{copy}，请按检查结果修改。",
}
_FAILED = "这次没能做出{copy}，请按检查结果修改。"
_CHANGED = "自动排版后的文字和原文对不上，为稳妥起见没有给您自动排版版，请按检查结果修改。"
COPY_NAMES: Mapping[str, str] = MappingProxyType({ANNOTATE: "批注版", REFORMAT: "自动排版版"})


class CopyMaker:
    """Makes copies with a sandbox that was started with COMMAND."""

    def __init__(self, sandbox: Sandbox, notice: Notice) -> None:
        self._sandbox = sandbox
        self._notice = notice

    def annotate(
        self, path: Path, facts: FileFacts, readings: Sequence[Reading], now: datetime, result: IO[bytes]
    ) -> Said:
        """The file with comments for these readings, into `result`; `now` is aware. Raises OSError as the sandbox."""
        at = now.astimezone(self._notice.timezone).replace(tzinfo=None, microsecond=0)
        order = AnnotateOrder(notes_of(self._notice, facts.name, readings), PRODUCT, at.isoformat())
        return self._make(path, facts, ANNOTATE, to_json(order), result)

    def reformat(self, path: Path, facts: FileFacts, result: IO[bytes]) -> Said:
        """The file set as the notice wants it, into `result`. The copy is read once more: were any text, number or
        picture not as before, it is not given. Raises OSError as the sandbox."""
        said = self._make(path, facts, REFORMAT, to_json(reformat_order(self._notice)), result)
        if said.refused or facts.word is None:
            return said
        result.flush()
        again = self._sandbox.read_open(result, facts.name)
        if again.word is None or _shown(again.word) != _shown(facts.word):
            return Said(refused=_CHANGED, lasting=again.certain)
        return said

    def _make(self, path: Path, facts: FileFacts, task: str, order: object, result: IO[bytes]) -> Said:
        sentence = _refusal(facts)
        if sentence:
            return Said(refused=sentence.format(copy=COPY_NAMES[task]), lasting=facts.certain)
        try:
            return from_json(Said, self._sandbox.make(path, facts.name, task, order, result))
        except UnmadeError as error:
            sentence = _TROUBLES.get(error.trouble, _FAILED)
        except MalformedError:
            sentence = _FAILED
        return Said(refused=sentence.format(copy=COPY_NAMES[task]), lasting=False)


def reformat_order(notice: Notice) -> ReformatOrder:
    """How this notice wants a text to be set."""
    return ReformatOrder(notice.title_font, notice.heading_font, notice.body_font)


def _refusal(facts: FileFacts) -> str:
    if facts.word is None:
        return _UNREAD if facts.kind in {FileKind.DOCX, FileKind.BROKEN_ZIP} else _NOT_WORD
    return "" if facts.kind is FileKind.DOCX else _WITH_MACROS


def _shown(word: WordFacts) -> tuple[object, ...]:
    """Everything a reformatted copy must not change."""
    paragraphs = [(each.text, each.label, each.container, each.cell) for each in word.paragraphs]
    return paragraphs, word.paragraph_count, word.words, word.pictures, word.tables, word.tracked_changes, word.comments
