"""a person's departments, which nothing reads

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not by making the table anew: other tables refer to its rows. SQLite can do this since 3.35.
    op.execute("ALTER TABLE person DROP COLUMN departments")


def downgrade() -> None:
    op.add_column("person", sa.Column("departments", sa.String(200), nullable=True))
