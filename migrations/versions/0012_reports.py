"""reports of units, stamped tables, and an index that answers the board's count by itself

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_case_board", "case", ["unit_id", "category", "state", "on_time"])
    op.drop_index("ix_case_unit_id_category_state", table_name="case")
    _make_reports()
    op.create_table(
        "stamped_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        _refers("stamped_table", "person_id", sa.Integer(), "person.id"),
        _refers("stamped_table", "sha256", sa.String(64), "blob.sha256"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", _MOMENT, nullable=False),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        _refers("stamped_table", "inbox_id", sa.Integer(), "inbox.id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stamped_table"),
        sa.UniqueConstraint("inbox_id", "position", name="uq_stamped_table_inbox_id_position"),
        sa.UniqueConstraint("number", name="uq_stamped_table_number"),
    )
    op.create_index("ix_stamped_table_unit_id", "stamped_table", ["unit_id"])
    op.create_table(
        "awaited_table",
        _refers("awaited_table", "person_id", sa.Integer(), "person.id"),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_awaited_table"),
    )


def downgrade() -> None:
    for table in ("awaited_table", "stamped_table", "unit_report"):
        op.drop_table(table)
    op.create_index("ix_case_unit_id_category_state", "case", ["unit_id", "category", "state"])
    op.drop_index("ix_case_board", table_name="case")


def _make_reports() -> None:
    op.create_table(
        "unit_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        _refers("unit_report", "person_id", sa.Integer(), "person.id"),
        _refers("unit_report", "inbox_id", sa.Integer(), "inbox.id", nullable=True),
        sa.Column("arrived_at", _MOMENT, nullable=False),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reopened_at", _MOMENT, nullable=True),
        _refers("unit_report", "reopened_by", sa.Integer(), "person.id", nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=True),
        sa.Column("package_state", sa.String(16), nullable=False),
        _refers("unit_report", "package_sha256", sa.String(64), "blob.sha256", nullable=True),
        sa.Column("package_size", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", _MOMENT, nullable=False),
        sa.Column("lease_owner", sa.String(64), nullable=True),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_unit_report"),
        sa.UniqueConstraint("unit_id", "edition", name="uq_unit_report_unit_id_edition"),
        sa.UniqueConstraint("number", name="uq_unit_report_number"),
    )
    in_force = sa.text("reopened_at IS NULL")
    op.create_index(
        "ix_unit_report_in_force",
        "unit_report",
        ["unit_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def _refers(
    table: str, name: str, kind: sa.types.TypeEngine[object], target: str, *, nullable: bool = False
) -> sa.Column[object]:
    key = sa.ForeignKey(target, name=f"fk_{table}_{name}_{target.partition('.')[0]}")
    return sa.Column(name, kind, key, nullable=nullable)
