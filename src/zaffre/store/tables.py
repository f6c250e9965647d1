"""The tables, as SQLAlchemy sees them; private to the store, so that no other floor can know a column.

``migrations`` is what creates them in a database; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

_Id = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite gives ascending numbers by itself only to a column declared INTEGER."""
_Text = String().with_variant(String(collation="C"), "postgresql")
"""Compared byte by byte on every database, whatever language it was made for."""

resources = Table(
    "resources",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("workspace", _Text, nullable=False),
    Column("kind", _Text, nullable=False),
    Column("parent", _Text, nullable=False),
    Column("name", _Text, nullable=False),
    Column("version", _Text, nullable=False),
    Column("spec", JSON, nullable=False),
    Column("spec_hash", _Text, nullable=False),
    Column("state", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("created_by", _Text, nullable=False),
    Column("modified_at", Float, nullable=False),
    Column("modified_by", _Text, nullable=False),
    UniqueConstraint("workspace", "kind", "parent", "name", "version", name="resources_key"),
    Index("resources_newest", "workspace", "kind", "parent", "id"),
    Index("resources_versions", "workspace", "kind", "parent", "name", "id"),
    Index("resources_content", "workspace", "kind", "spec_hash"),
    sqlite_autoincrement=True,
)

containers = Table(
    "containers",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("workspace", _Text, nullable=False),
    Column("kind", _Text, nullable=False),
    Column("name", _Text, nullable=False),
    Column("next_version", BigInteger, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("created_by", _Text, nullable=False),
    Column("modified_at", Float, nullable=False),
    Column("modified_by", _Text, nullable=False),
    UniqueConstraint("workspace", "kind", "name", name="containers_key"),
    Index("containers_newest", "workspace", "kind", "id"),
    sqlite_autoincrement=True,
)

_priority = Column("priority", Integer, nullable=False)
runs = Table(
    "runs",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("name", _Text, nullable=False, unique=True),
    Column("workspace", _Text, nullable=False),
    Column("type", _Text, nullable=False),
    Column("status", _Text, nullable=False),
    Column("reason", JSON(none_as_null=True), nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("token", _Text, nullable=False),
    Column("cancel_by", _Text, nullable=True),
    Column("parent", _Text, nullable=False),
    Column("root", _Text, nullable=False),
    Column("compute", _Text, nullable=False),
    Column("slots", Integer, nullable=False),
    _priority,
    Column("experiment", _Text, nullable=False),
    Column("display_name", _Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("deadline", Float, nullable=True),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float, nullable=True),
    Column("ended_at", Float, nullable=True),
    Column("revision", Integer, nullable=False),
    Column("actor", _Text, nullable=False),
    Index("runs_newest", "workspace", "id"),
    Index("runs_placing", "compute", "status", _priority.desc(), "id"),
    Index("runs_children", "parent"),
    sqlite_autoincrement=True,
)

work = Table(
    "work",
    metadata,
    Column("key", _Text, primary_key=True),
    Column("due", Float, nullable=True),
    Column("token", _Text, nullable=True),
    Column("owner", _Text, nullable=True),
    Column("until", Float, nullable=True),
    Column("nudged", Boolean, nullable=False),
    Column("topic", _Text, nullable=True),
    Column("place", _Text, nullable=True),
    Index("work_topic", "topic"),
    Index("work_due", "due"),
    Index("work_free", "until", "due"),
)
"""What the control loop looks after: when each thing is to be looked at next, and who is looking now.

``place`` is the server that alone may look, because what it looks after is in its home; none where any server may."""

leaders = Table(
    "leaders",
    metadata,
    Column("name", _Text, primary_key=True),
    Column("owner", _Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("until", Float, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", _Id, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("type", _Text, nullable=False),
    Column("workspace", _Text, nullable=False),
    Column("subject", _Text, nullable=False),
    Column("actor", _Text, nullable=False),
    Column("data", JSON, nullable=False),
    Index("events_workspace", "workspace", "seq"),
    Index("events_subject", "subject", "seq"),
    sqlite_autoincrement=True,
)

secrets = Table(
    "secrets",
    metadata,
    Column("workspace", _Text, primary_key=True),
    Column("name", _Text, primary_key=True),
    Column("key_id", _Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Float, nullable=False),
)

repeats = Table(
    "repeats",
    metadata,
    Column("scope", _Text, primary_key=True),
    Column("key", _Text, primary_key=True),
    Column("asked", _Text, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("repeats_age", "created_at"),
)
"""Answers kept by Idempotency-Key."""

people = Table(
    "people",
    metadata,
    Column("name", _Text, primary_key=True),
    Column("role", _Text, nullable=False),
    Column("workspace", _Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("created_by", _Text, nullable=False),
    Column("modified_at", Float, nullable=False),
    Column("modified_by", _Text, nullable=False),
)
"""Who has a role, in one workspace or (empty) in all of them."""

tokens = Table(
    "tokens",
    metadata,
    Column("name", _Text, primary_key=True),
    Column("digest", _Text, nullable=False, unique=True),
    Column("person", _Text, nullable=False),
    Column("role", _Text, nullable=False),
    Column("workspace", _Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("created_by", _Text, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float, nullable=True),
    Column("revoked_at", Float, nullable=True),
)
"""Tokens by what they hash to; the tokens themselves are kept nowhere."""

quotas = Table(
    "quotas",
    metadata,
    Column("workspace", _Text, primary_key=True),
    Column("nodes", Integer, nullable=True),
    Column("modified_at", Float, nullable=False),
    Column("modified_by", _Text, nullable=False),
)
"""What was set in place of the settings' ``compute.quota``; no number is no limit."""

results = Table(
    "results",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("workspace", _Text, nullable=False),
    Column("subject", _Text, nullable=False),
    Column("fingerprint", _Text, nullable=False),
    Column("run", _Text, nullable=False),
    Index("results_equal", "workspace", "fingerprint", "id"),
    Index("results_newest", "workspace", "subject", "id"),
    sqlite_autoincrement=True,
)
"""Runs that succeeded, by what they were made of: an equal one need not run again.

``subject`` is what a run is the newest of (a step of a pipeline, a component), to tell what differs."""
