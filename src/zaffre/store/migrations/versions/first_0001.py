"""The first schema.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table."""
    _resources()
    _runs()
    _work()
    _records()


def _resources() -> None:
    op.create_table(
        "resources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("workspace", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("parent", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("spec_hash", _TEXT, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("created_by", _TEXT, nullable=False),
        sa.Column("modified_at", sa.Float(), nullable=False),
        sa.Column("modified_by", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace", "kind", "parent", "name", "version", name="resources_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("resources_content", "resources", ["workspace", "kind", "spec_hash"], unique=False)
    op.create_index("resources_newest", "resources", ["workspace", "kind", "parent", "id"], unique=False)
    op.create_index("resources_versions", "resources", ["workspace", "kind", "parent", "name", "id"], unique=False)
    op.create_table(
        "containers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("workspace", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("next_version", sa.BigInteger(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("created_by", _TEXT, nullable=False),
        sa.Column("modified_at", sa.Float(), nullable=False),
        sa.Column("modified_by", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace", "kind", "name", name="containers_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("containers_newest", "containers", ["workspace", "kind", "id"], unique=False)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("workspace", _TEXT, nullable=False),
        sa.Column("type", _TEXT, nullable=False),
        sa.Column("status", _TEXT, nullable=False),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("token", _TEXT, nullable=False),
        sa.Column("cancel_by", _TEXT, nullable=True),
        sa.Column("parent", _TEXT, nullable=False),
        sa.Column("root", _TEXT, nullable=False),
        sa.Column("compute", _TEXT, nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("experiment", _TEXT, nullable=False),
        sa.Column("display_name", _TEXT, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("deadline", sa.Float(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("actor", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_autoincrement=True,
    )
    op.create_index("runs_children", "runs", ["parent"], unique=False)
    op.create_index("runs_newest", "runs", ["workspace", "id"], unique=False)
    op.create_index(
        "runs_placing", "runs", ["compute", "status", sa.literal_column("priority DESC"), "id"], unique=False
    )


def _work() -> None:
    op.create_table(
        "work",
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("due", sa.Float(), nullable=True),
        sa.Column("token", _TEXT, nullable=True),
        sa.Column("owner", _TEXT, nullable=True),
        sa.Column("until", sa.Float(), nullable=True),
        sa.Column("nudged", sa.Boolean(), nullable=False),
        sa.Column("topic", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("work_due", "work", ["due"], unique=False)
    op.create_index("work_free", "work", ["until", "due"], unique=False)
    op.create_index("work_topic", "work", ["topic"], unique=False)
    op.create_table(
        "leaders",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _records() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("type", _TEXT, nullable=False),
        sa.Column("workspace", _TEXT, nullable=False),
        sa.Column("subject", _TEXT, nullable=False),
        sa.Column("actor", _TEXT, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("events_subject", "events", ["subject", "seq"], unique=False)
    op.create_index("events_workspace", "events", ["workspace", "seq"], unique=False)
    op.create_table(
        "secrets",
        sa.Column("workspace", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("key_id", _TEXT, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "name"),
    )
    op.create_table(
        "repeats",
        sa.Column("scope", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("asked", _TEXT, nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key"),
    )
    op.create_index("repeats_age", "repeats", ["created_at"], unique=False)
