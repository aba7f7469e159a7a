"""Entries as they were last served, to tell what is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("entry", sa.String(length=512), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("news", sa.String(length=8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry", "locale", name="pk_entries"),
    )
    op.create_index("ix_entries_news_since", "entries", ["news", "since"], unique=False)
