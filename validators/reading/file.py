"""One file as facts: tells what it is, reads it if it is a kind we read, and says in a sentence why not otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import IO

from validators.facts import FileFacts, FileKind, Trouble
from validators.reading.kind import Sniffed, sniff
from validators.reading.sentences import NOT_READ
from validators.reading.trouble import UnreadableError
from validators.reading.video import read_video
from validators.reading.word import read_word

WORD_KINDS = frozenset({FileKind.DOCX, FileKind.DOCM, FileKind.DOTX, FileKind.DOTM})
VIDEO_KINDS = frozenset({FileKind.MP4, FileKind.MOV, FileKind.OTHER_VIDEO})
_BLOCK = 1024 * 1024
_DAMAGED_KINDS = frozenset({FileKind.EMPTY})

Progress = Callable[[str], None]


def read_file(file: IO[bytes], name: str, progress: Progress) -> FileFacts:
    """The facts of an open file. `progress` is told the stage in Chinese. Never raises for what the file contains,
    except MemoryError and what the sandbox's limits bring about."""
    progress("文件")
    size, sha256 = _digest(file)
    sniffed = sniff(file, name)
    facts = FileFacts(name, size, sha256, sniffed.kind, readable=True, trouble_kind=Trouble.NONE, trouble="")
    try:
        return _read(file, facts, sniffed, progress)
    except UnreadableError as error:
        return replace(facts, readable=False, trouble_kind=error.kind, trouble=error.sentence)


def _read(file: IO[bytes], facts: FileFacts, sniffed: Sniffed, progress: Progress) -> FileFacts:
    if sniffed.refused is not None:
        raise sniffed.refused
    if sniffed.kind in WORD_KINDS and sniffed.package is not None:
        return replace(facts, word=read_word(sniffed.package, progress))
    if sniffed.kind in VIDEO_KINDS:
        progress("画面")
        return replace(facts, video=read_video(file, sniffed.kind))
    trouble = Trouble.DAMAGED if sniffed.kind in _DAMAGED_KINDS else Trouble.OTHER_KIND
    raise UnreadableError(trouble, NOT_READ[sniffed.kind])


def _digest(file: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()
