"""findings that were wrong, asked for by case

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_misjudgement_case_id", "misjudgement", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_misjudgement_case_id", "misjudgement")
