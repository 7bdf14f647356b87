"""A digest of everything in a part but its formatting: equal before and after means that no text was touched."""

from __future__ import annotations

import hashlib

from documents.word_xml import Element, w

_FORMATTING = frozenset({w("rPr"), w("pPr"), w("sectPr")})
_SEAMLESS = frozenset({w("r"), w("t")})
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def text_digest(root: Element) -> str:
    """SHA-256 over all elements, attributes and texts in their order. Left out are run and paragraph properties and the
    seams between runs: a run cut in two is the same text."""
    digest = hashlib.sha256()
    _add(root, digest)
    return digest.hexdigest()


def _add(root: Element, digest: hashlib._Hash) -> None:
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _FORMATTING:
            continue
        if leaving:
            digest.update(b">")
            continue
        if element.tag == w("t"):
            digest.update(_shown(element).encode("utf-8", "surrogatepass"))
            continue
        if element.tag not in _SEAMLESS:
            attributes = sorted(element.attrib.items())
            digest.update(f"<{element.tag} {attributes} {element.text or ''}".encode("utf-8", "surrogatepass"))
            stack.append((element, True))
        stack.extend((each, False) for each in reversed(element))


def _shown(text: Element) -> str:
    words: str = text.text or ""
    kept = next((each.get(_SPACE) for each in (text, *text.iterancestors()) if each.get(_SPACE)), "")
    return words if kept == "preserve" else words.strip(" \t\r\n")
