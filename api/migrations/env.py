"""Alembic's environment: runs on the connection that ``Database.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from api.tables import METADATA


def run() -> None:
    """Run the steps in the caller's own transaction, so that a failed one leaves nothing behind."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


# Alembic fills ``context`` before it loads this file; whoever else imports it (doctests) runs nothing.
if hasattr(context, "config"):
    run()
