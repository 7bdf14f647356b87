"""How the drawings of a text are put into words, alike in every rule that counts them."""

from __future__ import annotations

from validators.facts import FileFacts, Pictures
from validators.rules.contract import word_of


def shown_apart(pictures: Pictures) -> str:
    """The drawings that are counted apart, as a phrase; "" when there are none."""
    counted = (("图表", pictures.charts), ("SmartArt 图形", pictures.diagrams), ("图片填充的形状", pictures.fills))
    named = [f"{count} 个{name}" for name, count in counted if count]
    return f"（另有 {'、'.join(named)}）" if named else ""


def measured(facts: FileFacts) -> str:
    """The count as it is shown among what was checked."""
    return f"{word_of(facts).pictures.drawn}张"
