"""an index that tells how far each school has come

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_schools", "case", ["unit_id", "school", "state"])


def downgrade() -> None:
    op.drop_index("ix_case_schools", table_name="case")
