"""From a link to its page: what it is about and whether it still works. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.meeting import Meeting
from governance.models.outbox import ActionLink
from governance.models.person import Person
from governance.services.link_pages import days, deciding, decisions, joining, mandates, offers, promising
from governance.services.link_pages.values import Act, LinkPage, Look, State
from governance.services.links import Purpose, link_id_of
from governance.services.mailing.desk import Desk
from governance.store import outbox as store
from governance.store.people import addresses_of, person_by_address

PURPOSES: Mapping[Purpose, tuple[Look, Act]] = {
    Purpose.CONFIRM_MANDATE: (mandates.look_confirm, mandates.act_confirm),
    Purpose.RENEW_MANDATE: (mandates.look_renew, mandates.act_renew),
    Purpose.GRANT_DEPUTY: (mandates.look_grant, mandates.act_grant),
    Purpose.NAME_STAND_IN: (days.look_stand_in, days.act_stand_in),
    Purpose.COME_AFTER_ALL: (days.look_after_all, days.act_after_all),
    Purpose.APPLY: (joining.look_apply, joining.act_apply),
    Purpose.LEAVE_NOTE: (joining.look_note, joining.act_note),
    Purpose.ENDORSE: (joining.look_endorse, joining.act_endorse),
    Purpose.ACCEPT_OFFER: (offers.look_accept, offers.act_accept),
    Purpose.DECLINE_OFFER: (offers.look_decline, offers.act_decline),
    Purpose.DECIDE_HELD: (deciding.look_held, deciding.act_held),
    Purpose.ADMIT_REMOVED: (deciding.look_removed, deciding.act_removed),
    Purpose.SETTLE_PROMISE: (promising.look_settle, promising.act_settle),
    Purpose.DECIDE_CONTESTED: (deciding.look_contested, deciding.act_contested),
    Purpose.RATIFY: (decisions.look_ratify, decisions.act_ratify),
    Purpose.COMMIT: (decisions.look_commit, decisions.act_commit),
}

UNKNOWN = LinkPage(state=State.UNKNOWN)


def page_of(session: Session, token: str, secret_key: str, now: datetime) -> LinkPage:
    """What the token's link shows; a forged token and one of a link that is no more are answered alike."""
    link_id = link_id_of(token, secret_key)
    link = store.link_by_id(session, link_id) if link_id is not None else None
    return UNKNOWN if link is None else shown(session, link, now)


def shown(session: Session, link: ActionLink, now: datetime) -> LinkPage:
    person = session.get(Person, link.person_id)
    meeting = session.get(Meeting, link.meeting_id) if link.meeting_id is not None else None
    if person is None or meeting is None or link.purpose not in list(Purpose):
        return UNKNOWN
    purpose = Purpose(link.purpose)
    addresses = addresses_of(session, person.id)
    page = LinkPage(
        state=_state(link, meeting, now),
        link=link,
        purpose=purpose,
        person=person,
        address=addresses[0].folded if addresses else "",
        meeting=meeting,
    )
    if page.state is not State.OPEN:
        return page
    look, _ = PURPOSES[purpose]
    about = look(Desk(session, meeting, now), person, link.thing_json)
    return replace(page, state=State.OPEN if about is not None else State.GONE, about=about)


def person_of(session: Session, address: str) -> UUID | None:
    """Whose session it is that has this address."""
    found = person_by_address(session, address)
    return found.id if found is not None else None


def _state(link: ActionLink, meeting: Meeting, now: datetime) -> State:
    if link.used_at is not None:
        return State.USED
    if link.revoked_at is not None or meeting.released_at is not None:
        return State.GONE
    return State.EXPIRED if now >= link.expires_at else State.OPEN
