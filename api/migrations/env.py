"""Alembic's environment: runs on the connection that ``Database.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from api.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # The transaction is Database.writing()'s, so that a failed step leaves nothing behind.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
