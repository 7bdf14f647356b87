"""What the service asks of the sandbox's makers and what they say about a copy: plain values that travel as JSON. The
sandbox loads this too: nothing of handlers or the database belongs here."""

from __future__ import annotations

from dataclasses import dataclass

from documents.annotated import Note
from domain.demands import FontDemand

ANNOTATE, REFORMAT, READ_TABLE, UNPACK = "annotate", "reformat", "table", "unpack"


@dataclass(frozen=True, slots=True)
class AnnotateOrder:
    """Comments for one file. `at` is the local time (ISO 8601) that Word shows beside them."""

    notes: tuple[Note, ...]
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class ReformatOrder:
    """How the notice wants a text to be set."""

    title: FontDemand
    heading: FontDemand
    body: FontDemand


@dataclass(frozen=True, slots=True)
class Said:
    """What came of an order: `refused` is a Chinese sentence that says why there is no copy, empty when there is one;
    `changes` what was changed, in Chinese. `lasting` tells that the same order will always end so: it is not, when a
    limit was met that may not be met another time."""

    refused: str = ""
    changes: tuple[str, ...] = ()
    lasting: bool = True
