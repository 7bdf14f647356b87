"""files and cards of broadcasts; what may have arrived or been taken back without a word

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("broadcast") as table:
        table.add_column(sa.Column("file_sha256", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("file_name", sa.Text(), nullable=True))
        table.add_column(sa.Column("file_size", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("awaits_file_until", UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("recalled_at", UtcDateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_broadcast_file_sha256_blob"), "blob", ["file_sha256"], ["sha256"])
    with op.batch_alter_table("broadcast_batch") as table:
        table.add_column(sa.Column("kind", sa.String(length=16), server_default="text", nullable=False))
        table.add_column(sa.Column("after_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("unclear", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("recall_asked", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.create_foreign_key(
            op.f("fk_broadcast_batch_after_id_broadcast_batch"), "broadcast_batch", ["after_id"], ["id"]
        )
        table.create_index(op.f("ix_broadcast_batch_after_id"), ["after_id"])


def downgrade() -> None:
    with op.batch_alter_table("broadcast_batch") as table:
        table.drop_index(op.f("ix_broadcast_batch_after_id"))
        table.drop_constraint(op.f("fk_broadcast_batch_after_id_broadcast_batch"), type_="foreignkey")
        for name in ("recall_asked", "unclear", "after_id", "kind"):
            table.drop_column(name)
    with op.batch_alter_table("broadcast") as table:
        table.drop_constraint(op.f("fk_broadcast_file_sha256_blob"), type_="foreignkey")
        for name in ("recalled_at", "awaits_file_until", "file_size", "file_name", "file_sha256"):
            table.drop_column(name)
