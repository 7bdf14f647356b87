"""Reading small XML documents without trusting them, and writing text into ours so that they stay well-formed."""

from __future__ import annotations

import re

from lxml import etree

# Everything XML 1.0 does not allow in a document, and lone surrogates, which UTF-8 cannot carry.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlError(ValueError):
    """Not a document we read: not well-formed, too deep, with a document type, or with another root than `xml`."""


def read_fields(text: str) -> dict[str, str]:
    """The direct children of the root `<xml>` with their text ("" for an empty or nested one; the first of several).

    A document type or entity declaration is refused, wherever the parser finds one; the same characters inside text
    are text. Raises XmlError.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(text.strip().encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise XmlError("not well-formed XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlError("XML with a document type")
    if root.tag != "xml":
        raise XmlError("the root element is not xml")
    fields: dict[str, str] = {}
    for child in root:
        if isinstance(child.tag, str):
            fields.setdefault(child.tag, "" if len(child) else (child.text or ""))
    return fields


def cdata(text: str) -> str:
    """`text` as a CDATA section; characters XML forbids are left out, an inner `]]>` is split."""
    return "<![CDATA[" + _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>") + "]]>"
