"""People, their tokens, and quotas that were set.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; whoever has the token of the home is its owner, as before."""
    text = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "people",
        sa.Column("name", text, primary_key=True),
        sa.Column("role", text, nullable=False),
        sa.Column("workspace", text, nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("created_by", text, nullable=False),
        sa.Column("modified_at", sa.Float(), nullable=False),
        sa.Column("modified_by", text, nullable=False),
    )
    op.create_table(
        "tokens",
        sa.Column("name", text, primary_key=True),
        sa.Column("digest", text, nullable=False, unique=True),
        sa.Column("person", text, nullable=False),
        sa.Column("role", text, nullable=False),
        sa.Column("workspace", text, nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("created_by", text, nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("used_at", sa.Float(), nullable=True),
        sa.Column("revoked_at", sa.Float(), nullable=True),
    )
    op.create_table(
        "quotas",
        sa.Column("workspace", text, primary_key=True),
        sa.Column("nodes", sa.Integer(), nullable=True),
        sa.Column("modified_at", sa.Float(), nullable=False),
        sa.Column("modified_by", text, nullable=False),
    )
