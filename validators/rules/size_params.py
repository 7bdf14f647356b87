"""What the rules on sizes have in common: how much a size may differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from validators.rules.bounds import Range


@dataclass(frozen=True, slots=True)
class SizeParams:
    """How much a size may differ from the wanted one, in points."""

    tolerance_pt: Annotated[float, Range(0, 2)] = 0.25
