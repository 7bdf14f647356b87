"""Cuts a long text into parts of a limited number of UTF-8 bytes, at places where a reader would pause."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_NARROWEST_LIMIT = 64
_LINE_END = "\n"
_SENTENCE_ENDS = frozenset("。！？；!?;…")
_CLOSERS = frozenset("”’）》」』〕】)\"'")
_MOST_CLOSERS = 4
# Real joined emoji have at most a dozen code points; a longer run is an attack and may be cut.
_LONGEST_CLUSTER = 64
_JOINER = "\u200d"
_FLAG_LETTERS = (0x1F1E6, 0x1F1FF)
# Characters that change the one before them: variation selectors, skin tones, tags.
_EXTENDERS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F))


def split_bytes(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` bytes of UTF-8, numbered （1/3） in front when there are several.

    A line that fits into a part is never cut; a longer one is cut at a sentence end, or else anywhere but inside a
    character as people see it (joined emoji, flags, accents), unless that alone is over the limit. Line ends at a cut
    are dropped, half surrogates become U+FFFD, all else is kept. Raises ValueError for a limit under 64."""
    if limit < _NARROWEST_LIMIT:
        raise ValueError(f"a limit of {limit} bytes leaves no room for text")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if len(text.encode()) <= limit:
        return [text]
    digits = 1
    while True:
        room = limit - len(_number(10**digits - 1, 10**digits - 1).encode())
        pieces = _cut(text, room)
        if len(pieces) < 10**digits:
            break
        digits += 1
    if len(pieces) <= 1:
        return pieces or [""]
    return [f"{_number(place, len(pieces))}{piece}" for place, piece in enumerate(pieces, start=1)]


def _number(place: int, count: int) -> str:
    return f"（{place}/{count}）"


@dataclass(frozen=True, slots=True)
class _Layout:
    """The text as visible characters: before each, how many bytes; and which of them end a line."""

    clusters: Sequence[str]
    bytes_before: Sequence[int]
    line_ends: Sequence[int]

    def fits(self, begin: int, end: int, room: int) -> bool:
        """Whether the characters from `begin` to before `end` take at most `room` bytes."""
        return self.bytes_before[end] - self.bytes_before[begin] <= room

    def full_end(self, begin: int, room: int) -> int:
        """Where a part is full that begins at `begin`; at least one character further."""
        return max(begin + 1, bisect_right(self.bytes_before, self.bytes_before[begin] + room) - 1)

    def line_around(self, place: int) -> tuple[int, int]:
        """Where the line of the character at `place` begins, and where it ends."""
        following = bisect_left(self.line_ends, place)
        begin = self.line_ends[following - 1] + 1 if following else 0
        end = self.line_ends[following] if following < len(self.line_ends) else len(self.clusters)
        return begin, end


def _cut(text: str, room: int) -> list[str]:
    clusters = _clusters(text, room)
    layout = _Layout(
        clusters,
        tuple(accumulate((len(cluster.encode()) for cluster in clusters), initial=0)),
        tuple(place for place, cluster in enumerate(clusters) if cluster == _LINE_END),
    )
    pieces = []
    begin = 0
    while begin < len(clusters):
        end = _best_end(layout, begin, room)
        piece = "".join(clusters[begin:end]).strip("\r\n")
        if piece:
            pieces.append(piece)
        begin = end
    return pieces


def _best_end(layout: _Layout, begin: int, room: int) -> int:
    """Where to end the part that begins at `begin`: at a line end, a sentence end, or where it is full."""
    end = layout.full_end(begin, room)
    if end >= len(layout.clusters) or layout.clusters[end] == _LINE_END:
        return end
    line_begin, line_end = layout.line_around(end)
    if line_begin > begin and layout.fits(line_begin, line_end, room):
        return line_begin
    first = max(begin, line_begin)
    sentence_end = next((place for place in range(end, first, -1) if _ends_sentence(layout.clusters, place)), None)
    if sentence_end is not None:
        return sentence_end
    return line_begin if line_begin > begin else end


def _ends_sentence(clusters: Sequence[str], end: int) -> bool:
    """Whether a cut before `end` comes after a sentence: its mark, and the closing marks that belong to it."""
    if end < len(clusters) and clusters[end] in _CLOSERS:
        return False
    last = end - 1
    while last > max(0, end - _MOST_CLOSERS) and clusters[last] in _CLOSERS:
        last -= 1
    return clusters[last] in _SENTENCE_ENDS


def _clusters(text: str, room: int) -> list[str]:
    """The text's characters as people see them; one larger than `room` bytes is given as its code points."""
    clusters: list[str] = []
    for character in text:
        if clusters and _belongs(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    if all(len(cluster.encode()) <= room for cluster in clusters):
        return clusters
    return [part for cluster in clusters for part in ([cluster] if len(cluster.encode()) <= room else cluster)]


def _belongs(cluster: str, character: str) -> bool:
    if cluster[-1] == _LINE_END or len(cluster) >= _LONGEST_CLUSTER:
        return False
    if character == _JOINER or cluster[-1] == _JOINER:
        return True
    code = ord(character)
    if any(low <= code <= high for low, high in _EXTENDERS) or unicodedata.category(character) in {"Mn", "Me", "Mc"}:
        return True
    low, high = _FLAG_LETTERS
    return low <= code <= high and len(cluster) == 1 and low <= ord(cluster) <= high
