"""Qualified names of the XML vocabularies in a Word file."""

from __future__ import annotations

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
VAL = f"{{{_W}}}val"
R_LINK = f"{{{_R}}}link"
R_ID = f"{{{_R}}}id"
CHOICE = f"{{{_MC}}}Choice"
FALLBACK = f"{{{_MC}}}Fallback"
ALTERNATE = f"{{{_MC}}}AlternateContent"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
A_BLIP = f"{{{_A}}}blip"
A_BLIP_FILL = f"{{{_A}}}blipFill"
A_EXTENT = f"{{{_A}}}ext"
VML_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
VML_FILL = "{urn:schemas-microsoft-com:vml}fill"
OFFICE_HREF = "{urn:schemas-microsoft-com:office:office}href"
R_HREF = f"{{{_R}}}href"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
CHART_EX = "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{_W}}}{name}"


def a(name: str) -> str:
    """The qualified name of a DrawingML element."""
    return f"{{{_A}}}{name}"
