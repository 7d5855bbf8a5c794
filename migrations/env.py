"""Alembic's entry: one transaction for a whole upgrade, on the engine handed in."""

from alembic import context

import app.models  # noqa: F401  # the tables must be known to the metadata
from app.db import metadata

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"
STATEMENT_TIMEOUT = "SET LOCAL statement_timeout = '10min'"

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=False)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(LOCK_TIMEOUT)
        connection.exec_driver_sql(STATEMENT_TIMEOUT)
    context.run_migrations()
