"""changes of the deadline, and who knows of them

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline_change",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("before", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deadline_change_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_change")),
    )
    op.create_table(
        "deadline_ack",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["deadline_change.id"], name=op.f("fk_deadline_ack_change_id_deadline_change")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deadline_ack_person_id_person")),
        sa.PrimaryKeyConstraint("change_id", "person_id", name=op.f("pk_deadline_ack")),
    )


def downgrade() -> None:
    op.drop_table("deadline_ack")
    op.drop_table("deadline_change")
