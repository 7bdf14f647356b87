"""Where the numbered paragraphs of a Word file stand in its parts, for who writes a copy.

The reader leaves paragraphs out (deleted, hidden, held twice), so its numbers alone do not lead back into the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from validators.facts import Container
from validators.reading.package import Element, Package
from validators.reading.word import walk_word
from validators.reading.word_names import w

_PARTS = {Container.FOOTNOTE: "footnotes", Container.ENDNOTE: "endnotes"}
_REFERENCES = {w("footnoteReference"): Container.FOOTNOTE, w("endnoteReference"): Container.ENDNOTE}


@dataclass(frozen=True, slots=True)
class Place:
    """The `position`-th w:p, from 0 in the order of the file, of a part: "" for the main part, else footnotes or
    endnotes. `anchor` is the w:p of the main part it hangs on: itself, the one that holds its text box, or the one that
    refers to its note."""

    part: str
    position: int
    anchor: int


def places_of(package: Package) -> tuple[Place, ...]:
    """One place for each paragraph of the facts, in their order: `Paragraph.index` 1 is the first of them.

    Raises UnreadableError as reading does."""
    walked = walk_word(package)
    positions: dict[Element, int] = {}
    main = _number(walked.root, positions)
    referring = _referring(walked.root, main)
    found = []
    for draft in walked.walker.paragraphs:
        if draft.element not in positions:
            _number(draft.element.getroottree().getroot(), positions)
        note = _note_of(draft.element) if draft.container in _PARTS else ""
        anchor = referring.get((draft.container, note)) if note else main.get(_outermost(draft.element))
        found.append(Place(_PARTS.get(draft.container, ""), positions[draft.element], anchor or 0))
    return tuple(found)


def _number(root: Element, positions: dict[Element, int]) -> dict[Element, int]:
    numbered = {element: position for position, element in enumerate(root.iter(w("p")))}
    positions.update(numbered)
    return numbered


def _outermost(paragraph: Element) -> Element:
    return next(iter([*paragraph.iterancestors(w("p"))][::-1]), paragraph)


def _note_of(paragraph: Element) -> str:
    note = next(iter(paragraph.iterancestors(w("footnote"), w("endnote"))), None)
    return "" if note is None else (note.get(w("id")) or "")


def _referring(root: Element, main: dict[Element, int]) -> dict[tuple[Container, str], int]:
    found: dict[tuple[Container, str], int] = {}
    for reference in root.iter(*_REFERENCES):
        paragraph = next(iter(reference.iterancestors(w("p"))), None)
        if paragraph is not None:
            key = _REFERENCES[reference.tag], reference.get(w("id")) or ""
            found.setdefault(key, main[_outermost(paragraph)])
    return found
