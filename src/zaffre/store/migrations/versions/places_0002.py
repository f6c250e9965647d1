"""Work items that belong to one server of several.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the server's name to each work item; those there are belong to whoever claims them."""
    op.add_column(
        "work", sa.Column("place", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True)
    )
