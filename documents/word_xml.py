"""WordprocessingML as trees: names, the order that the schema asks for, parsing that fetches and expands nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from documents.splicing import WORD

Element = Any  # lxml's element: its stubs are not part of the pins

_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ALTERNATE, CHOICE, FALLBACK = (f"{{{_COMPATIBILITY}}}{name}" for name in ("AlternateContent", "Choice", "Fallback"))
_RUN_ORDER = (
    "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
    "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText "
    "vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange"
)
_PARAGRAPH_ORDER = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
_STYLE_ORDER = (
    "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal "
    "personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr"
)


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{WORD}}}{name}"


_ORDERS = {
    w("rPr"): {w(name): place for place, name in enumerate(_RUN_ORDER.split())},
    w("pPr"): {w(name): place for place, name in enumerate(_PARAGRAPH_ORDER.split())},
    w("style"): {w(name): place for place, name in enumerate(_STYLE_ORDER.split())},
}
_FIRST = {w("rPr"), w("pPr")}
_NOT_SHOWN = frozenset({w("del"), w("moveFrom"), w("rt"), w("pPr"), w("rPr"), w("txbxContent"), FALLBACK})
_HOLDS_NO_RUNS = frozenset({w("drawing"), w("pict"), w("object")})


def parsed(data: bytes) -> Element:
    """The root of an XML part, nothing of it dropped. Raises ValueError when it cannot be parsed or has a DOCTYPE."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not well-formed") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a document type")
    return root


def written(root: Element) -> bytes:
    """The part as bytes again."""
    data: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def child(parent: Element | None, name: str) -> Element | None:
    """The first child of this WordprocessingML name, of a parent that may be missing."""
    return None if parent is None else parent.find(w(name))


def value(element: Element | None) -> str:
    """The w:val attribute, or empty."""
    return "" if element is None else (element.get(w("val")) or "")


def ensured(parent: Element, name: str) -> Element:
    """The child of this name, made where the schema wants it when it is missing."""
    found = child(parent, name)
    if found is not None:
        return found
    made = etree.SubElement(parent, w(name))
    parent.remove(made)
    parent.insert(_place(parent, made.tag), made)
    return made


def removed(parent: Element | None, *names: str) -> None:
    """Take the children of these names away."""
    for name in names:
        found = child(parent, name)
        if parent is not None and found is not None:
            parent.remove(found)


def runs_of(paragraph: Element) -> Iterator[Element]:
    """The runs that show the paragraph's own text, in order: through links, insertions and content controls, without
    deleted ones, those of text boxes, and the small letters above ruby text."""
    for element in paragraph:
        if element.tag == w("r"):
            yield element
            for base in element.iterfind(f"{w('ruby')}/{w('rubyBase')}"):
                yield from runs_of(base)
        elif element.tag not in _NOT_SHOWN and element.tag not in _HOLDS_NO_RUNS and len(element):
            yield from runs_of(element)


def text_of(run: Element) -> str:
    """The text that a run itself holds."""
    return "".join(item.text or "" for item in run.iterfind(w("t")))


def _place(parent: Element, tag: str) -> int:
    order = _ORDERS.get(parent.tag)
    if order is None:
        return 0 if tag in _FIRST else len(parent)
    rank = order.get(tag, len(order))
    places: Sequence[int] = [
        number
        for number, each in enumerate(parent)
        if isinstance(each.tag, str) and order.get(each.tag, len(order)) > rank
    ]
    return places[0] if places else len(parent)
