"""On whose behalf a command acts, and whether they may: asked of the same table as every page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from governance.commands.site import OPERATOR, Site
from governance.domain import access
from governance.domain.access import Act, Actor, Kind, Thing, actor_of, may
from governance.domain.errors import GovernanceError
from governance.domain.people import checked_address, fold_address
from governance.models.meeting import Meeting
from governance.store.standing_of_people import standing_of_address


class NotTheirs(GovernanceError):
    """The person may not do that; nothing was done."""


def on_behalf_of(site: Site, session: Session, email: str | None, now: datetime) -> tuple[str, Actor]:
    """The name for the record, and the roles in force; without an address the operator.

    Raises:
        MalformedAddress: when it cannot be one.
    """
    if email is None:
        return OPERATOR, access.OPERATOR
    folded = checked_address(email)
    person = standing_of_address(session, folded)
    is_admin = folded in {fold_address(one) for one in site.config.site.admins}
    return folded, actor_of(person.id, person.standings, now, is_admin=is_admin)


def check_may_decide(actor: Actor, meeting: Meeting, *, by: str) -> None:
    if not may(actor, Act.DECIDE, Thing(Kind.INVITATION, meeting.id)):
        raise NotTheirs(
            "Name the chair, the scribe or an administrator with --by, or leave it out to decide as the operator",
            f"{by} has no part in {meeting.slug} that decides",
        )
