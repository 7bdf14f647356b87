"""A ZIP of cases, unpacked in the sandbox into memory: no name in it becomes a path, and everything has a limit."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from validators.packed import Listing, Packed

MAX_FILES = 100
MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_ENCRYPTED, _UTF8 = 0x1, 0x800
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_UNICODE_PATH = 0x7075
_BY_THEMSELVES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
_PACKED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
_LONGEST_PATH = 300

BROKEN = "这个压缩包打不开，可能没有传完或已损坏。请重新压缩成 .zip 再发。"
TOO_MANY = f"这个压缩包里的文件太多（最多 {MAX_FILES} 个）。请分成几个 ZIP 再发。"
NOTHING = "这个压缩包里没有文件。"
ENCRYPTED = "加了密码，打不开。请去掉密码再压缩"
NESTED = "压缩包里的压缩包不再打开。请把里面的文件直接放进 ZIP"
METHOD = "用了少见的压缩方式，打不开。请用系统自带的压缩重新打包"
BOMB = "解压后会膨胀几百倍，为安全起见没有打开"
TOO_LARGE = f"解压后太大（一个 ZIP 合计最多 {MAX_UNPACKED // 1024 // 1024} MB）。请分几次发"
DAMAGED = "读不出来，可能已损坏。请重新压缩"


def unpack(file: IO[bytes]) -> tuple[Listing, bytes]:
    """The files of the ZIP and their bytes one after the other, each with its own trouble if it has one."""
    try:
        package = zipfile.ZipFile(file)
        entries = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return Listing(refused=BROKEN), b""
    if len(entries) > MAX_ENTRIES:
        return Listing(refused=TOO_MANY), b""
    named = [(info, path_of(info)) for info in entries if not info.is_dir()]
    wanted = [(info, path) for info, path in named if not _by_itself(path)]
    if len(wanted) > MAX_FILES:
        return Listing(refused=TOO_MANY), b""
    if not wanted:
        return Listing(refused=NOTHING), b""
    data, files = bytearray(), []
    for info, path in wanted:
        trouble, start = _refusal(info, path), len(data)
        if not trouble:
            trouble = _append(package, info, data)
            if trouble:
                del data[start:]
        files.append(Packed(path, trouble=trouble) if trouble else Packed(path, start, len(data) - start))
    return Listing(tuple(files), passed_over=len(named) - len(wanted)), bytes(data)


def path_of(info: zipfile.ZipInfo) -> str:
    """The entry's path as its author saw it: by the name in Unicode that some programs add, by the UTF-8 flag, else as
    UTF-8 if it is, else as GB18030, which Windows writes. Dots that lead upwards, drives and control signs are gone."""
    written = info.orig_filename
    if not info.flag_bits & _UTF8:
        raw = written.encode("cp437", "replace")
        written = _unicode_path(info) or _decoded(raw)
    parts = written.replace("\\", "/").split("/")
    clean = ["".join(sign for sign in part if sign.isprintable()).strip() for part in parts]
    return "/".join(part for part in clean if part and part not in {".", ".."} and not part.endswith(":"))[
        -_LONGEST_PATH:
    ]


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", "replace")


def _unicode_path(info: zipfile.ZipInfo) -> str:
    """Info-ZIP's Unicode Path: version 1, a checksum of the other name, then the name in UTF-8."""
    extra = info.extra
    while len(extra) >= 4:  # noqa: PLR2004 - a header is two numbers of two bytes
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and value[:1] == b"\x01":
            return value[5:].decode("utf-8", "ignore")
    return ""


def _by_itself(path: str) -> bool:
    name = path.rsplit("/", 1)[-1].lower()
    hidden = name.startswith(("._", "~$", ".~")) or path.startswith("__MACOSX/") or "/__MACOSX/" in path
    return not name or hidden or name in _BY_THEMSELVES


def _refusal(info: zipfile.ZipInfo, path: str) -> str:
    if info.flag_bits & _ENCRYPTED:
        return ENCRYPTED
    if path.lower().endswith(_PACKED):
        return NESTED
    if info.compress_type not in _METHODS:
        return METHOD
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
        return BOMB
    return ""


def _append(package: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytearray) -> str:
    """Unpack the entry behind `data`; the sentence when it cannot be. What it says of its own size is not believed."""
    start = len(data)
    if start + info.file_size > MAX_UNPACKED:
        return TOO_LARGE
    try:
        with package.open(info) as stream:
            while block := stream.read(_CHUNK):
                data += block
                size = len(data) - start
                if size > RATIO_FROM and size > MAX_RATIO * max(1, info.compress_size):
                    return BOMB
                if len(data) > MAX_UNPACKED:
                    return TOO_LARGE
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        return DAMAGED
    return ""
