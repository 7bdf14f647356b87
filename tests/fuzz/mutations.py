"""Ways to spoil a file, drawn from a seeded generator: its bytes, the zip, the text of a part, its tree."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
NUMBERS = ("", "0", "-1", "1", "9" * 30, "2147483648", "-2147483649", "1e9", "NaN", "x", "１２", "0x10")
WORDS = ("", "none", "on", "false", "center", "heading1", "Normal", "nowhere", "\u202e", "a" * 5000, "../../x", "&#0;")
TAGS = (
    "p",
    "r",
    "t",
    "tbl",
    "tr",
    "tc",
    "sdt",
    "sdtContent",
    "del",
    "ins",
    "hyperlink",
    "unknown",
    "pPr",
    "rPr",
    "moveTo",
)
MAIN = "word/document.xml"

Parts = dict[str, bytes]


def mutated(data: bytes, number: int) -> bytes:
    """The file with one to four mutations, always the same for the same number."""
    rng = random.Random(number)
    way = rng.choice((_bytes, _zip, _texts, _trees, _trees))
    return way(data, rng)


def _bytes(data: bytes, rng: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        rng.choice(BYTE_WAYS)(spoiled, rng)
    return bytes(spoiled)


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data) + 1) :]


def _take_out(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data) + 1)
    del data[start : start + rng.choice((1, 4, 100, 1000))]


def _double(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data) + 1)
    data[start:start] = data[start : start + rng.choice((1, 30, 500))]


def _put_in(data: bytearray, rng: random.Random) -> None:
    start = rng.choice((0, len(data), rng.randrange(len(data) + 1)))
    data[start:start] = rng.randbytes(rng.choice((1, 4, 200)))


BYTE_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (_flip, _flip, _cut, _take_out, _double, _put_in)


def _unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, data in parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            package.writestr(info, data)
    return stream.getvalue()


def _zip(data: bytes, rng: random.Random) -> bytes:
    parts = list(_unpacked(data).items())
    for _ in range(rng.randint(1, 3)):
        rng.choice(PART_WAYS)(parts, rng)
    packed = bytearray(_packed(parts, rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))))
    if rng.random() < 0.3:
        _lie_in_the_directory(packed, rng)
    return bytes(packed)


def _drop(parts: list[tuple[str, bytes]], rng: random.Random) -> None:
    if parts:
        parts.pop(rng.randrange(len(parts)))


def _rename(parts: list[tuple[str, bytes]], rng: random.Random) -> None:
    at = rng.randrange(len(parts)) if parts else None
    if at is not None:
        name, data = parts[at]
        changed = rng.choice(
            (name.upper(), name.replace("/", "\\"), f"../{name}", f"/{name}", f"{name}\0x", "word/", name)
        )
        parts[at] = (changed or "x", data)


def _again(parts: list[tuple[str, bytes]], rng: random.Random) -> None:
    if parts:
        name, _ = rng.choice(parts)
        parts.append((rng.choice((name, name.upper())) + rng.choice(("", "x")), rng.choice(parts)[1]))


def _swap(parts: list[tuple[str, bytes]], rng: random.Random) -> None:
    if len(parts) > 1:
        one, two = rng.sample(range(len(parts)), 2)
        (name, data), (other, more) = parts[one], parts[two]
        parts[one], parts[two] = (name, more), (other, data)


def _empty(parts: list[tuple[str, bytes]], rng: random.Random) -> None:
    if parts:
        at = rng.randrange(len(parts))
        parts[at] = (parts[at][0], rng.choice((b"", b"<", b"\xff\xfe<\0a\0/\0>\0", b"<a/>", b"\0" * 300_000)))


PART_WAYS: tuple[Callable[[list[tuple[str, bytes]], random.Random], None], ...] = (
    _drop,
    _rename,
    _again,
    _swap,
    _empty,
)


def _lie_in_the_directory(packed: bytearray, rng: random.Random) -> None:
    places = [match.start() for match in re.finditer(rb"PK\x01\x02", packed)]
    if places:
        at = rng.choice(places) + rng.choice((8, 10, 16, 20, 24, 42))
        struct.pack_into("<H", packed, at, rng.choice((0, 1, 8, 99, 0xFFFF)))


def _texts(data: bytes, rng: random.Random) -> bytes:
    parts = _unpacked(data)
    for _ in range(rng.randint(1, 4)):
        name = rng.choice([MAIN, MAIN, *parts])
        parts[name] = rng.choice(TEXT_WAYS)(parts[name].decode("utf-8"), rng).encode("utf-8", "surrogatepass")
    return _packed(list(parts.items()))


def _value(text: str, rng: random.Random) -> str:
    found = list(re.finditer(r'="([^"]*)"', text))
    if not found:
        return text
    match = rng.choice(found)
    return f'{text[: match.start()]}="{rng.choice((*NUMBERS, *WORDS))}"{text[match.end() :]}'


def _tag(text: str, rng: random.Random) -> str:
    found = list(re.finditer(r"<[^>]*>", text))
    match = rng.choice(found) if found else None
    return (
        text
        if match is None
        else text[: match.start()] + rng.choice(("", "<", match.group() * 2)) + text[match.end() :]
    )


def _declare(text: str, rng: random.Random) -> str:
    entity = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = re.sub(r"\?>", lambda match: match.group() + entity, text, count=1)
    return text.replace("。", rng.choice(("&b;", "&x;", "。")), 1)


def _nest(text: str, rng: random.Random) -> str:
    depth = rng.choice((10, 200, 260, 5000))
    opening, closing = rng.choice((("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"), ("<w:ins>", "</w:ins>")))
    found = list(re.finditer(r"<w:p>.*?</w:p>", text, re.DOTALL))
    if not found:
        return text
    match = rng.choice(found)
    return text[: match.start()] + opening * depth + match.group() + closing * depth + text[match.end() :]


def _repeat(text: str, rng: random.Random) -> str:
    found = list(re.finditer(r"<w:(p|tbl|style|lvl)\b.*?</w:\1>", text, re.DOTALL))
    match = rng.choice(found) if found else None
    return text if match is None else text.replace(match.group(), match.group() * rng.choice((2, 50, 1000)), 1)


def _signs(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return (
        text[:at]
        + rng.choice(("\0", "\x0b", "\ufffe", "\u202e", "\U0010ffff", "]]>", "<!--", "&", "<?x ?>"))
        + text[at:]
    )


TEXT_WAYS: tuple[Callable[[str, random.Random], str], ...] = (_value, _value, _tag, _declare, _nest, _repeat, _signs)


def _trees(data: bytes, rng: random.Random) -> bytes:
    parts = _unpacked(data)
    for _ in range(rng.randint(1, 4)):
        name = rng.choice([MAIN] * 4 + [name for name in parts if name.endswith((".xml", ".rels"))])
        root = etree.fromstring(parts[name])
        inside = [item for item in root.iter() if item is not root and isinstance(item.tag, str)]
        if inside:
            rng.choice(TREE_WAYS)(rng.choice(inside), inside, rng)
            parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return _packed(list(parts.items()))


Element = etree._Element


def _remove(item: Element, _inside: list[Element], _rng: random.Random) -> None:
    parent = item.getparent()
    if parent is not None:
        parent.remove(item)


def _move(item: Element, inside: list[Element], rng: random.Random) -> None:
    target = rng.choice(inside)
    if item not in (target, *target.iterancestors()):
        target.insert(rng.randrange(len(target) + 1), item)


def _wrap(item: Element, _inside: list[Element], rng: random.Random) -> None:
    outer = etree.Element(W + rng.choice(TAGS)) if rng.random() < 0.8 else _alternate(item)
    parent = item.getparent()
    if parent is not None:
        parent.replace(item, outer)
        next(iter(reversed(list(outer.iter())))).append(item)


def _alternate(_item: Element) -> Element:
    outer = etree.Element(f"{MC}AlternateContent")
    etree.SubElement(outer, f"{MC}Choice", Requires="w14")
    return outer


def _retag(item: Element, _inside: list[Element], rng: random.Random) -> None:
    item.tag = W + rng.choice(TAGS)


def _reattribute(item: Element, _inside: list[Element], rng: random.Random) -> None:
    for name in list(item.attrib) or [f"{W}val"]:
        item.set(name, rng.choice([word for word in (*NUMBERS, *WORDS) if "\0" not in word]))


def _refer(item: Element, inside: list[Element], rng: random.Random) -> None:
    """Let something refer to something else, or to itself: based on, next, number, note."""
    named = [other for other in inside if f"{W}styleId" in other.attrib]
    for name in ("basedOn", "link", "pStyle", "rStyle", "numId", "numStyleLink"):
        for found in item.iter(W + name):
            found.set(f"{W}val", rng.choice(named).get(f"{W}styleId") if named else rng.choice(NUMBERS))


TREE_WAYS: tuple[Callable[[Element, list[Element], random.Random], None], ...] = (
    *(_remove, _move, _wrap, _wrap, _retag, _retag, _reattribute, _refer),
)
