"""schools under one key, however they are written

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from domain.names import letters_of

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_LENGTH = 128


def upgrade() -> None:
    op.drop_index("ix_case_schools", table_name="case")
    with op.batch_alter_table("case") as table:
        table.add_column(sa.Column("school_key", sa.String(length=_LENGTH), nullable=True))
    case = sa.table("case", sa.column("school"), sa.column("school_key"))
    connection = op.get_bind()
    for school in connection.scalars(sa.select(case.c.school).where(case.c.school.is_not(None)).distinct()).all():
        key = letters_of(school)[:_LENGTH]
        connection.execute(case.update().where(case.c.school == school).values(school_key=key))
    op.create_index("ix_case_schools", "case", ["unit_id", "school_key", "category", "state"])


def downgrade() -> None:
    op.drop_index("ix_case_schools", table_name="case")
    with op.batch_alter_table("case") as table:
        table.drop_column("school_key")
    op.create_index("ix_case_schools", "case", ["unit_id", "school", "state"])
