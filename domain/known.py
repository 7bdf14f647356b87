"""What the parts of a pack may refer to, and whether they say what the clause they cite says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property

from domain.clause_text import ClauseText
from domain.printed import number_stands, squeezed, stands
from domain.section import Section


@dataclass(frozen=True)
class Known:
    """What references in a pack may point to: clauses of notice.md, category codes of notice.toml.

    Nothing known means that these could not be read, which is a fault of its own: then any reference will do.
    `timezone` is the notice's, None when it is not known either."""

    text: ClauseText
    categories: tuple[str, ...]
    timezone: tzinfo | None = None

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clause ids that may be cited."""
        return self.text.ids

    def clause(self, section: Section, key: str = "clause", *, optional: bool = False) -> str:
        """The clause id under `key`."""
        if not self.clauses:
            return section.text(key, optional=optional)
        return section.reference(key, "条款", self.clauses, optional=optional)

    def clause_list(self, section: Section, key: str) -> tuple[str, ...]:
        """The clause ids under `key`, at least one."""
        return section.references(key, "条款", self.clauses) if self.clauses else section.texts(key)

    def category(self, section: Section, key: str = "category") -> str:
        """The category code under `key`."""
        return section.reference(key, "案例类型", self.categories) if self.categories else section.text(key)

    def category_list(self, section: Section, key: str = "categories") -> tuple[str, ...]:
        """The category codes under `key`."""
        return section.references(key, "案例类型", self.categories) if self.categories else section.texts(key)

    def printed(
        self,
        section: Section,
        key: str,
        written: Iterable[str],
        cited: Iterable[str],
        found: Callable[[str, str], bool] = stands,
    ) -> None:
        """Note what is written under `key` but stands in none of the clauses `cited` (their own sub-clauses included).

        `found` tells whether one of them stands in a squeezed text. Nothing is noted where the key, the reference or
        the clause's text has a fault already."""
        clauses = tuple(dict.fromkeys(cited))
        texts = [self._texts.get(clause) for clause in clauses]
        if not section.sound_at(key, "clause", "clauses") or not texts or None in texts:
            return
        for words in written:
            if not any(found(words, text) for text in texts if text is not None):
                self._not_printed(section, key, words, f"它引用的条款（{'、'.join(map(self._label, clauses))}）原文")

    def printed_number(self, section: Section, key: str, number: int | None, clause: str) -> None:
        """Note a number of things that does not stand in its clause."""
        if number is not None and number > 0:
            self.printed(section, key, (str(number),), (clause,), lambda words, text: number_stands(int(words), text))

    def printed_anywhere(self, section: Section, key: str, written: str) -> None:
        """Note what is written under `key` but nowhere in the notice's text."""
        whole = squeezed("".join(clause.text for clause in self.text.clauses))
        if whole and written and section.sound_at(key) and not stands(written, whole):
            self._not_printed(section, key, written, "通知原文")

    def _not_printed(self, section: Section, key: str, words: str, where: str) -> None:
        section.doubt(f"{section.key(key)} 写的“{words}”在{where}里找不到，请核对。")

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Squeezed texts by id, each with its sub-clauses; none of those whose text is doubtful."""
        doubtful = self.text.doubtful
        return {
            clause.id: squeezed("".join(part.text for part in self.text.clauses if _belongs(part.id, clause.id)))
            for clause in self.text.clauses
            if not any(_belongs(name, clause.id) for name in doubtful)
        }

    def _label(self, clause_id: str) -> str:
        label = next(clause.label for clause in self.text.clauses if clause.id == clause_id)
        return f"{clause_id} {label}" if label else clause_id


def _belongs(part: str, whole: str) -> bool:
    return part == whole or part.startswith(f"{whole}.")
