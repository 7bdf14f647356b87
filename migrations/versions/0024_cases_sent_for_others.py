"""cases that a coordinator sent for somebody

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case") as table:
        table.add_column(sa.Column("deputed", sa.Boolean(), server_default=sa.false(), nullable=False))
    case = sa.table("case", sa.column("contact"), sa.column("deputed"))
    op.execute(case.update().where(case.c.contact.is_not(None)).values(deputed=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("case") as table:
        table.drop_column("deputed")
