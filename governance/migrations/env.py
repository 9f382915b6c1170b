"""What Alembic runs: on the connection it is handed, inside the transaction that is already open there."""

from alembic import context

from governance.migrations.decision_guard import put_decision_guard
from governance.migrations.ledger_guard import put_ledger_guard
from governance.models import whole_metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=whole_metadata(),
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
# After every run, not in single migrations: SQLite copies a table to alter it, and the copy has no triggers.
put_ledger_guard(connection)
put_decision_guard(connection)
