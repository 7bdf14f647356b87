"""The fork server of the whole service: it reads files as `validators.sandbox_server` does, makes copies of them,
and reads tables.

Run as `python -m bot.copy_server FD LIMITS` by `validators.sandbox.Sandbox`. A copy is made in a child of its own from
a package that has passed the readers' guard. The child has no network and no environment, and writes nothing but the
copy, through its socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import IO

from bot.copy_orders import ANNOTATE, READ_TABLE, REFORMAT, UNPACK, AnnotateOrder, ReformatOrder, Said
from bot.typesetting import Demands, plan_of, said_of_styles
from documents.annotated import Author, annotate
from documents.package import NoCopyError
from documents.reformatted import reformat
from validators.json_codec import from_json, to_json
from validators.reading.archive import unpack
from validators.reading.kind import sniff
from validators.reading.package import Package
from validators.reading.table import read_table
from validators.reading.trouble import UnreadableError
from validators.reading.word import read_word
from validators.reading.word_places import places_of
from validators.sandbox_server import Maker, serve_readers

_Make = Callable[[Package, object], tuple[Said, bytes]]
_TOO_LONG = "文件特别长，没有自动排版版，请按检查结果修改。"
_NOTHING_TO_DO = "字体、字号和对齐都已符合要求，不用自动排版。"
_NOT_WORD = "这不是能打开的 Word 文件，没有可做的副本。"


def _annotated(package: Package, raw: object) -> tuple[Said, bytes]:
    order = from_json(AnnotateOrder, raw)
    anchors = [place.anchor for place in places_of(package)]
    author = Author(order.author, datetime.fromisoformat(order.at))
    return Said(), annotate(package, anchors, order.notes, author)


def _reformatted(package: Package, raw: object) -> tuple[Said, bytes]:
    order = from_json(ReformatOrder, raw)
    word = read_word(package, lambda _stage: None)
    if len(word.paragraphs) < word.paragraph_count:
        raise NoCopyError(_TOO_LONG)
    plan = plan_of(word, places_of(package), Demands(order.title, order.heading, order.body))
    if not plan.changes:
        raise NoCopyError(_NOTHING_TO_DO)
    made = reformat(package, plan.settings)
    styles = (said_of_styles(made.styles),) if made.styles else ()
    return Said(changes=(*plan.changes, *styles)), made.data


def _unpacked(file: IO[bytes], _name: str, _raw: object) -> tuple[object, bytes]:
    listing, data = unpack(file)
    return to_json(listing), data


def _table(file: IO[bytes], name: str, raw: object) -> tuple[object, bytes]:
    return to_json(read_table(file, name, from_json(int, raw))), b""


def _made(make: _Make, file: IO[bytes], name: str, raw: object) -> tuple[object, bytes]:
    try:
        said, data = make(_opened(file, name), raw)
    except (NoCopyError, UnreadableError) as error:
        said, data = Said(refused=error.sentence), b""
    return to_json(said), data


def _opened(file: IO[bytes], name: str) -> Package:
    package = sniff(file, name).package
    if package is None:
        raise NoCopyError(_NOT_WORD)
    return package


MAKERS: Mapping[str, Maker] = {
    ANNOTATE: partial(_made, _annotated),
    REFORMAT: partial(_made, _reformatted),
    READ_TABLE: _table,
    UNPACK: _unpacked,
}


if __name__ == "__main__":
    serve_readers(MAKERS)
