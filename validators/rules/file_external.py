"""A case should hold everything it shows. Linked pictures, templates on a network share and links to shared folders are
missing on any other computer, or make Word reach out to the network when the file is opened.

Ordinary web links are fine. Nothing outside the file is ever fetched by the check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validators.facts import External, FileFacts
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of

_SHOWN = 60
_REPLACE = "把链接的图片改为直接插入"
_UNLINK_FIELD = "选中引用的内容按 Ctrl+Shift+F9，变成普通内容"
_PUT_IN = "把引用的内容直接放进文件"
_ADVICE = {
    "链接的图片": _REPLACE,
    "域引用的图片": _UNLINK_FIELD,
    "域引用的内容": _UNLINK_FIELD,
    "动态数据链接（DDE）": _UNLINK_FIELD,
    "附加的模板": "在“开发工具—文档模板”里把模板改回 Normal",
    "指向共享文件夹的链接": "在链接上点右键，选“取消超链接”",
}


def check(facts: FileFacts, _params: NoParams, _context: Context) -> Iterator[Fault]:
    """One fault for all references together."""
    externals = word_of(facts).externals
    if not externals:
        return
    kinds = "、".join(dict.fromkeys(item.what for item in externals))
    yield Fault(
        f"文件引用了外部内容（{kinds}，共 {len(externals)} 处），别人打开时可能看不到。",
        f"请{'；'.join(_advice(externals))}。改好后保存，再发给我。",
        "内容都在文件里",
        externals[0].target[:_SHOWN],
    )


def _advice(externals: Iterable[External]) -> dict[str, None]:
    """What to do about each kind, each once, in order."""
    return dict.fromkeys(_ADVICE.get(item.what, _PUT_IN) for item in externals)


RULE = Rule("F04", "file.external", "不引用外部内容", Subject.WORD, NoParams, check, documentation=__doc__)
