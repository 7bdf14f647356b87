"""The first visible sheet of an .xlsx workbook as text, read row by row from its XML.

Not by openpyxl: its streaming mode tells neither hidden rows nor merged cells, and its other mode makes an object of
every cell that is only formatted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from domain.table import MergedCells, Table, TableRow
from validators.reading.package import Element, Package
from validators.reading.separated import MOST_COLUMNS, MOST_SIGNS
from validators.reading.trouble import damaged, from_xml_error, hostile

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LETTERS = 26
_MOST_MERGED = 1_000
_WHOLE = 15  # digits that a spreadsheet keeps of a number


def read_workbook(package: Package, most_rows: int) -> Table:
    """The first visible sheet, at most so many rows that hold something. Raises UnreadableError."""
    part = _sheet_part(package)
    strings = _shared_strings(package)
    rows: list[TableRow] = []
    merged: list[MergedCells] = []
    last = 0
    for element in _elements(package.read(part), ("{*}row", "{*}mergeCell")):
        if etree.QName(element).localname == "mergeCell":
            merged += _merged(element.get("ref") or "")
            continue
        last = _number(element.get("r"), last + 1)
        row = _row(element, last, strings)
        if not any(row.cells) and not row.formulas:
            continue
        if len(rows) == most_rows:
            return Table(tuple(rows), tuple(merged), cut=True)
        rows.append(row)
    return Table(tuple(rows), tuple(merged[:_MOST_MERGED]))


def _elements(data: bytes, tags: tuple[str, ...]) -> Iterator[Element]:
    """These elements one after the other, each forgotten when the next comes. Raises UnreadableError."""
    if b"<!doctype" in data[:4096].replace(b"\0", b"").lower():
        raise hostile("表格里有 DOCTYPE 声明")
    try:
        for _, element in etree.iterparse(
            io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise from_xml_error(getattr(error, "code", None) or 0) from error


def _sheet_part(package: Package) -> str:
    main = next((link.target for link in package.relationships("") if link.kind == "officeDocument"), "")
    if not package.has(main):
        raise damaged("找不到工作簿")
    targets = {link.id: link.target for link in package.relationships(main)}
    for sheet in package.xml(main).iter("{*}sheet"):
        link = next((value for name, value in sheet.items() if etree.QName(name).localname == "id"), "")
        part = targets.get(link, "")
        if sheet.get("state", "visible") == "visible" and "worksheets/" in part and package.has(part):
            return part
    raise damaged("没有看得见的工作表")


def _shared_strings(package: Package) -> list[str]:
    main = next((link.target for link in package.relationships("") if link.kind == "officeDocument"), "")
    part = next((link.target for link in package.relationships(main) if link.kind == "sharedStrings"), "")
    return [_text(item) for item in _elements(package.read(part), ("{*}si",))] if package.has(part) else []


def _text(item: Element) -> str:
    """The text of a string, without what is only there to tell how it is pronounced."""
    runs = (text for text in item.iter("{*}t") if etree.QName(text.getparent()).localname != "rPh")
    return "".join(run.text or "" for run in runs).strip()[:MOST_SIGNS]


def _row(element: Element, number: int, strings: list[str]) -> TableRow:
    cells: dict[int, str] = {}
    formulas = []
    place = -1
    for cell in element.iterchildren("{*}c"):
        place = _place(cell.get("r"), place + 1)
        if place >= MOST_COLUMNS:
            continue
        if cell.find("{*}f") is not None:
            formulas.append(place)
        cells[place] = _value(cell, strings)
    width = max((place for place, text in cells.items() if text), default=-1) + 1
    texts = tuple(cells.get(column, "") for column in range(width))
    return TableRow(number, texts, tuple(formulas), hidden=element.get("hidden") in {"1", "true"})


def _value(cell: Element, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = (cell.findtext("{*}v") or "").strip()
    if kind == "s":
        index = _number(value, len(strings))
        return strings[index] if index < len(strings) else ""
    return _whole(value) if kind == "n" else value[:MOST_SIGNS]


def _whole(value: str) -> str:
    """A number as people wrote it: 13800000000, though the file says 1.38E+10."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value[:MOST_SIGNS]
    whole = number.is_finite() and number.adjusted() < _WHOLE and number == number.to_integral_value()
    return str(int(number)) if whole else value[:MOST_SIGNS]


def _merged(reference: str) -> list[MergedCells]:
    found = _REFERENCE.findall(reference)
    if not found:
        return []
    return [MergedCells(reference[:MOST_SIGNS], int(found[0][1]), int(found[-1][1]))]


def _place(reference: str | None, otherwise: int) -> int:
    found = _REFERENCE.fullmatch(reference or "")
    if found is None:
        return otherwise
    place = 0
    for letter in found[1]:
        place = place * _LETTERS + ord(letter) - ord("A") + 1
    return place - 1


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < _WHOLE else otherwise
