"""The rules, in the order in which they are applied and shown."""

from __future__ import annotations

from domain.notice import Notice, RuleUse
from validators.rules import (
    body_font,
    body_size,
    file_external,
    file_kind,
    file_macros,
    file_readable,
    font_substitute,
    heading_font,
    heading_size,
    latin_font,
    pictures_count,
    pictures_required,
    privacy_personal,
    template_info,
    template_leftover,
    template_sections,
    text_count,
    title_alignment,
    title_font,
    title_missing,
    title_size,
    tracked_changes,
    video_codec,
    video_container,
    video_readable,
    video_resolution,
)
from validators.rules.binding import bind_uses
from validators.rules.binding import use_faults as _use_faults
from validators.rules.contract import BoundRule, Rule

RULES: tuple[Rule, ...] = (
    file_kind.RULE,
    file_readable.RULE,
    file_macros.RULE,
    file_external.RULE,
    text_count.RULE,
    pictures_count.RULE,
    pictures_required.RULE,
    title_missing.RULE,
    title_font.RULE,
    title_size.RULE,
    title_alignment.RULE,
    heading_font.RULE,
    heading_size.RULE,
    body_font.RULE,
    body_size.RULE,
    latin_font.RULE,
    font_substitute.RULE,
    template_sections.RULE,
    template_info.RULE,
    template_leftover.RULE,
    tracked_changes.RULE,
    privacy_personal.RULE,
    video_readable.RULE,
    video_container.RULE,
    video_resolution.RULE,
    video_codec.RULE,
)


def bind(notice: Notice) -> tuple[BoundRule, ...]:
    """The rules the notice uses, with their parameters. Raises ConfigError with every fault found."""
    return bind_uses(RULES, notice)


def use_faults(where: str, use: RuleUse, notice: Notice) -> tuple[str, ...]:
    """What is wrong with one entry of the notice's rules, which stands at `where`: Chinese sentences."""
    return _use_faults(RULES, where, use, notice)
