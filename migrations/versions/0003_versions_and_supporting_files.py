"""versions, lost files, supporting files

Revision ID: 0003
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None

_COLUMNS = ("text_sha256", "modified_at", "words", "title", "on_time")


def upgrade() -> None:
    # A process of the version before goes on inserting materials: new columns have a default or may stay empty.
    op.add_column("material", sa.Column("on_time", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("material", sa.Column("title", sa.String(length=300), nullable=True))
    op.add_column("material", sa.Column("words", sa.Integer(), nullable=True))
    op.add_column("material", sa.Column("modified_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("material", sa.Column("text_sha256", sa.String(length=64), nullable=True))
    op.execute(
        'UPDATE material SET on_time = (SELECT "case".on_time FROM "case" WHERE "case".id = material.case_id) '
        "WHERE version = 1"
    )
    op.create_table(
        "lost_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("arrived_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_lost_file_inbox_id")),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name=op.f("fk_lost_file_material_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lost_file_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_file")),
        sa.UniqueConstraint("inbox_id", "position", name=op.f("uq_lost_file_inbox_id_position")),
    )
    op.create_index(op.f("ix_lost_file_person_id"), "lost_file", ["person_id"])
    op.create_table(
        "awaited_support",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_awaited_support_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_awaited_support_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_awaited_support")),
    )


def downgrade() -> None:
    op.drop_table("awaited_support")
    op.drop_index(op.f("ix_lost_file_person_id"), "lost_file")
    op.drop_table("lost_file")
    for column in _COLUMNS:
        op.drop_column("material", column)
