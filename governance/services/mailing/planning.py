"""What chair and scribe hear of a plan: changes that wait for them, and a change that somebody undoes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from governance.domain.roster import Roster
from governance.mail import facts
from governance.reconcile.drift import SERIES_SCOPE
from governance.reconcile.plan import Applied, HoldKind, Plan, Planned
from governance.services.links import Purpose
from governance.services.mailing.letters import LinkWish, Post

MOST_LISTED = 20
UNDONE = frozenset({HoldKind.CONTESTED, HoldKind.ONCE_A_DAY})


def held_posts(
    plan: Plan,
    *,
    leads: Collection[UUID],
    names: Mapping[str, str],
    approved_before: int,
    next_start: datetime | None,
) -> Iterator[Post]:
    """One mail a lead for each held set; the same set is another matter only once it was approved in between."""
    checksum = plan.checksum
    if checksum is None:
        return
    held = plan.for_approval
    told = facts.Held(
        checksum=checksum,
        whys=list(dict.fromkeys(one.held.why for one in held if one.held is not None)),
        changes=[_line(one, names) for one in held[:MOST_LISTED]],
        more=max(len(held) - MOST_LISTED, 0),
        next=next_start.isoformat() if next_start else None,
    )
    about = f"{checksum}:{approved_before}" if approved_before else checksum
    link = LinkWish(name="decide", purpose=Purpose.DECIDE_HELD, thing={"checksum": checksum})
    for lead in leads:
        yield Post(facts=told, about=about, to=lead, links=(link,))


def contested_posts(
    plan: Plan,
    *,
    chairs: Iterable[UUID],
    names: Mapping[str, str],
    applied: Collection[Applied],
    roster: Roster,
    now: datetime,
) -> Iterator[Post]:
    """At most one a day for each change, of a person who takes themselves off or of somebody who brings one along."""
    day = roster.day_of(now)
    undone = [one for one in plan.changes if one.held is not None and one.held.kind in UNDONE]
    for one in undone:
        change = one.change
        line = _line(one, names)
        told = facts.Contested(
            deed=line["deed"] or "",
            who=line["who"],
            when=line["when"],
            times=sum(1 for done in applied if done.key == change.key),
            reason=change.reason,
        )
        thing = {"scope": change.scope, "kind": change.kind.value, "target": change.target, "rule": change.rule}
        link = LinkWish(name="decide", purpose=Purpose.DECIDE_CONTESTED, thing=thing)
        for chair in chairs:
            yield Post(facts=told, about=f"{day}:{':'.join(change.key)}", to=chair, links=(link,))


def _line(planned: Planned, names: Mapping[str, str]) -> dict[str, str | None]:
    change = planned.change
    who = change.target if "@" in change.target else None
    return {
        "deed": change.kind.value,
        "who": None if who is None else _named(names, who),
        "when": None if change.scope == SERIES_SCOPE else change.scope,
        "rule": change.rule,
        "reason": change.reason,
    }


def _named(names: Mapping[str, str], address: str) -> str:
    name = names.get(address)
    return f"{name} ({address})" if name and name != address else address
