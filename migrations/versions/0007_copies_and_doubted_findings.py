"""copies of files, findings that people doubt

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_copy",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("order_sha256", sa.String(length=64), nullable=False),
        sa.Column("copy_sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["copy_sha256"], ["blob.sha256"], name=op.f("fk_file_copy_copy_sha256_blob")),
        sa.PrimaryKeyConstraint("sha256", "kind", "order_sha256", name=op.f("pk_file_copy")),
    )
    op.create_table(
        "misjudgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("finding_key", sa.String(length=64), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_misjudgement_case_id_case")),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name=op.f("fk_misjudgement_material_id_material")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_misjudgement_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misjudgement")),
        sa.UniqueConstraint(
            "material_id", "category", "finding_key", name=op.f("uq_misjudgement_material_id_category_finding_key")
        ),
    )


def downgrade() -> None:
    op.drop_table("misjudgement")
    op.drop_table("file_copy")
