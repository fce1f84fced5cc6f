"""Runs inside the transaction that `registry.database.migrations.migrate` opened; a schema change is all or nothing."""

from alembic import context

from registry.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
