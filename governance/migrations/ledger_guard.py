"""The triggers by which the database itself refuses to change the ledger.

Entries can only be added. A payload can only be erased, once, and as a whole. SQLite's REPLACE deletes rows without
asking any trigger for DELETE, so there every insert that would replace a row is refused before it begins.
"""

from sqlalchemy import Connection, inspect, text

_REFUSAL = "the ledger is only ever added to"


def put_ledger_guard(connection: Connection) -> None:
    """Put all triggers in place, whichever are there already; nothing while there is no ledger."""
    if not inspect(connection).has_table("ledger_payload"):
        return
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.execute(text(statement))


_ERASURE = """
    OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.salt IS NULL AND NEW.body_json IS NULL
    AND NEW.entry_id = OLD.entry_id
"""


def _sqlite(name: str, moment: str, condition: str = "") -> tuple[str, str]:
    when = f"WHEN {condition}" if condition else ""
    return (
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {moment} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    )


_SQLITE = (
    *_sqlite("ledger_entry_no_update", "UPDATE ON ledger_entry"),
    *_sqlite("ledger_entry_no_delete", "DELETE ON ledger_entry"),
    *_sqlite(
        "ledger_entry_no_replace",
        "INSERT ON ledger_entry",
        "EXISTS (SELECT 1 FROM ledger_entry WHERE rowid = NEW.rowid OR id = NEW.id"
        " OR (chain = NEW.chain AND (seq = NEW.seq OR previous_hash = NEW.previous_hash)))",
    ),
    *_sqlite("ledger_payload_only_erased", "UPDATE ON ledger_payload", f"NOT ({_ERASURE} AND NEW.rowid = OLD.rowid)"),
    *_sqlite("ledger_payload_no_delete", "DELETE ON ledger_payload"),
    *_sqlite(
        "ledger_payload_no_replace",
        "INSERT ON ledger_payload",
        "EXISTS (SELECT 1 FROM ledger_payload WHERE rowid = NEW.rowid OR entry_id = NEW.entry_id)",
    ),
)


def _postgresql(name: str, moment: str, *, each: str = "ROW", condition: str = "") -> tuple[str]:
    when = f"WHEN ({condition})" if condition else ""
    return (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {moment} FOR EACH {each} {when}"
        " EXECUTE FUNCTION refuse_to_change_the_ledger()",
    )


_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_to_change_the_ledger() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    *_postgresql("ledger_entry_no_update", "UPDATE ON ledger_entry"),
    *_postgresql("ledger_entry_no_delete", "DELETE ON ledger_entry"),
    *_postgresql("ledger_entry_no_truncate", "TRUNCATE ON ledger_entry", each="STATEMENT"),
    *_postgresql("ledger_payload_only_erased", "UPDATE ON ledger_payload", condition=f"NOT ({_ERASURE})"),
    *_postgresql("ledger_payload_no_delete", "DELETE ON ledger_payload"),
    *_postgresql("ledger_payload_no_truncate", "TRUNCATE ON ledger_payload", each="STATEMENT"),
)
