"""Using a link: once, by POST, as the person whom it names; whoever sent the form has confirmed to be that person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.meeting import Meeting
from governance.services.link_pages.finding import PURPOSES, UNKNOWN, shown
from governance.services.link_pages.values import LinkPage, LinkRefused, State, Use
from governance.services.mailing.desk import Desk
from governance.store import outbox as store
from governance.store.meetings import lock_meeting


def use_link(
    session: Session, link_id: UUID, verb: str, given: Mapping[str, str], *, currency: str, now: datetime
) -> LinkPage:
    """The page as it is afterwards. A link that does not work any more does nothing, and says so by its state.

    Raises:
        GovernanceError: what was filled in, or the roster, does not allow it; nothing was done, the link still works.
    """
    link = store.link_by_id(session, link_id)
    meeting = session.get(Meeting, link.meeting_id) if link is not None and link.meeting_id is not None else None
    if link is None or meeting is None:
        return UNKNOWN
    # The meeting before its links, as everybody locks them.
    lock_meeting(session, meeting)
    link = store.link_by_id(session, link_id, for_use=True)
    if link is None:
        return UNKNOWN
    session.refresh(link)
    page = shown(session, link, now)
    if page.state is not State.OPEN or page.about is None or page.person is None or page.purpose is None:
        return page
    if verb not in {one.code for one in page.about.verbs}:
        raise LinkRefused("Use a button of the page", "there is nothing of that kind to do here")
    _, act = PURPOSES[page.purpose]
    use = Use(
        session=session,
        meeting=meeting,
        person=page.person,
        desk=Desk(session, meeting, now),
        thing=link.thing_json,
        verb=verb,
        given=given,
        currency=currency,
        now=now,
    )
    link.outcome = act(use)
    link.used_at = now
    session.flush()
    return shown(session, link, now)
