"""The rules, in the order in which they are applied and shown."""

from __future__ import annotations

from domain.notice import Notice, RuleUse
from validators.rules import (
    file_external,
    file_kind,
    file_macros,
    file_readable,
    pictures_count,
    pictures_required,
    template_info,
    template_leftover,
    template_sections,
    text_count,
    title_missing,
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
    template_sections.RULE,
    template_info.RULE,
    template_leftover.RULE,
    tracked_changes.RULE,
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
