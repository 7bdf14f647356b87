"""Who somebody is to the bot: a role, and the unit they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """教师, 协调员, 管理员: each sees more than the one before; who may do what is decided in `domain.policy`."""

    TEACHER = "teacher"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


ROLE_NAMES: Mapping[Role, str] = {Role.TEACHER: "教师", Role.COORDINATOR: "协调员", Role.ADMIN: "管理员"}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting now. `unit_id` is None until the person has told, or the roster says, where they belong.

    `left` is who once was on the roster and is no more: no right but to ask is left to them."""

    person_id: int
    role: Role
    unit_id: str | None
    name: str | None = None
    left: bool = False
