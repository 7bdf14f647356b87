"""what files are awaited for, in one table

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("awaited_file") as table:
        table.add_column(sa.Column("case_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_awaited_file_case_id_case"), "case", ["case_id"], ["id"])
    # What was said half an hour ago at most is not carried over: it is said again.
    op.drop_table("awaited_table")
    op.drop_table("awaited_support")


def downgrade() -> None:
    op.create_table(
        "awaited_support",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_awaited_support_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_awaited_support_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_awaited_support")),
    )
    op.create_table(
        "awaited_table",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_awaited_table_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_awaited_table")),
    )
    op.execute("delete from awaited_file where purpose in ('supporting', 'stamped')")
    with op.batch_alter_table("awaited_file") as table:
        table.drop_constraint(op.f("fk_awaited_file_case_id_case"), type_="foreignkey")
        table.drop_column("case_id")
