"""The one exception of the readers: a file that cannot be read, with the sentence its sender gets."""

from __future__ import annotations

from validators.facts import Trouble


class UnreadableError(Exception):
    """Contents cannot be read. `sentence` is Chinese, complete, and says what to do."""

    def __init__(self, kind: Trouble, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


RESEND = "文件可能没有传完或已损坏。请在电脑上确认能正常打开，再重新发送。"
LOOKS_HOSTILE = "为安全起见没有打开。请在 Word 或 WPS 里“另存为”一份新的 .docx 再发。"


def damaged(what: str) -> UnreadableError:
    """The file is broken for certain."""
    return UnreadableError(Trouble.DAMAGED, f"{what}，{RESEND}")


def hostile(what: str) -> UnreadableError:
    """The file holds something no ordinary Word file holds."""
    return UnreadableError(Trouble.HOSTILE, f"{what}，{LOOKS_HOSTILE}")


_NOT_ABOUT_THE_FILE = frozenset({0, 1, 2, 114})  # unknown, internal, out of memory, resource limit
_TOO_BIG = "文件内部的内容特别大"


def from_xml_error(code: int) -> UnreadableError:
    """What a parser error means: our own limits say nothing about the file."""
    return over_limit(_TOO_BIG) if code in _NOT_ABOUT_THE_FILE else damaged("文件内部的 XML 内容有错误")


def over_limit(what: str) -> UnreadableError:
    """The file is bigger than we read; nothing is said about its quality."""
    return UnreadableError(Trouble.LIMIT, f"{what}，超出了自动检查的范围，请人工确认。")
