"""Bringing a database to the current schema: one transaction, one process at a time.

Alembic is imported only when there is something to do, because it costs as much as the rest of a command together.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from governance.domain.errors import GovernanceError

FOLDER = Path(__file__).parent
_VERSIONS = FOLDER / "versions"

# Any number will do, as long as nothing else in the same PostgreSQL database locks it.
_LOCK = 7_304_118_226


class DatabaseNewer(GovernanceError):
    """The database was brought to a schema that this version of the program does not know."""

    def __init__(self, found: str) -> None:
        super().__init__(
            "Install the newer version of the program that this database was used with",
            f"its schema is {found}, and this program ends at {newest()}",
        )
        self.found = found


def known() -> list[str]:
    """The numbers of all migrations, in order; each file begins with its own."""
    return sorted(path.name.split("_", 1)[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def newest() -> str:
    return known()[-1]


def found(connection: Connection) -> str | None:
    """The number of the migration the database is at; none for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    number: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if number is not None and number not in known():
        raise DatabaseNewer(number)
    return number


def upgrade(connection: Connection) -> None:
    """Go to the newest schema inside the transaction that is open on the connection; whoever comes second waits."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    if found(connection) == newest():
        return
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection):  # type: ignore[no-untyped-def]  # noqa: ANN201 – imported late, see above
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
