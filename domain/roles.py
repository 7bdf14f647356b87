"""Who somebody is to the bot: a role, and the unit they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """教师, 协调员, 管理员: rights grow in this order and are decided in `domain.policy`."""

    TEACHER = "teacher"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting now. `unit_id` is None until the person has told, or the roster says, where they belong."""

    person_id: int
    role: Role
    unit_id: str | None
    name: str | None = None
