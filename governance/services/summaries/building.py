"""What is looked up when a summary goes: answers that may still be read, and whose meetings it is still about.

The outbox keeps neither: an answer that was taken back, and a meeting that is not the reader's any more, are in no mail
that is built afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Standing, Thing, actor_of, as_told_of, may, may_receive
from governance.domain.ledger import Confidentiality
from governance.mail.facts import Facts
from governance.mail.facts_of_summaries import SponsorWeek, Summaries, Summary
from governance.mail.kinds import Topic
from governance.models.outbox import Outbox
from governance.services.attendance.cutting import ANSWERED
from governance.services.summaries.people import CHAIRS, LEADS
from governance.store import summary_times as store
from governance.store.clock import database_now
from governance.store.outbox import muted_topics
from governance.store.standing_of_people import standing_of_person

_ABOUT_ALL = frozenset({Summaries.KIND, SponsorWeek.KIND})


def as_it_goes(session: Session, row: Outbox, facts: Facts) -> Facts:
    """The facts of the row, with what may be said now."""
    if row.person_id is None or not isinstance(facts, Summary | Summaries):
        return facts
    if isinstance(facts, Summaries):
        theirs = read_still(session, row)
        facts = replace(facts, meetings=[one for one in facts.meetings if _of(one) in theirs])
    standings, now = standing_of_person(session, row.person_id).standings, database_now(session)
    facts = _as_they_lead(row, facts, actor_of(row.person_id, standings, now))
    return with_answers(session, row, facts, actor_of(row.person_id, standings, now, is_ahead=True))


def with_answers(session: Session, row: Outbox, facts: Facts, reader: Actor) -> Facts:
    """With the answers to the question of the week that are kept now, for who reads them."""
    if isinstance(facts, Summary) and row.meeting_id is not None:
        return _with_answers(session, reader, facts, row.meeting_id)
    if isinstance(facts, Summaries):
        return replace(facts, meetings=[_section(session, reader, one) for one in facts.meetings])
    return facts


def _as_they_lead(row: Outbox, facts: Summary | Summaries, reader: Actor) -> Summary | Summaries:
    """Whoever led when it was written, and leads no more, reads what everybody with a seat reads."""
    if isinstance(facts, Summary):
        return facts if row.meeting_id is None else replace(facts, **_cut(asdict(facts), reader, row.meeting_id))
    return replace(
        facts, meetings=[one | {"facts": one["facts"] | _cut(one["facts"], reader, _of(one))} for one in facts.meetings]
    )


def _cut(facts: Mapping[str, Any], reader: Actor, meeting: UUID) -> dict[str, Any]:
    """What of a summary reads otherwise than it was written."""
    if facts.get("reader") != "lead":
        return {}
    held = {one.who for one in reader.held if one.meeting == meeting}
    if held & CHAIRS:
        return {}
    if held & LEADS:
        return {"lead": facts["lead"] | {"say_do": []}} if facts.get("lead") else {}
    return {"reader": "seat", "lead": None, "question": _without_passing(facts.get("question"))}


def _without_passing(question: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """To the others a turn is over, however it ended; their own is told alike, for the facts name nobody by id."""
    if question is None:
        return None
    takers = [one | {"outcome": ANSWERED} if one.get("outcome") else one for one in question["takers"]]
    return {**question, "takers": takers}


def links_of(row: Outbox, facts: Facts) -> Mapping[str, str]:
    """Those that the mail carries: none of what was left out."""
    links: Mapping[str, str] = row.facts_json.get("links", {})
    if not isinstance(facts, Summaries):
        return links
    named = {owed.get("link") for one in facts.meetings for owed in one["facts"].get("owed", ())}
    return {name: link for name, link in links.items() if name in named}


def is_about_nothing(session: Session, row: Outbox) -> bool:
    """A mail about all meetings, none of which is the reader's any more."""
    return row.kind == Summaries.KIND and not _theirs(session, row)


def is_muted_throughout(session: Session, row: Outbox) -> bool:
    """A mail about several meetings: of those that are the reader's still, they want to hear of none."""
    if row.kind not in _ABOUT_ALL or row.person_id is None:
        return False
    meetings = _theirs(session, row) if row.kind == Summaries.KIND else set(_meetings(session, row))
    return bool(meetings) and meetings <= _muted(session, row.person_id)


def read_still(session: Session, row: Outbox) -> frozenset[UUID]:
    """The meetings of a mail about all of them that the reader still reads of, and wants to."""
    return _theirs(session, row) - _muted(session, row.person_id) if row.person_id else frozenset()


def _theirs(session: Session, row: Outbox) -> frozenset[UUID]:
    if row.person_id is None:
        return frozenset()
    standings = standing_of_person(session, row.person_id).standings
    actor = actor_of(row.person_id, of_its_reader(row, standings), database_now(session), is_ahead=True)
    about = {one: Thing(Kind.MEETING, one, owner=row.person_id) for one in _meetings(session, row)}
    return frozenset(one for one, thing in about.items() if may_receive(actor, Summary.KIND, thing))


def of_its_reader(row: Outbox, standings: tuple[Standing, ...]) -> tuple[Standing, ...]:
    """Whoever stood in gets the summary of that occurrence for longer than they may read anything else."""
    facts = row.facts_json["facts"]
    sections = [one["facts"] for one in facts["meetings"]] if row.kind == Summaries.KIND else [facts]
    for start in (one["start"] for one in sections if one.get("start")):
        standings = as_told_of(standings, datetime.fromisoformat(start))
    return standings


def _muted(session: Session, person_id: UUID) -> set[UUID]:
    return {meeting for meeting, topic in muted_topics(session, person_id) if topic == Topic.SUMMARIES}


def _meetings(session: Session, row: Outbox) -> Iterable[UUID]:
    facts = row.facts_json["facts"]
    if row.kind == Summaries.KIND:
        return [_of(one) for one in facts["meetings"]]
    return store.meetings_named(session, {one["slug"] for one in facts["closed"]})


def _of(section: Mapping[str, Any]) -> UUID:
    return UUID(section["meeting"])


def _section(session: Session, actor: Actor, section: dict[str, Any]) -> dict[str, Any]:
    facts = section["facts"]
    turns = list(_turns(facts.get("question")))
    if not turns or not _reads_answers(actor, _of(section)):
        return section
    return section | {"facts": facts | {"question": _answered(session, facts["question"], turns)}}


def _with_answers(session: Session, actor: Actor, facts: Summary, meeting: UUID) -> Summary:
    turns = list(_turns(facts.question))
    if facts.question is None or not turns or not _reads_answers(actor, meeting):
        return facts
    return replace(facts, question=_answered(session, facts.question, turns))


def _turns(question: Mapping[str, Any] | None) -> Iterator[UUID]:
    return (UUID(one["turn"]) for one in (question or {}).get("takers", ()) if one.get("turn"))


def _reads_answers(actor: Actor, meeting: UUID) -> bool:
    return may(actor, Act.READ, Thing(Kind.ANSWER, meeting, Confidentiality.SEATS))


def _answered(session: Session, question: Mapping[str, Any], turns: Iterable[UUID]) -> dict[str, Any]:
    kept = {str(turn): text for turn, text in store.kept_answers(session, turns).items()}
    takers = [
        one | {"answer": kept[one["turn"]]} if one.get("turn") in kept else one for one in question["takers"]
    ]  # fmt: skip
    return {**question, "takers": takers}
