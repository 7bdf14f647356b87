"""Which topic a question is about, recognised by how people have asked for each topic before.

Patterns (answers/patterns.py) know the telling words of a topic; here whole questions are weighed. A question is read
as the characters and pairs of neighbouring characters it is made of; each of them speaks for some topics and against
others, as much as was learned from wordings (answers/learning.py). The topic most is said for is likeliest. The
learned weights are a file of the notice's folder: another notice, other weights.
"""

from __future__ import annotations

import json
import math
import re
import struct
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate

import rjieba

from answers.numerals import NUMBER

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OTHER = re.compile(r"[^\u4e00-\u9fffa-z#]+")
_RUNS = re.compile(r"[\u4e00-\u9fff]{2,}")
_APART = re.compile(rf"([\u4e00-\u9fff])不\1|{NUMBER}|[呢吗吧啊呀哦嘛哟么啦]")
"""What goes with any neighbour: numbers, being or not, how a question ends."""

_STRANGE = 2
"""Fewer pairs that nobody knows prove nothing."""

_LEAST_TOGETHER = 0.33
_BITS = 127
_EDGE = frozenset("^$#")
_LEAST_HEARD = 3
_OFTEN = 24
_LANE = 32
_MIDDLE = 128
_STEPS = 1 << 16
_NOTHING = 0.05
"""A weight below this changes no answer; a label has to lead by 1."""

_HEARD_OF = 3
"""One pair in so many has to be known."""


def features_of(text: str) -> Counter[str]:
    """The characters and pairs of a plain question; numbers are all one sign, marks and blanks none."""
    letters = f"^{_OTHER.sub('', _NUMBER.sub('#', text))}$"
    found = Counter(letters[1:-1])
    found.update(letters[at : at + 2] for at in range(len(letters) - 1))
    return found


def weighed(features: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """The features that are known, rare ones heavier, as a vector of length 1."""
    values = {name: (1 + math.log(count)) * rarity[name] for name, count in features.items() if name in rarity}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {name: value / length for name, value in values.items()}


class Recogniser:
    """Learned weights, ready for use; shared by threads.

    What speaks for or against many labels is kept as one large integer with a lane of 32 bits for each label, so that
    the scores of all labels are a few multiplications and additions. A lane holds the weight plus 128, which keeps it
    positive; a feature's value is counted in steps of 1/65536. The values of a question are a vector of length 1: only
    the sum of 66,000 features could fill a lane, and a question is a screen or two at most.
    """

    def __init__(self, learned: bytes) -> None:
        """`learned` is what `written` made; empty bytes know nothing. Raises ValueError for anything else."""
        self._rarity: dict[str, float] = {}
        self._ends: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._places, self._values = array("H"), array("b")
        self._lanes: dict[str, int] = {}
        self._unit = 1.0
        self.labels: tuple[str, ...] = ()
        self.digest = ""
        if not learned:
            return
        try:
            head, _, body = zlib.decompress(learned).partition(b"\n")
            told = json.loads(head)
            names, counts = told["features"], told["counts"]
            self.labels, self.digest, self._unit = tuple(told["labels"]), told["digest"], float(told["unit"])
            rarity, at = array("f"), 0
            for part, count in ((rarity, len(names)), (self._places, told["size"]), (self._values, told["size"])):
                end = at + count * part.itemsize
                part.frombytes(body[at:end])
                at = end
            self._rarity = dict(zip(names, rarity, strict=True))
            self._counts = dict(zip(names, counts, strict=True))
            self._ends = dict(zip(names, accumulate(counts), strict=True))
        except (zlib.error, ValueError, KeyError, TypeError):
            raise ValueError("the learned weights cannot be read") from None

    def _weights(self, name: str) -> tuple[array[int], array[int]]:
        """The labels a feature speaks for or against, by their places, and how much."""
        end = self._ends[name]
        start = end - self._counts[name]
        return self._places[start:end], self._values[start:end]

    def _in_lanes(self, name: str) -> int:
        """The weights of a feature as one integer, made when it is first met: few of them ever are."""
        lanes = self._lanes.get(name)
        if lanes is None:
            lanes = self._lanes[name] = _in_lanes(*self._weights(name), len(self.labels))
        return lanes

    def scores(self, text: str) -> dict[str, float]:
        """How much speaks for each label, above and below 0: the differences count. The right label was 1 ahead of all
        others wherever that could be learned. Labels that nothing speaks for or against are left out; for noise all
        are. `text` is plain."""
        return {label: score for label, score in zip(self.labels, self.by_place(text), strict=False) if score}

    def by_place(self, text: str) -> list[float]:
        """The scores of all labels in their order, 0 where nothing speaks for or against one; none for noise."""
        features = features_of(text)
        if not self._sounds_known(features):
            return []
        lanes, steps_in_all, rare = 0, 0, []
        for name, value in weighed(features, self._rarity).items():
            if self._counts[name] >= _OFTEN:
                steps = round(value * _STEPS)
                lanes += self._in_lanes(name) * steps
                steps_in_all += steps
            else:
                rare.append((value, *self._weights(name)))
        middle, step = steps_in_all * _MIDDLE, self._unit / _STEPS
        scores = [(lane - middle) * step for lane in _out_of_lanes(lanes, len(self.labels))]
        for value, places, weights in rare:
            share = value * self._unit
            for place, weight in zip(places, weights, strict=True):
                scores[place] += share * weight
        return scores

    def is_language(self, text: str, least: float = _LEAST_TOGETHER) -> bool:
        """Whether `least` of the neighbouring characters of a plain text go together: make a word, or were heard side
        by side before. Signs drawn at random do not. Anything is language to who has learned nothing."""
        runs = _RUNS.findall(_APART.sub(",", text))
        pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
        known = sum(pair in self._rarity or rjieba.has_word(pair) for pair in pairs)
        strange = len(pairs) - known
        return not self._rarity or strange < _STRANGE or known >= len(pairs) * least

    def _sounds_known(self, features: Mapping[str, int]) -> bool:
        """Whether enough of the pairs inside a question have been heard before: noise of single signs has none."""
        pairs = [name for name in features if len(name) > 1 and _EDGE.isdisjoint(name)]
        heard = sum(name in self._rarity for name in pairs)
        return heard >= _LEAST_HEARD and heard * _HEARD_OF >= len(pairs)


def _in_lanes(places: Iterable[int], values: Iterable[int], count: int) -> int:
    lanes = [_MIDDLE] * count
    for place, value in zip(places, values, strict=True):
        lanes[place] += value
    return int.from_bytes(struct.pack(f"<{count}I", *lanes), "little")


def _out_of_lanes(lanes: int, count: int) -> tuple[int, ...]:
    return struct.unpack(f"<{count}I", lanes.to_bytes(count * _LANE // 8, "little"))


def written(
    weights: Mapping[str, Mapping[int, float]], rarity: Mapping[str, float], labels: tuple[str, ...], digest: str
) -> bytes:
    """Learned weights as the bytes a `Recogniser` reads: each weight in a byte, the largest as 127. Weights that are
    nearly nothing are left out."""
    unit = max((abs(value) for each in weights.values() for value in each.values()), default=1.0) / _BITS
    counts, names = [], sorted(weights)
    places, values = array("H"), array("b")
    for name in names:
        kept = {place: round(value / unit) for place, value in sorted(weights[name].items()) if abs(value) >= _NOTHING}
        kept = {place: value for place, value in kept.items() if value}
        counts.append(len(kept))
        places.extend(kept)
        values.extend(kept.values())
    head = {"labels": labels, "digest": digest, "unit": unit, "features": names, "counts": counts, "size": len(places)}
    body = array("f", (rarity[name] for name in names)).tobytes() + places.tobytes() + values.tobytes()
    return zlib.compress(json.dumps(head, ensure_ascii=False).encode() + b"\n" + body, 9)
