"""Word files for tests, built part by part: only what a test is about has to be written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DOCUMENT = f"{WORD_TYPE}.document.main+xml"
TEMPLATE = f"{WORD_TYPE}.template.main+xml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def run(text: str, properties: str = "") -> str:
    """A run of text; tabs and line ends become their elements."""
    inner = "".join(_piece(part) for part in _split(text))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>"


def paragraph(text: str = "", *, style: str = "", properties: str = "", runs: str = "") -> str:
    """A paragraph with one run of text, or with the given runs."""
    marked = (f'<w:pStyle w:val="{style}"/>' if style else "") + properties
    inner = runs or (run(text) if text else "")
    return f"<w:p>{f'<w:pPr>{marked}</w:pPr>' if marked else ''}{inner}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell is text, or blocks when it begins with <w:."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(_cell(cell) for cell in row)}</w:tr>" for row in rows) + "</w:tbl>"


def document(body: str, *, attributes: str = "") -> str:
    """The main part."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<w:document {_NAMESPACES}{attributes}><w:body>{body}</w:body></w:document>"


def part(root: str, inner: str) -> str:
    """Another part of WordprocessingML, such as styles or numbering."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {_NAMESPACES}>{inner}</w:{root}>'


def relationship(number: str, kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{number}" Type="{R}/{kind}" Target="{escape(target)}"{mode}/>'


def relationships(*links: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELS}">{"".join(links)}</Relationships>'


def parts_of(
    body: str,
    *,
    content_type: str = DOCUMENT,
    extra: Mapping[str, str] | None = None,
    links: tuple[str, ...] = (),
    attributes: str = "",
) -> dict[str, str | bytes]:
    """The parts of a package by name. `extra` maps a relationship's kind (styles, numbering, footnotes, header) to the
    text of its part."""
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{content_type}"/></Types>',
        "_rels/.rels": relationships(relationship("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": document(body, attributes=attributes),
    }
    more = list(links)
    for number, (kind, text) in enumerate((extra or {}).items(), start=100):
        found[f"word/{kind}.xml"] = text
        more.append(relationship(f"rId{number}", kind, f"{kind}.xml"))
    found["word/_rels/document.xml.rels"] = relationships(*more)
    return found


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return buffer.getvalue()


def docx(body: str, **parts: object) -> bytes:
    """A whole Word file; keywords as in `parts_of`."""
    return packed(parts_of(body, **parts))  # type: ignore[arg-type]


def styles(*items: str, defaults: str = "") -> str:
    return part("styles", f"<w:docDefaults>{defaults}</w:docDefaults>{''.join(items)}")


def style(name: str, inner: str = "", *, based_on: str = "", kind: str = "paragraph", default: bool = False) -> str:
    """A style whose id is its name without blanks."""
    above = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    first = ' w:default="1"' if default else ""
    identity = name.replace(" ", "")
    return f'<w:style w:type="{kind}" w:styleId="{identity}"{first}><w:name w:val="{name}"/>{above}{inner}</w:style>'


def level(depth: int, number_format: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(number: int, depth: int | None = 0) -> str:
    """The numPr of a paragraph."""
    depth_item = "" if depth is None else f'<w:ilvl w:val="{depth}"/>'
    return f'<w:numPr>{depth_item}<w:numId w:val="{number}"/></w:numPr>'


def picture(*, link: bool = False, size: int = 3_600_000) -> str:
    """A pic:pic as it stands in a drawing."""
    source = 'r:link="rId7"' if link else 'r:embed="rId7"'
    return (
        f"<pic:pic><pic:blipFill><a:blip {source}/></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:ext cx="{size}" cy="{size}"/></a:xfrm></pic:spPr></pic:pic>'
    )


def drawing(inner: str, *, frame: str = "inline") -> str:
    """A run with a drawing."""
    graphic = f"<a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic>"
    return f"<w:r><w:drawing><wp:{frame}>{graphic}</wp:{frame}></w:drawing></w:r>"


def text_box(text: str) -> str:
    """A run with a text box, held twice as Word does it."""
    content = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wps:wsp><wps:txbx>"
        f"{content}</wps:txbx></wps:wsp></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _split(text: str) -> list[str]:
    pieces, current = [], ""
    for sign in text:
        if sign in "\t\n":
            pieces += [current, sign]
            current = ""
        else:
            current += sign
    return [piece for piece in [*pieces, current] if piece]


def _piece(text: str) -> str:
    if text == "\t":
        return "<w:tab/>"
    return "<w:br/>" if text == "\n" else f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def _cell(content: str) -> str:
    return f"<w:tc>{content if content.startswith('<w:') else paragraph(content)}</w:tc>"
