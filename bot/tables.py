"""Tables that people send, read in the sandbox: whose are read at all, and what came of it."""

from __future__ import annotations

import io
from pathlib import Path

from bot.copy_orders import READ_TABLE
from domain.roles import Role
from domain.roster import MOST_ROWS
from domain.table import Table
from validators.facts import FileFacts, FileKind, Trouble
from validators.json_codec import MalformedError, from_json
from validators.sandbox import Sandbox, UnmadeError

_ROSTER_WORD = "名单"
_ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".et")
_TOO_SLOW = "这个表格太大，读了很久也没有读完。请只留有内容的行和列，另存后再发。"
_BROKEN = "这个表格没能读出来，可能已损坏。请在 Excel 或 WPS 里另存一份再发。"
# A line of the header, whatever stands above it, and everybody; the reader says so when there is more.
_MOST_ROWS = MOST_ROWS + 20


def is_wanted(facts: FileFacts, name: str, role: Role) -> bool:
    """Whether this file may be a roster and is worth reading: an admin's table, or what its sender calls a roster."""
    is_table = facts.kind is FileKind.EXCEL or name.lower().endswith(_ENDINGS)
    return is_table and (role is Role.ADMIN or _ROSTER_WORD in name)


def table_of(sandbox: Sandbox, path: Path, name: str) -> Table:
    """The table in the file at `path`, or the sentence why there is none. Raises OSError as the sandbox, which has to
    be the service's own (`bot.copies.COMMAND`)."""
    try:
        return from_json(Table, sandbox.make(path, name, READ_TABLE, _MOST_ROWS, io.BytesIO()))
    except UnmadeError as error:
        slow = error.trouble in {Trouble.TIMEOUT, Trouble.LIMIT}
        return Table(refused=_TOO_SLOW if slow else _BROKEN)
    except MalformedError:
        return Table(refused=_BROKEN)
