"""Runs inside the system's Python beside a LibreOffice that listens on a pipe: what Writer shows of each file.

Reads one path a line, answers with one JSON line: {"paragraphs": [{"text", "align", "label", "portions"}]}, {"error"}.
A portion is [text, East Asian font, size in points]. Deleted and hidden text is left out.
"""

from __future__ import annotations

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue

ALIGNMENTS = ("left", "right", "both", "center", "both")
ASKED = ("CharFontNameAsian", "CharHeightAsian")
CONNECT_S = 60


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    deadline = time.monotonic() + CONNECT_S
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:  # the office is still starting: UNO has its own exceptions
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def opened(desktop, path):
    hidden = PropertyValue(Name="Hidden", Value=True)
    read_only = PropertyValue(Name="ReadOnly", Value=True)
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (hidden, read_only))


def elements(container):
    listing = container.createEnumeration()
    while listing.hasMoreElements():
        yield listing.nextElement()


def paragraphs(text):
    for item in elements(text):
        if item.supportsService("com.sun.star.text.TextTable"):
            for name in item.getCellNames():
                yield from paragraphs(item.getCellByName(name))
        elif hasattr(item, "createEnumeration"):
            yield shown(item)


def shown(paragraph):
    portions = []
    collect(paragraph, portions, [0])
    return {
        "text": "".join(portion[0] for portion in portions),
        "align": ALIGNMENTS[int(paragraph.ParaAdjust)],
        "label": label_of(paragraph),
        "portions": portions,
    }


def label_of(paragraph):
    properties = paragraph.PropertySetInfo
    numbered = properties.hasPropertyByName("ListLabelString") and paragraph.NumberingIsNumber
    return paragraph.ListLabelString if numbered else ""


def collect(owner, portions, deleted):
    for portion in elements(owner):
        kind = portion.TextPortionType
        if kind == "Redline":
            if portion.RedlineType == "Delete":
                deleted[0] += 1 if portion.IsStart else -1
        elif kind == "ContentControl":
            collect(portion.ContentControl, portions, deleted)
        elif kind in ("Text", "TextField") and not deleted[0]:
            font, size = portion.getPropertyValues(ASKED)
            known = portion.PropertySetInfo.hasPropertyByName("CharHidden")
            if not (known and portion.CharHidden):
                portions.append([portion.getString(), font, float(size)])


def texts(document):
    yield document.Text
    for name in document.TextFrames.ElementNames:
        yield document.TextFrames.getByName(name).Text
    page = document.DrawPage
    for number in range(page.Count):
        shape = page.getByIndex(number)
        if shape.supportsService("com.sun.star.drawing.Text") and hasattr(shape, "createEnumeration"):
            yield shape.getText()
    for notes in (document.Footnotes, document.Endnotes):
        for number in range(notes.Count):
            yield notes.getByIndex(number).Text


def answer(desktop, path):
    document = opened(desktop, path)
    if document is None:
        return {"error": "not opened"}
    try:
        return {"paragraphs": [found for text in texts(document) for found in paragraphs(text)]}
    finally:
        document.close(True)


def main():
    desktop = connected(sys.argv[1])
    for line in sys.stdin:
        try:
            said = answer(desktop, line.rstrip("\n"))
        except Exception as error:  # noqa: BLE001  one file must not end the others
            said = {"error": f"{type(error).__name__}: {error}"[:300]}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    desktop.terminate()


if __name__ == "__main__":
    main()
