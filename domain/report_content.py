"""What a unit's report freezes: the rows of its summary table and the files of each case, by their hashes."""

from __future__ import annotations

from dataclasses import dataclass

from domain.summary import SummarySheet


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """A file of the case with this receipt: the text or video itself (`supporting` False), or its n-th supporting
    file. `name` is what its sender called it."""

    receipt: str
    supporting: bool
    number: int
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The frozen set: the table as it stands from now on, and every file that belongs to it."""

    sheet: SummarySheet
    files: tuple[ReportedFile, ...]

    def of(self, receipt: str) -> tuple[ReportedFile, ...]:
        """The files of one case, the main one first."""
        mine = [file for file in self.files if file.receipt == receipt]
        return tuple(sorted(mine, key=lambda file: (file.supporting, file.number)))
