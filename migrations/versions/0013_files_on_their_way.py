"""files that are only checked, files sent for others, ZIPs to confirm; titles set by hand

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case") as table:
        table.add_column(sa.Column("contact", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("title_by_hand", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "awaited_file",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=True),
        sa.Column("school", sa.String(length=128), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_awaited_file_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_awaited_file")),
    )
    op.create_table(
        "precheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("looked", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_precheck_case_id_case")),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_precheck_inbox_id_inbox")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_precheck_person_id_person")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_precheck_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_precheck")),
        sa.UniqueConstraint("inbox_id", "position", name=op.f("uq_precheck_inbox_id_position")),
        sa.UniqueConstraint("person_id", "code", name=op.f("uq_precheck_person_id_code")),
    )
    op.create_index(op.f("ix_precheck_sha256"), "precheck", ["sha256"])
    op.create_index(op.f("ix_precheck_until"), "precheck", ["until"])
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arrived_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_batch_inbox_id_inbox")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("inbox_id", "position", name=op.f("uq_batch_inbox_id_position")),
        sa.UniqueConstraint("person_id", "code", name=op.f("uq_batch_person_id_code")),
    )
    op.create_index(op.f("ix_batch_until"), "batch", ["until"])
    op.create_table(
        "batch_item",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("looked", sa.JSON(), nullable=True),
        sa.Column("category", sa.String(length=16), nullable=True),
        sa.Column("school", sa.String(length=128), nullable=True),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_item_batch_id_batch")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_batch_item_case_id_case")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_batch_item_sha256_blob")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_item")),
    )
    op.create_index(op.f("ix_batch_item_sha256"), "batch_item", ["sha256"])


def downgrade() -> None:
    for table in ("batch_item", "batch", "precheck", "awaited_file"):
        op.drop_table(table)
    with op.batch_alter_table("case") as altered:
        altered.drop_column("title_by_hand")
        altered.drop_column("contact")
