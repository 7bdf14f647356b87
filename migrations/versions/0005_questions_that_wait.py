"""what was talked about, questions that wait for a person, official answers

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.schema.root import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talk",
        sa.Column("thread", sa.String(length=128), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("thread", name=op.f("pk_talk")),
    )
    op.create_table(
        "official_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ends_id"], ["official_answer.id"], name=op.f("fk_official_answer_ends_id_official_answer")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_official_answer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_answer")),
    )
    op.create_table(
        "open_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.String(length=64), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=True),
        sa.Column("dismissed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_open_question_inbox_id_inbox")),
        sa.ForeignKeyConstraint(
            ["official_id"], ["official_answer.id"], name=op.f("fk_open_question_official_id_official_answer")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_open_question_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_question")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_open_question_inbox_id")),
    )
    op.create_index(op.f("ix_open_question_group_id"), "open_question", ["group_id"])
    op.create_index(op.f("ix_open_question_person_id"), "open_question", ["person_id"])
    op.create_index("ix_open_question_official_id_dismissed_at", "open_question", ["official_id", "dismissed_at"])


def downgrade() -> None:
    op.drop_table("open_question")
    op.drop_table("official_answer")
    op.drop_table("talk")
