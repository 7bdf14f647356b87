"""A Word file from scratch: the few parts a document needs, without a theme, the same bytes for the same content.

python-docx's own empty document is Japanese and leaves its fonts to a theme; whatever font is then asked for, Chinese
text may show another. Here every font is named, and there is no theme to win against it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WORD_2013 = "15"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_SIMPLIFIED_CHINESE = "86"  # the charset GB2312 in a font table

Element = etree._Element  # noqa: SLF001 - lxml has no other name for it


def w(tag: str, *children: Element | None, **attributes: str | int) -> Element:
    """An element of WordprocessingML; attributes are in its namespace as well. None among the children is left out."""
    named = {f"{{{_W}}}{name}": str(value) for name, value in attributes.items()}
    element = etree.Element(f"{{{_W}}}{tag}", named, nsmap={"w": _W})
    element.extend([child for child in children if child is not None])
    return element


def text_run(text: str, *properties: Element) -> Element:
    """A run of Chinese text: signs that both scripts share, such as “”, then take the Chinese font."""
    run = w("r", w("rPr", w("rFonts", hint="eastAsia"), *properties), w("t"))
    run[-1].text = text
    run[-1].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def fonts(name: str) -> Element:
    """One font for Latin and Chinese signs alike."""
    return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def half_points(points: float) -> str:
    """A size as Word writes it. Raises ValueError for a size that is no multiple of half a point."""
    doubled = points * 2
    if doubled != int(doubled):
        raise ValueError(f"{points} pt is no multiple of half a point")
    return str(int(doubled))


def package(body: Iterable[Element], styles: Iterable[Element], font_names: Sequence[str]) -> bytes:
    """The file: this body (paragraphs, tables, the section last), these styles, and a table of the fonts it names."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": w("document", w("body", *body)),
        "word/_rels/document.xml.rels": _relationships(
            ("styles", "styles.xml"), ("settings", "settings.xml"), ("fontTable", "fontTable.xml")
        ),
        "word/styles.xml": w("styles", *styles),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": w("fonts", *(_font(name) for name in dict.fromkeys(font_names))),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE
            archive.writestr(entry, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
    return stream.getvalue()


def _content_types() -> Element:
    parts = {"document": "document.main", "styles": "styles", "settings": "settings", "fontTable": "fontTable"}
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    root = _package_root("content-types", "Types")
    for ending, kind in defaults.items():
        _package_child(root, "Default", Extension=ending, ContentType=kind)
    for name, kind in parts.items():
        _package_child(root, "Override", PartName=f"/word/{name}.xml", ContentType=f"{_TYPE}.{kind}+xml")
    return root


def _relationships(*targets: tuple[str, str]) -> Element:
    root = _package_root("relationships", "Relationships")
    for number, (kind, target) in enumerate(targets, start=1):
        _package_child(root, "Relationship", Id=f"rId{number}", Type=f"{_OFFICE}/{kind}", Target=target)
    return root


def _package_root(vocabulary: str, tag: str) -> Element:
    return etree.XML(f'<{tag} xmlns="{_PACKAGE}/{vocabulary}"/>')


def _package_child(root: Element, tag: str, **attributes: str) -> None:
    etree.SubElement(root, f"{{{etree.QName(root).namespace}}}{tag}", attributes)


def _settings() -> Element:
    mode = {"name": "compatibilityMode", "uri": "http://schemas.microsoft.com/office/word", "val": _WORD_2013}
    return w("settings", w("compat", w("compatSetting", **mode)), w("themeFontLang", val="en-US", eastAsia="zh-CN"))


def _font(name: str) -> Element:
    return w(
        "font", w("charset", val=_SIMPLIFIED_CHINESE), w("family", val="auto"), w("pitch", val="default"), name=name
    )
