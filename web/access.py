"""Who is looking, and what of it is theirs. Nothing is decided here: the one table of `governance.domain.access` is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.config import Config
from governance.domain.access import THE_SITE, Act, Actor, Kind, Thing, actor_of, may, meetings_where
from governance.domain.people import fold_address
from governance.services.sign_in import OpenSession
from governance.store.standing_of_people import KnownPerson


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever sends the request; in the demo that is the chair, without an address of their own."""

    address: str
    actor: Actor
    csrf: str
    is_demo: bool = False

    @property
    def is_admin(self) -> bool:
        return may(self.actor, Act.RUN, THE_SITE)

    def may(self, act: Act, kind: Kind, meeting_id: UUID) -> bool:
        return may(self.actor, act, Thing(kind, meeting_id))

    def meetings(self, act: Act, kind: Kind = Kind.MEETING) -> Collection[UUID] | None:
        """Where the viewer may do it; None for everywhere."""
        return meetings_where(self.actor, act, kind)


def viewer_of(found: OpenSession, person: KnownPerson, config: Config, now: datetime) -> Viewer | None:
    """Judged at each request by the roles in force: None, and thereby no session, for who is nothing any more.

    Whoever will be something may be signed in, and sees nothing yet. An administrator is one as long as the
    configuration says so, whatever the session was opened as.
    """
    is_admin = found.is_admin and found.address in {fold_address(one) for one in config.site.admins}
    actor = actor_of(person.id, person.standings, now, is_admin=is_admin)
    ahead = actor_of(person.id, person.standings, now, is_admin=is_admin, is_ahead=True)
    return Viewer(found.address, actor, found.csrf) if may(ahead, Act.SIGN_IN, THE_SITE) else None
