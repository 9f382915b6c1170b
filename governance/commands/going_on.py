"""Going on with a restored copy: what `governance meeting resume` does besides ending a pause."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from governance.commands.judging import site_of
from governance.commands.site import Site, now
from governance.models.meeting import Meeting
from governance.reconcile.judging import judge
from governance.services.approvals import confirm_copy
from governance.services.recording import COMMAND


def go_on(session: Session, meetings: Iterable[Meeting], site: Site) -> list[str]:
    """A sentence for each meeting that is a restored copy: confirmed where nothing of it is held."""
    return [_go_on(session, meeting, site) for meeting in meetings if meeting.restored_hold]


def _go_on(session: Session, meeting: Meeting, site: Site) -> str:
    slug, moment = meeting.slug, now()
    if meeting.dirty:
        # The last picture is the copy's own, and may be as old as that.
        return f"Run `governance sync {slug}` first: {slug} is a restored copy, and its calendar was not read since."
    found = judge(session, meeting.id, site=site_of(site.config), now=moment)
    held = found.plan.keys_for_approval if found.plan is not None else ()
    if confirm_copy(session, meeting, held, source=COMMAND, now=moment):
        return f"{slug} goes on with the restored copy: nothing of it was held."
    return f"Look at `governance plan {slug}` and approve what is still wanted: the restored copy holds it."
