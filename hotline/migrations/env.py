"""What Alembic runs: migrate in the transaction that was handed in."""

from alembic import context

from hotline.migrations import every_table

context.configure(
    connection=context.config.attributes["session"],
    target_metadata=list(every_table()),
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,
)
context.run_migrations()
