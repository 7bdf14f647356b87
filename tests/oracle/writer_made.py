"""Files saved by LibreOffice Writer: from flat OpenDocument texts, and other programs' files after a round trip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from case_text import INFO, ROLES, Piece, after, before
from writer import converted

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
}
ALIGNMENTS = {"left": "start", "center": "center", "both": "justify"}
TO_DOCX = "docx:Office Open XML Text"


def _text_look(font: str, points: float) -> str:
    return (
        f'<style:text-properties style:font-name-asian="{font}" style:font-size-asian="{points}pt" '
        f'fo:font-size="{points}pt"/>'
    )


def _styles(*, chained: bool) -> str:
    sheet = '<style:style style:name="Standard" style:family="paragraph"/>'
    for role, (font, points, alignment) in ROLES.items():
        paragraph = f'<style:paragraph-properties fo:text-align="{ALIGNMENTS[alignment]}"/>'
        parent = "Standard"
        if chained:
            sheet += f'<style:style style:name="B{role}" style:family="paragraph">{_text_look(font, 11)}</style:style>'
            parent = f"B{role}"
        sheet += (
            f'<style:style style:name="R{role}" style:family="paragraph" style:parent-style-name="{parent}">'
            f"{paragraph}{_text_look(font, points)}</style:style>"
        )
    return sheet


def _automatic() -> str:
    return f'<style:style style:name="T1" style:family="text">{_text_look("黑体", 15)}</style:style>'


def _block(block: Piece, *, spans: bool) -> str:
    text = escape(block.text)
    if spans and block.role == "body":
        text = f'{text[:20]}<text:span text:style-name="T1">{text[20:36]}</text:span>{text[36:]}'
    name = f"R{block.role}"
    if block.role in ("h1", "h2"):
        return f'<text:h text:style-name="{name}" text:outline-level="{block.role[1]}">{text}</text:h>'
    return f'<text:p text:style-name="{name}">{text}</text:p>'


def _table() -> str:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell><text:p text:style-name="Rcell">{text}</text:p></table:table-cell>' for text in row
        )
        + "</table:table-row>"
        for row in INFO
    )
    columns = '<table:table-column table:number-columns-repeated="2"/>'
    return f'<table:table table:name="t">{columns}{rows}</table:table>'


def flat(*, chained: bool = False, spans: bool = False, table: bool = True) -> str:
    """A flat OpenDocument text of the case."""
    names = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMESPACES.items())
    fonts = sorted({role[0] for role in ROLES.values()} | {"黑体"})
    faces = "".join(f'<style:font-face style:name="{font}" svg:font-family="{font}"/>' for font in fonts)
    blocks = [*before(), *after()]
    inner = [_block(block, spans=spans) for block in blocks]
    if table:
        inner.insert(len(before()), _table())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {names} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:font-face-decls>{faces}</office:font-face-decls><office:styles>{_styles(chained=chained)}"
        f"</office:styles><office:automatic-styles>{_automatic()}</office:automatic-styles>"
        f"<office:body><office:text>{''.join(inner)}</office:text></office:body></office:document>"
    )


def made(folder: Path, others: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each; `others` are the files that make a round trip."""
    sources = folder / "sources"
    sources.mkdir()
    ways = {"plain": {}, "chained": {"chained": True}, "spans": {"spans": True}, "no-table": {"table": False}}
    for name, way in ways.items():
        (sources / f"{name}.fodt").write_text(flat(**way), "utf-8")
    for name, data in others.items():
        (sources / f"again-{name}.docx").write_bytes(data)
    target = folder / "saved"
    converted(sorted(sources.iterdir()), TO_DOCX, target)
    for path in sorted(target.iterdir()):
        yield path.stem, path.read_bytes()
