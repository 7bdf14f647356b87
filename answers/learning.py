"""Learning to recognise topics from wordings: done once, when wordings change, by `python -m bot notice learn`.

A passive-aggressive learner with averaged weights (Crammer et al. 2006): wherever another topic comes near the right
one, the characters of that wording speak a little more for the right one and less for the other. No randomness but a
fixed shuffle: the same wordings give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from answers.recognition import features_of, weighed, written

ROUNDS = 8
_MARGIN = 1.0
_AT_ONCE = 0.3
"""No wording by itself moves the weights further: a wrong label or an odd wording does little harm."""

_SEED = 20
Vector = dict[str, float]
Progress = Callable[[], None]


def digest_of(wordings: Mapping[str, Sequence[str]]) -> str:
    """Tells these wordings from any others."""
    return hashlib.sha256(json.dumps(wordings, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def learn_wordings(
    wordings: Mapping[str, Sequence[str]], plain: Callable[[str], str], progress: Progress = lambda: None
) -> bytes:
    """What a `Recogniser` knows after these wordings by label. Takes about a minute for 15,000; `plain` makes a
    wording plain as the engine does with questions; `progress` is called after each of
    the `ROUNDS`."""
    labels = tuple(sorted(wordings))
    read = [(features_of(plain(line)), place) for place, label in enumerate(labels) for line in wordings[label]]
    occurrences = Counter(name for features, _ in read for name in features)
    rarity = {name: math.log((1 + len(read)) / (1 + count)) + 1 for name, count in occurrences.items()}
    examples = [(weighed(features, rarity), place) for features, place in read]
    return written(_averaged(examples, len(labels), progress), rarity, labels, digest_of(wordings))


def _averaged(examples: list[tuple[Vector, int]], labels: int, progress: Progress) -> dict[str, dict[int, float]]:
    weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
    moments: defaultdict[str, dict[int, float]] = defaultdict(dict)
    shuffled, step = random.Random(_SEED), 0  # noqa: S311 - an order, not a secret
    for _ in range(ROUNDS):
        shuffled.shuffle(examples)
        for vector, right in examples:
            step += 1
            scores = _scores(weights, vector)
            wrong = max((place for place in scores if place != right), key=scores.__getitem__, default=-1)
            if wrong < 0 or scores[wrong] < 0:
                wrong = (right + 1 + step % (labels - 1)) % labels
            loss = _MARGIN - scores.get(right, 0.0) + scores.get(wrong, 0.0)
            if loss > 0:
                much = min(_AT_ONCE, loss / 2)
                _add(weights, vector, (right, wrong), much)
                _add(moments, vector, (right, wrong), much * step)  # from which the average over all steps follows
        progress()
    return {
        name: {place: value - moments[name][place] / step for place, value in each.items()}
        for name, each in weights.items()
    }


def _scores(weights: Mapping[str, Mapping[int, float]], vector: Vector) -> defaultdict[int, float]:
    scores: defaultdict[int, float] = defaultdict(float)
    for name, value in vector.items():
        for place, weight in weights.get(name, {}).items():
            scores[place] += weight * value
    return scores


def _add(table: dict[str, dict[int, float]], vector: Vector, pair: tuple[int, int], much: float) -> None:
    """Move the weights of the vector's features towards the first label of the pair and away from the second."""
    right, wrong = pair
    for name, value in vector.items():
        weights = table[name]
        weights[right] = weights.get(right, 0.0) + much * value
        weights[wrong] = weights.get(wrong, 0.0) - much * value
