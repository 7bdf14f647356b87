"""Where the results of `check` go as they come: the terminal or a file, as text, JSON Lines or a workbook."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, NoReturn, Self, TextIO

import click

from bot.commands.check_report import Checked, as_json, as_text
from bot.commands.check_targets import readable, why
from domain.notice import Notice

if TYPE_CHECKING:
    from bot.commands.check_workbook import CheckWorkbook

_USAGE = 2


class Output:
    """A context manager: entering opens the file, or ends the program when that cannot be done; leaving closes it."""

    def __init__(self, form: str, path: Path | None, notice: Notice, copies: Sequence[str]) -> None:
        """`form` is text, json or xlsx, the last with a path; `copies` names the copies that are made."""
        self._form = form
        self._path = path
        self._notice = notice
        self._stream: TextIO = sys.stdout
        self._target: IO[bytes] | None = None
        self._copies = copies
        self._book: CheckWorkbook | None = None
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        try:
            if self._path is not None and self._form == "xlsx":
                self._target = self._opened.enter_context(self._path.open("wb"))
                self._book = _workbook(self._notice, self._copies)
            elif self._path is not None:
                self._stream = self._opened.enter_context(self._path.open("w", encoding="utf-8"))
        except OSError as error:
            self._give_up(error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._opened:
                if self._book is not None and self._target is not None:
                    self._book.save(self._target)
        except OSError as trouble:
            self._give_up(trouble)

    def _give_up(self, error: OSError) -> NoReturn:
        click.echo(f"写不了 {readable(str(self._path))}：{why(error)}", err=True)
        sys.exit(_USAGE)

    def write(self, checked: Checked) -> None:
        """One file's result, at once."""
        if self._book is not None:
            self._book.add(checked)
            return
        self._stream.write(
            readable(as_json(checked) if self._form == "json" else as_text(checked, self._notice)) + "\n"
        )
        self._stream.flush()


def _workbook(notice: Notice, copies: Sequence[str]) -> CheckWorkbook:
    from bot.commands.check_workbook import CheckWorkbook  # noqa: PLC0415 - slow, and whatever starts imports us

    return CheckWorkbook(notice, copies)
