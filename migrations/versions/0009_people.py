"""who is on the roster, contacts, binding codes, rosters not confirmed

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENTS = ("left_at", "contact_asked_at", "looked_up_at")
_FLAGS = ("on_roster", "admin_by_settings")


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        for name in _FLAGS:
            table.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
        for name in _MOMENTS:
            table.add_column(sa.Column(name, UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("departments", sa.String(200), nullable=True))
    _mark_roster()
    op.create_table(
        "case_contact",
        sa.Column(
            "case_id", sa.Integer(), sa.ForeignKey("case.id", name="fk_case_contact_case_id_case"), nullable=False
        ),
        sa.Column("name", sa.String(64), nullable=True),
        sa.Column("phone", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_contact"),
    )
    _make_binding()
    op.create_table(
        "roster_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        _person("roster_draft"),
        sa.Column(
            "inbox_id", sa.Integer(), sa.ForeignKey("inbox.id", name="fk_roster_draft_inbox_id_inbox"), nullable=False
        ),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("shown", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("imported_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_roster_draft"),
        sa.UniqueConstraint("inbox_id", name="uq_roster_draft_inbox_id"),
    )
    op.create_index("ix_roster_draft_person_id", "roster_draft", ["person_id"])


def _mark_roster() -> None:
    """Whoever has a unit that they did not tell themselves came by a roster."""
    person = sa.table(
        "person",
        sa.column("on_roster", sa.Boolean()),
        sa.column("self_declared", sa.Boolean()),
        sa.column("unit_id", sa.String()),
        sa.column("app_userid", sa.String()),
    )
    known = sa.and_(
        person.c.self_declared.is_(sa.false()), person.c.unit_id.is_not(None), person.c.app_userid.is_not(None)
    )
    op.execute(person.update().where(known).values(on_roster=sa.true()))


def _make_binding() -> None:
    op.create_table(
        "binding_code",
        sa.Column("id", sa.Integer(), nullable=False),
        _person("binding_code"),
        _person("binding_code", "issued_by"),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_binding_code"),
        sa.UniqueConstraint("code_hash", name="uq_binding_code_code_hash"),
    )
    op.create_index("ix_binding_code_person_id", "binding_code", ["person_id"])
    op.create_table(
        "binding_tries",
        _person("binding_tries"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_binding_tries"),
    )


def _person(table: str, column: str = "person_id") -> sa.Column[int]:
    return sa.Column(
        column, sa.Integer(), sa.ForeignKey("person.id", name=f"fk_{table}_{column}_person"), nullable=False
    )


def downgrade() -> None:
    for name in ("roster_draft", "binding_tries", "binding_code", "case_contact"):
        op.drop_table(name)
    with op.batch_alter_table("person") as table:
        for name in ("departments", *_MOMENTS, *_FLAGS):
            table.drop_column(name)
