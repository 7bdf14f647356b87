"""A case should hold everything it shows. Linked pictures, templates on a network share and links to shared folders are
missing on any other computer, or make Word reach out to the network when the file is opened.

Ordinary web links are fine. Nothing outside the file is ever fetched by the check.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of

_SHOWN = 60


def check(facts: FileFacts, _params: NoParams, _context: Context) -> Iterator[Fault]:
    """One fault for all references together."""
    externals = word_of(facts).externals
    if not externals:
        return
    kinds = "、".join(dict.fromkeys(item.what for item in externals))
    yield Fault(
        f"文件引用了外部内容（{kinds}，共 {len(externals)} 处），别人打开时可能看不到。",
        "请把链接的图片改为直接插入；若是附加的模板，请在“开发工具—文档模板”里改回 Normal 后保存。",
        "内容都在文件里",
        externals[0].target[:_SHOWN],
    )


RULE = Rule("F04", "file.external", "不引用外部内容", Subject.WORD, NoParams, check, documentation=__doc__)
