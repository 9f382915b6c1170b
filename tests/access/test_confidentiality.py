"""Words planted in every text are looked for in everything that leaves the program, by everybody who could get it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Session

from governance.commands.exporting import write_export
from governance.domain.access import OPERATOR, Actor, Kind, Thing, Who, actor_of, may_receive
from governance.domain.decisions.values import Stance
from governance.logs import JsonLines, TextLines
from governance.models import Meeting, Outbox, whole_metadata
from governance.services.meeting_page import cut_for, meeting_page
from governance.store.meetings import meeting_by_slug
from governance.store.standing_of_people import standing_of_address
from tests.access.asking import asker
from tests.access.canaries import CANARIES, CHAIRS, COLUMNS, LEADS, NOBODY_WRITES, OF_POSITIONS, Canary
from tests.access.decided import WITHDRAWN
from tests.access.expectations import ROUTES
from tests.access.mails import text_of
from tests.access.situation import ADDRESSES, METRICS_TOKEN, OWN, Situation, Whose, everything, plant_record
from tests.architecture.source import guard
from tests.web.scenes import ADMIN
from web.wording.decisions import stance

READERS = {address: who for who, address in ADDRESSES.items()}


@dataclass(slots=True)
class Looked:
    """Every answer for everybody, and what was logged meanwhile, at the lowest level."""

    answers: dict[Who, dict[str, str]] = field(default_factory=dict)
    log: list[logging.LogRecord] = field(default_factory=list)

    def shown_to(self, who: Who) -> set[str]:
        return {one.name for text in self.answers[who].values() for one in found_in(text)}


@pytest.fixture(scope="module")
def looked(situation: Situation) -> Looked:
    """The worker has a look as well; after the pages, for it writes."""
    found = Looked()
    with _logged(found.log):
        for who in Who:
            found.answers[who] = dict(_answers(situation, who))
        situation.scene.cycle(OWN)
    return found


def found_in(text: str | bytes) -> list[Canary]:
    plain = (text.decode(errors="replace") if isinstance(text, bytes) else text).casefold()
    return [one for one in CANARIES if one.word in plain]


def leaks(text: str | bytes, who: Who) -> list[str]:
    """What the text has that is not for them."""
    return [one.name for one in found_in(text) if not one.may_be_read_by(who)]


def test_every_text_that_the_database_holds_is_planted_or_written_by_nobody() -> None:
    texts = {
        f"{table.name}.{column.name}"
        for table in whole_metadata().tables.values()
        for column in table.columns
        if isinstance(column.type, String | JSON)
    }

    guard(
        sorted(texts ^ (COLUMNS.keys() | NOBODY_WRITES)),
        why="What nobody has planted a word in may be shown to anybody unnoticed.",
        instead="Add a canary in tests/access/canaries.py and plant it, or list the column as one that nobody writes.",
    )


def test_every_planted_word_is_where_it_was_planted(situation: Situation) -> None:
    with situation.database.reading() as session:
        stored = everything(session)
    words = {one.name: one.word for one in CANARIES}

    missing = [(where, name) for where, names in COLUMNS.items() for name in names if words[name] not in stored[where]]

    assert missing == []
    assert {name for names in COLUMNS.values() for name in names} == words.keys()


@pytest.mark.parametrize("who", Who)
def test_no_answer_shows_anybody_what_is_not_for_them(looked: Looked, who: Who) -> None:
    answers = looked.answers[who]

    assert {where: found for where, text in answers.items() if (found := leaks(text, who))} == {}
    assert len(answers) > len(ROUTES)


def test_nobody_else_is_told_what_any_seat_said_of_a_decision(looked: Looked) -> None:
    """Not in a word either that follows from it, such as a count: the badges of positions are on no page of theirs."""
    others = set(Who) - OF_POSITIONS

    told = {
        (who, where, badge.word)
        for who in others
        for where, text in looked.answers[who].items()
        for badge in map(stance, Stance)
        if re.search(rf"</svg>{badge.word}", text)
    }

    assert told == set()
    own = looked.answers[Who.DELEGATE].values()
    assert any(re.search(rf"</svg>{stance(Stance.OBJECT).word}", text) for text in own)


def test_what_somebody_may_read_is_there_for_them(looked: Looked) -> None:
    """Else a harness that looks at empty pages would find nothing wrong."""
    shown = {who: looked.shown_to(who) for who in Who}

    missing = [one.name for one in CANARIES if one.is_shown and not any(one.name in some for some in shown.values())]

    assert missing == []
    assert {"mandate scope", "deputy"} <= shown[Who.SPONSOR]
    assert shown[Who.LEADERSHIP] == {
        *("meeting name", "department", "delegate", "other delegate", "chair", "scribe"),
        *("charter short", "charter purpose", "measure"),
        *("decision", "decision customer", "decision text", "customer effect", "teller", "informed", "how it was kept"),
        "brief that went",
    }
    assert shown[Who.APPLICANT] == {"meeting name", "department", "delegate note"}
    assert shown[Who.NOBODY] == set()


def test_no_page_for_machines_and_nobody_in_particular_has_any_word_of_anybody(situation: Situation) -> None:
    browser = situation.app.test_client()
    bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}

    figures = browser.get("/metrics", headers=bearer)
    texts = [figures.data, *(text for _, text in _answers(situation, None))]

    assert b"governance_changes_held" in figures.data
    assert [found_in(text) for text in texts if found_in(text)] == []


def test_an_export_takes_along_what_is_exported_and_no_more(situation: Situation, tmp_path: Path) -> None:
    with situation.database.reading() as session:
        write_export(session, tmp_path / "all", actor=OPERATOR, now=situation.scene.now, currency="EUR")

    text = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "all").rglob("*") if file.is_file())
    names = {one.name for one in found_in(text)}

    assert [one.name for one in CANARIES if one.name in names and not one.is_exported] == []
    assert {"delegate", "mandate scope", "charter purpose"} <= names


def test_nobody_else_can_export_anything(situation: Situation, tmp_path: Path) -> None:
    with situation.database.reading() as session:
        write_export(session, tmp_path / "none", actor=Actor(), now=situation.scene.now, currency="EUR")

    text = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "none").rglob("*") if file.is_file())

    assert found_in(text) == []


def test_no_line_of_the_log_has_any_word_of_anybody(looked: Looked) -> None:
    ours = [one for one in looked.log if one.name.split(".")[0] in ("governance", "jobs", "web")]
    lines = [form.format(one) for one in ours for form in (JsonLines(), TextLines())]

    assert lines
    assert [line for line in lines if found_in(line)] == []


def test_no_mail_that_still_goes_out_says_more_than_is_for_its_reader(situation: Situation) -> None:
    """Whoever is no chair any more when it would be sent does not get it."""
    wrong: list[str] = []
    with situation.database.reading() as session:
        every = session.scalars(select(Outbox)).all()
        rows = [row for row in every if may_still_get(session, row, situation)]
        elsewhere = session.scalar(select(Meeting.id).where(Meeting.slug == situation.slug(Whose.FOREIGN)))
        for row in rows:
            roles = {one.who for one in reader_of(session, row, situation).held if one.meeting == row.meeting_id}
            text = text_of(row, session.get(Meeting, row.meeting_id) if row.meeting_id else None)
            wrong += [
                f"{row.kind} tells {row.address} of the {one.name}"
                for one in found_in(text)
                if not any(one.may_be_read_by(who) for who in roles or {Who.NOBODY})
                and row.kind not in one.mails
                and not (one.name.startswith("foreign") and row.meeting_id == elsewhere)
            ]

    assert wrong == []
    assert {"note", "held"} <= {row.kind for row in rows}
    assert len(rows) < len(every)


def reader_of(session: Session, row: Outbox, situation: Situation) -> Actor:
    person = standing_of_address(session, row.address)
    is_admin = row.address == ADMIN
    return actor_of(person.id, person.standings, situation.scene.now, is_admin=is_admin, is_ahead=True)


def may_still_get(session: Session, row: Outbox, situation: Situation) -> bool:
    thing = Thing(Kind.MEETING, row.meeting_id, owner=row.person_id)
    return may_receive(reader_of(session, row, situation), row.kind, thing)


@pytest.mark.parametrize("who", Who)
def test_a_word_that_is_not_for_them_is_seen(who: Who) -> None:
    """The harness itself: whatever is not for somebody is found in a text that has it all."""
    everything_planted = " ".join(one.word for one in CANARIES)

    assert set(leaks(everything_planted, who)) == {one.name for one in CANARIES if not one.may_be_read_by(who)}
    assert leaks(everything_planted, who)


def test_a_page_that_was_not_cut_would_be_noticed(situation: Situation) -> None:
    with situation.database.reading() as session:
        meeting = meeting_by_slug(session, OWN)
        assert meeting is not None
        whole = meeting_page(session, meeting, situation.scene.now)
    nobody = cut_for(whole, Actor())

    assert leaks(repr(whole), Who.LEADERSHIP)
    assert leaks(repr(nobody), Who.LEADERSHIP) == []


def test_private_entries_are_for_the_chairs_alone(looked: Looked) -> None:
    shown = {who: looked.shown_to(who) for who in Who}

    assert {who for who in Who if "record private" in shown[who]} == CHAIRS
    assert {who for who in Who if "record seats" in shown[who]} == LEADS


@contextmanager
def _logged(records: list[logging.LogRecord]) -> Iterator[None]:
    handler, root = logging.Handler(), logging.getLogger()
    handler.emit = records.append  # type: ignore[method-assign]
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def _answers(situation: Situation, who: Who | None) -> Iterator[tuple[str, str]]:
    """What every route answers, for every thing; `expectations.ROUTES` is every route there is.

    Asking for everything records things, too: what a page shows of the record is planted anew each time.
    """
    with situation.database.writing() as session:
        plant_record(situation, session)
    somebody = asker(situation, who)
    yield "nowhere", somebody.browser.get("/nothing/here").text
    yield "stale", somebody.browser.post(f"/m/{OWN}/approve", data={"csrf": somebody.csrf, "checksum": "0"}).text
    yield "withdrawn", somebody.browser.get(f"/m/{OWN}/decisions/{WITHDRAWN}").text
    last = [key for key in ROUTES if key[0] == "sign_in.sign_out"]
    # Looking comes before doing, and leaving comes last.
    for key in [*sorted(ROUTES.keys() - set(last), key=lambda one: one[1]), *last]:
        for whose in Whose:
            yield f"{'.'.join(key)} of {whose}", somebody.ask(key, ROUTES[key], whose).text
