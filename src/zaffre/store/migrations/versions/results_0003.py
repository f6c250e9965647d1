"""Results of runs by fingerprint, and children by when they ended.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; runs of before are in nobody's way."""
    text = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "results",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("workspace", text, nullable=False),
        sa.Column("subject", text, nullable=False),
        sa.Column("fingerprint", text, nullable=False),
        sa.Column("run", text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("results_equal", "results", ["workspace", "fingerprint", "id"])
    op.create_index("results_newest", "results", ["workspace", "subject", "id"])
