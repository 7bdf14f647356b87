"""when and how a doubted finding was closed

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("misjudgement") as table:
        table.add_column(sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("upheld", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("misjudgement") as table:
        table.drop_column("upheld")
        table.drop_column("closed_at")
