"""What a summary says is looked up when it goes, as far as the outbox must not know it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from governance.database import Database
from governance.mail.deciding import Policy
from governance.mail.facts import from_json, to_json
from governance.mail.facts_of_summaries import Summaries, Summary
from governance.models import KeptAnswer, Occurrence, Outbox, Person, Tenure, Turn
from governance.services import outbox, preferences, settings
from governance.services.delivery import _is_muted, still_theirs
from governance.services.mail_context import Office, mail_of
from governance.services.occurrences import kept_occurrence, next_occurrence
from governance.services.settings import RoleKind
from governance.store.people import person_by_address
from tests.services.summaries.weeks import meeting
from tests.web.scenes import CAST, CHAIR, SLUG, Scene, in_order

AMARA, ANNA = CAST[0][2], CAST[1][2]
ANSWER = "A lighthouse, because nobody knocks."
OFFICE = Office(
    site="Site", public_url="http://localhost:8080", secret_key="0123456789abcdef0123456789abcdef", time_zone="UTC",
    currency="EUR", sender="a@example.com", reply_to=None, daily_limit=100, policy=Policy(False, False),
)  # fmt: skip


@pytest.fixture
def scene(sqlite_database: Database) -> Scene:
    found = Scene(sqlite_database)
    in_order(found)
    in_order(found, "other", "Another meeting")
    return found


def person(session: Any, address: str) -> Person:
    found = person_by_address(session, address)
    assert found is not None
    row: Person = session.get_one(Person, found.id)
    return row


def answered(scene: Scene) -> UUID:
    """Anna took the question, and agreed that her answer is kept."""
    with scene.database.writing() as session:
        found = next_occurrence(session, meeting(session), scene.now)
        assert found is not None
        occurrence: Occurrence = kept_occurrence(session, found)
        turn = Turn(
            occurrence_id=occurrence.id, person_id=person(session, ANNA).id, kind="late", since=scene.now,
            outcome="answered",
        )  # fmt: skip
        session.add(turn)
        session.flush()
        session.add(KeptAnswer(turn_id=turn.id, text=ANSWER, at=scene.now))
        return turn.id


def facts(turn: UUID | None = None, **more: Any) -> Summary:
    taker = {"name": "Anna Meier", "outcome": "answered", "turn": str(turn) if turn else None}
    question = {"text": "Which building would you be?", "takers": [taker]}
    return Summary(reader="seat", start=None, end=None, since="2026-11-19T10:00:00+00:00", question=question, **more)


def posted(scene: Scene, to: str, what: Summary | Summaries, slug: str | None = SLUG) -> UUID:
    with scene.database.writing() as session:
        row = outbox.post(
            session, what, about="x", to=person(session, to), now=scene.now,
            meeting=meeting(session, slug) if slug else None,
        )  # fmt: skip
        assert row is not None
        return row.id


def question_in(scene: Scene, row: UUID) -> Any:
    with scene.database.reading() as session:
        built = mail_of(session, session.get_one(Outbox, row), OFFICE).facts
    assert isinstance(built, Summary)
    return built.question


def test_an_answer_is_in_the_mail_and_nowhere_in_the_outbox_until_it_is_taken_back(scene: Scene) -> None:
    turn = answered(scene)
    row = posted(scene, AMARA, facts(turn))

    first = question_in(scene, row)
    with scene.database.writing() as session:
        stored = str(session.get_one(Outbox, row).facts_json)
        session.execute(delete(KeptAnswer))
    again = question_in(scene, row)

    assert first["takers"][0]["answer"] == ANSWER
    assert ANSWER not in stored
    assert "answer" not in again["takers"][0]


@pytest.mark.parametrize("reader", [CHAIR, AMARA])
def test_no_answer_goes_to_somebody_without_a_seat(scene: Scene, reader: str) -> None:
    """The chair has none; Amara had one when the mail was posted."""
    row = posted(scene, reader, facts(answered(scene)))
    with scene.database.writing() as session:
        session.execute(delete(Tenure).where(Tenure.person_id == person(session, AMARA).id))

    found = question_in(scene, row)

    assert "answer" not in found["takers"][0]


LEAD = {"held": 2, "repaired": [], "say_do": [{"department": "Finance", "kept": 1, "made": 3}]}
PASSED = {"text": "Which building?", "takers": [{"name": "Anna Meier", "outcome": "passed", "turn": None}]}


def as_lead(scene: Scene, role: RoleKind | None) -> tuple[Summary, Summary]:
    """What Amara gets who was chair when both mails were written and has this role now: of one meeting, and of both."""
    with scene.database.writing() as session:
        for kind in RoleKind if role else ():
            holders = [person(session, AMARA)] if kind is role else [person(session, ANNA)]
            settings.set_role(session, meeting(session), kind, holders, actor="test", now=scene.now)
    one = Summary(reader="lead", start=None, end=None, since="2026-11-19T10:00:00+00:00", lead=LEAD, question=PASSED)
    with scene.database.reading() as session:
        section = {"meeting": str(meeting(session).id), "slug": SLUG, "name": SLUG, "time_zone": "UTC"}
    both = Summaries(meetings=[section | {"facts": to_json(one)}])
    rows = posted(scene, AMARA, one), posted(scene, AMARA, both, None)
    with scene.database.reading() as session:
        single, all_of_them = (mail_of(session, session.get_one(Outbox, row), OFFICE).facts for row in rows)
    assert isinstance(single, Summary)
    assert isinstance(all_of_them, Summaries)
    in_all = from_json("summary", all_of_them.meetings[0]["facts"])
    assert isinstance(in_all, Summary)
    return single, in_all


def test_a_chair_gets_what_was_written_for_them(scene: Scene) -> None:
    for found in as_lead(scene, RoleKind.CHAIR):
        assert (found.reader, found.lead, found.question) == ("lead", LEAD, PASSED)


def test_who_is_scribe_by_now_reads_nothing_of_say_and_do(scene: Scene) -> None:
    for found in as_lead(scene, RoleKind.SCRIBE):
        assert (found.reader, found.lead) == ("lead", LEAD | {"say_do": []})


def test_who_leads_no_more_gets_what_everybody_with_a_seat_gets(scene: Scene) -> None:
    for found in as_lead(scene, None):
        assert (found.reader, found.lead) == ("seat", None)
        assert found.question is not None
        assert [one["outcome"] for one in found.question["takers"]] == ["answered"]


# One mail about all meetings


def of_both(scene: Scene, turn: UUID | None = None) -> Summaries:
    with scene.database.reading() as session:
        ids = {slug: meeting(session, slug).id for slug in (SLUG, "other")}
    owed = {slug: [{"kind": "promise", "text": slug, "link": f"settle:{place}"}] for place, slug in enumerate(ids, 1)}
    return Summaries(
        meetings=[
            {
                "meeting": str(ids[slug]),
                "slug": slug,
                "name": slug,
                "time_zone": "UTC",
                "facts": {"question": facts(turn).question, "owed": owed[slug]},
            }
            for slug in ids
        ]
    )


def leave(scene: Scene, address: str, slug: str) -> None:
    with scene.database.writing() as session:
        of = meeting(session, slug).id
        for row in session.scalars(select(Tenure).where(Tenure.person_id == person(session, address).id)):
            if row.seat_id in {seat for (seat,) in session.execute(_seats(of))}:
                row.first_day = row.last_day = date(2026, 1, 1)


def _seats(of: UUID) -> Any:
    from governance.models import Seat

    return select(Seat.id).where(Seat.meeting_id == of)


def look(scene: Scene, row: UUID) -> tuple[list[str], list[str], bool, bool]:
    """Which meetings the mail is about, the links in it, whether it is still its reader's, and muted."""
    with scene.database.reading() as session:
        found = session.get_one(Outbox, row)
        built = mail_of(session, found, OFFICE)
        is_theirs, is_muted = still_theirs(session, found, OFFICE, scene.now), _is_muted(session, found)
    assert isinstance(built.facts, Summaries)
    return [one["slug"] for one in built.facts.meetings], sorted(built.context.links), is_theirs, is_muted


def test_what_is_about_a_meeting_that_is_not_theirs_any_more_is_left_out_with_its_links(scene: Scene) -> None:
    row = posted(scene, AMARA, of_both(scene, answered(scene)), None)
    with scene.database.writing() as session:
        found = session.get_one(Outbox, row)
        found.facts_json = {**found.facts_json, "links": {f"settle:{one}": str(UUID(int=one)) for one in (1, 2)}}
    both = look(scene, row)
    leave(scene, AMARA, "other")
    one = look(scene, row)
    leave(scene, AMARA, SLUG)
    none = look(scene, row)

    assert both == ([SLUG, "other"], ["settle:1", "settle:2"], True, False)
    assert one == ([SLUG], ["settle:1"], True, False)
    assert none == ([], [], False, False)


def test_a_meeting_that_is_muted_meanwhile_is_left_out_and_with_the_last_one_the_mail(scene: Scene) -> None:
    row = posted(scene, AMARA, of_both(scene), None)
    seen = []
    for slug in ("other", SLUG):
        with scene.database.writing() as session:
            preferences.mute(
                session, person(session, AMARA), meeting(session, slug), "summaries", now=scene.now, source="test"
            )
        seen.append(look(scene, row))

    assert seen == [([SLUG], [], True, False), ([], [], True, True)]


def test_a_mail_is_muted_when_one_meeting_is_not_theirs_any_more_and_the_other_is_muted(scene: Scene) -> None:
    row = posted(scene, AMARA, of_both(scene), None)
    leave(scene, AMARA, "other")
    with scene.database.writing() as session:
        preferences.mute(session, person(session, AMARA), meeting(session), "summaries", now=scene.now, source="test")

    assert look(scene, row) == ([], [], True, True)


def test_its_links_at_the_foot_are_about_all_meetings(scene: Scene) -> None:
    row = posted(scene, AMARA, of_both(scene), None)

    with scene.database.reading() as session:
        context = mail_of(session, session.get_one(Outbox, row), OFFICE).context

    assert context.preferences is not None
    assert context.one_click == context.preferences.replace("/preferences/", "/unsubscribe/")
