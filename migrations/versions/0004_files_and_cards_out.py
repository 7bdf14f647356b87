"""files and cards that go out

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A process of the version before goes on queueing texts, and sends what it finds as texts.
    op.add_column("outbox", sa.Column("kind", sa.String(length=16), server_default="text", nullable=False))
    op.create_table(
        "handout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=128), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("link_until", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_handout_outbox_id")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_handout_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handout")),
    )
    op.create_index(op.f("ix_handout_outbox_id"), "handout", ["outbox_id"])
    op.create_table(
        "uploaded_media",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("good_until", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "name", name=op.f("pk_uploaded_media")),
    )
    op.create_table(
        "card",
        sa.Column("task_id", sa.String(length=128), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("lane", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("pressed", sa.Integer(), nullable=True),
        sa.Column("pressed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_card_inbox_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_card_outbox_id")),
        sa.ForeignKeyConstraint(["pressed_by"], ["inbox.id"], name=op.f("fk_card_pressed_by")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_card")),
    )
    op.create_index(op.f("ix_card_inbox_id"), "card", ["inbox_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_card_inbox_id"), "card")
    op.drop_table("card")
    op.drop_table("uploaded_media")
    op.drop_index(op.f("ix_handout_outbox_id"), "handout")
    op.drop_table("handout")
    op.drop_column("outbox", "kind")
