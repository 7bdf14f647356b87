"""What `check` is to look at: the files its paths lead to, and in plain Chinese why something cannot be opened."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from validators.opening import NotAFileError, open_regular

_HALF_SIGN = re.compile("[\ud800-\udfff]")
_REASONS = {
    errno.ENOENT: "找不到这个文件或文件夹。请检查路径和名字。",
    errno.ENOTDIR: "找不到这个文件或文件夹。请检查路径和名字。",
    errno.EACCES: "没有权限打开。请检查它的权限，或者复制一份到自己的文件夹里再检查。",
    errno.EPERM: "没有权限打开。请检查它的权限，或者复制一份到自己的文件夹里再检查。",
    errno.ELOOP: "这是一个绕圈的链接，打不开。请直接指定原来的文件。",
    errno.ENAMETOOLONG: "路径太长，打不开。请移到浅一点的文件夹里再检查。",
    errno.EISDIR: "这是文件夹，不是文件。请写一个文件名。",
    errno.EROFS: "这个位置只能读，不能写。请换一个位置。",
    errno.ENOSPC: "磁盘已满。请腾出空间再试。",
    errno.EIO: "磁盘读写出错。请检查磁盘。",
}
_NO_FILE = "这不是普通文件（是管道、套接字或设备），没有打开。请指定 Word 文件或 MP4 视频。"
_ANY_REASON = "打不开（系统错误 {number}）。请确认在这台电脑上能正常打开。"
_FOLDER = "文件夹里的内容没有检查：{reason}"
_LINKED_FOLDER = "这是指向另一个文件夹的链接，没有进去检查。请直接指定那个文件夹。"


@dataclass(frozen=True, slots=True)
class Target:
    """Something to check. `trouble` says in Chinese why it cannot be opened, "" when it can; `named` tells that the
    user wrote this path, rather than a folder above it."""

    path: Path
    named: bool
    trouble: str = ""


def find_targets(paths: Sequence[Path]) -> tuple[Target, ...]:
    """Everything the paths lead to, in order, each once. Hidden files and Word's lock files in folders are left out;
    what cannot be opened is not."""
    found: dict[Path, Target] = {}
    for path in paths:
        # os.path answers no where pathlib raises: in a folder that may not be searched.
        targets = _in_folder(path) if os.path.isdir(path) else (_file(path, named=True),)  # noqa: PTH112
        for target in targets:
            found.setdefault(target.path, target)
    return tuple(found.values())


def why(error: OSError) -> str:
    """The reason in Chinese and what to do, as two sentences."""
    if isinstance(error, NotAFileError):
        return _NO_FILE
    return _REASONS.get(error.errno or 0) or _ANY_REASON.format(number=error.errno)


def readable(text: str) -> str:
    """A text that can be written: file names that are no valid Unicode hold half signs, shown as U+FFFD."""
    return _HALF_SIGN.sub("\ufffd", text)


def _file(path: Path, *, named: bool) -> Target:
    try:
        open_regular(path).close()
    except OSError as error:
        return Target(path, named, why(error))
    return Target(path, named)


def _in_folder(top: Path) -> Iterator[Target]:
    failed: list[OSError] = []
    home = Path(os.path.realpath(top))
    for place, folders, names in os.walk(top, onerror=failed.append):
        yield from _unread(failed, top)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield _file(Path(place, name), named=False)
        for path in (Path(place, name) for name in folders):
            linked = os.path.islink(path)  # noqa: PTH114
            if linked and not Path(os.path.realpath(path)).is_relative_to(home):
                yield Target(path, named=False, trouble=_LINKED_FOLDER)
    yield from _unread(failed, top)


def _unread(failed: list[OSError], top: Path) -> Iterator[Target]:
    while failed:
        error = failed.pop(0)
        path = Path(os.fsdecode(error.filename))
        yield Target(path, path == top, _FOLDER.format(reason=why(error)))
