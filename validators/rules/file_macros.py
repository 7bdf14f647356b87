"""A case must not carry macros or programs: many computers refuse to open such a file, and nobody should have to trust
it.

Found are the macro project inside the file, a file of the kind .docm, also when it was renamed to .docx, and embedded
files that are programs by their name. ActiveX controls, which text copied from web pages often brings along, are
advice. Embedded tables, formulas and documents are fine. Nothing is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.notice import Severity
from validators.facts import FileFacts, FileKind
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of

_WITH_MACROS = frozenset({FileKind.DOCM, FileKind.DOTM})


def check(facts: FileFacts, _params: NoParams, _context: Context) -> Iterator[Fault]:
    """At most one fault for macros, one for programs, one for controls."""
    word = word_of(facts)
    if word.macros or facts.kind in _WITH_MACROS:
        yield Fault(
            "文件里含有宏（.docm），评审电脑可能打不开。",
            "请在 Word 里“另存为 .docx”（不含宏），再发给我。",
            "不含宏的 .docx",
            "含宏",
        )
    if word.programs:
        more = f"等 {len(word.programs)} 个" if len(word.programs) > 1 else ""
        yield Fault(
            f"文件里嵌入了程序（{word.programs[0]}{more}），评审电脑会拦下这份文件。",
            "请在正文里删掉这个图标，保存后再发给我。",
            "不含程序的 .docx",
            word.programs[0],
        )
    if word.controls:
        yield Fault(
            "文件里有 ActiveX 控件，多半是从网页复制带来的，别人打开时会弹出安全警告。",
            "请把从网页复制来的部分删掉，用“只保留文本”重新粘贴，再保存。",
            "不含控件的 .docx",
            "含 ActiveX 控件",
            severity=Severity.WARNING,
        )


RULE = Rule("F03", "file.macros", "不含宏", Subject.WORD, NoParams, check, documentation=__doc__)
