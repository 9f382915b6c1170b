"""An act on a meeting, tried: taken back once it is known what follows, or kept if that is exactly what was shown."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from sqlalchemy.orm import Session

from governance.models import Meeting
from governance.services import sign_in
from governance.services.rehearsal import Rehearsal, approve_consequences
from web.acting_for import by_whom
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site

Tries = Callable[[Session], tuple[Meeting, Rehearsal]]


class _NotKept(Exception):
    """Carries what was found out of the transaction, which is rolled back."""

    def __init__(self, found: Rehearsal) -> None:
        self.found = found


def what_follows(tries: Tries) -> Rehearsal:
    """Nothing of it stays."""
    try:
        with site().database.writing() as session:
            raise _NotKept(tries(session)[1])
    except _NotKept as left:
        return left.found


def carry_out(tries: Tries) -> Rehearsal | None:
    """Done, with the approval of what the form says was shown; else what follows by now, and nothing was done."""
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting, found = tries(session)
            if found.consequences.mark != request.form.get("shown"):
                raise _NotKept(found)
            by = by_whom(session, meeting)
            approve_consequences(session, meeting, found.consequences, by=by, source=WEB, now=now)
            sign_in.keep_open(session, session_cookie(), now)
    except _NotKept as left:
        return left.found
    return None
