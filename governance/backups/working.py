"""Is anybody at work on the database that is about to be replaced?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from governance.backups.refusals import InUse
from governance.database import Database
from governance.services.workers import LEASE_SECONDS
from governance.store.workers import names_at_work


def refuse_if_at_work(database: Database) -> None:
    with database.reading() as session:
        refuse_if_session_shows_work(session)


def refuse_if_session_shows_work(session: Session) -> None:
    """Whatever the schema's age; a database without our tables has no workers."""
    names = names_at_work(session, within=timedelta(seconds=LEASE_SECONDS))
    if names:
        raise InUse(names[0])
