"""what a card says under its title

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card") as table:
        table.add_column(sa.Column("brief", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("card") as table:
        table.drop_column("brief")
