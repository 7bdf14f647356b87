"""The main title as the notice would have it: a section's name or the template's own caption is none."""

from __future__ import annotations

from domain.notice import Template
from validators.facts import WordFacts
from validators.rules.wording import bare, without_label


def has_title(word: WordFacts, template: Template) -> bool:
    """Whether what stands where the title should is one."""
    title = bare(word.title.text)
    others = {bare(template.title), bare(template.info_title), *(bare(section.title) for section in template.sections)}
    return bool(title) and not {title, bare(without_label(word.title.text))} & (others - {""})
