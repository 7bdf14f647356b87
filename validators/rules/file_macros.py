"""A case must not carry macros: many computers refuse to open such a file, and nobody should have to trust it.

Found are the macro project inside the file and a file of the kind .docm, also when it was renamed to .docx.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts, FileKind
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, word_of

_WITH_MACROS = frozenset({FileKind.DOCM, FileKind.DOTM})


def check(facts: FileFacts, _params: NoParams, _context: Context) -> Iterator[Fault]:
    """One fault when there are macros."""
    if word_of(facts).macros or facts.kind in _WITH_MACROS:
        yield Fault(
            "文件里含有宏（.docm），评审电脑可能打不开。",
            "请在 Word 里“另存为 .docx”（不含宏），再发给我。",
            "不含宏的 .docx",
            "含宏",
        )


RULE = Rule("F03", "file.macros", "不含宏", Subject.WORD, NoParams, check, documentation=__doc__)
