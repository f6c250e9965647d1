"""Where alembic enters: it works on the connection, and in the transaction, that ``migrations.migrate`` hands it."""

from __future__ import annotations

from alembic import context

from zaffre.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
