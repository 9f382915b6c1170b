"""The log of a thousand and of a hundred thousand decisions; its search beside a plain `LIKE` by hand."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from governance.domain.access import Actor
from governance.domain.decisions.values import Stance
from governance.models import Decision, Meeting, Person, Seat
from governance.models.identifiers import new_id
from governance.services.decisions import drafting, options, rounds, voicing
from governance.services.decisions.doing import Doing, begin
from tests.benchmarks.pages import Office, office
from tests.benchmarks.rows import Kind, Row, ratio
from tests.web.scenes import SLUG

FEW, MANY = 1_000, 100_000
PAGE = f"/m/{SLUG}/decisions"
ROUNDS = 5
ELECTORS = 12
WORDS = tuple(f"{start}{end}" for start in ("deliv", "part", "depot", "claim", "night") for end in range(200))
ONCE = ("unheardof", "unseen")
"""Words of the oldest decision alone, so that everything is looked through."""


def log() -> Iterator[Row]:
    with office(seats=10) as one:
        fill(one, FEW)
        few = _each(lambda: one.get(PAGE), 10)
        fill(one, MANY, begin=FEW)
        many = _each(lambda: one.get(PAGE), 10)
        note = f"{many * 1000:.2f} ms against {few * 1000:.2f} ms"
        about = f"the log with {MANY:,} decisions"
        yield ratio(about, f"its page against that with {FEW:,}", many / few, 1.2, note)
        for name, words in (("a rare word", ONCE[:1]), ("two rare words", ONCE), ("a common word", (WORDS[7],))):
            yield _searched(about, name, one, words)


def page() -> Iterator[Row]:
    """For comparison: the page of an open decision, everybody in, as the chair reads it."""
    with office(seats=ELECTORS) as one:
        address = f"{PAGE}/{_open(one)}"
        assert one.get(address)[2].count(b"We keep our word") == ELECTORS + 1, "every seat’s reason, and one interest"
        measured = _each(lambda: one.get(address), 10) * 1000
        yield Row(
            about=f"the page of a decision with {ELECTORS} electors", name="processor time", kind=Kind.MILLISECONDS,
            measured=round(measured, 2), limit=None,
        )  # fmt: skip


def _open(one: Office) -> UUID:
    """Every other seat objects; all say the same."""
    now = one.scene.now
    with one.scene.database.writing() as session:
        meeting = session.scalars(select(Meeting)).one()
        wording = drafting.Wording(title="Who keeps our word?")
        row = drafting.begin_draft(session, meeting, wording, actor="bench", source="bench", now=now)

        def doing() -> Doing:
            return begin(session, meeting, str(row.id), actor="bench", who=Actor(), source="bench", now=now)

        options.add_option(doing(), options.OptionWording(text="We do"), seat_id=None)
        rounds.open_positions(doing())
        for number, elector in enumerate(doing().value.electors):
            stance = Stance.OBJECT if number % 2 else Stance.LIVE
            words = "We keep our word"
            voicing.enter(doing(), elector.seat, voicing.Voice(stance=stance, reason=words, interest=words), round_=1)
        return row.id


def fill(one: Office, number: int, begin: int = 0) -> None:
    """Closed decisions up to that number, a thousand a year."""
    with one.scene.database.writing() as session:
        meeting = session.scalars(select(Meeting.id)).one()
        owners = session.scalars(select(Person.id)).all()
        seats = session.scalars(select(Seat.id)).all()
        chosen = random.Random(begin)
        for start in range(begin, number, 5_000):
            rows = [_row(meeting, owners, seats, one, chosen) for one in range(start, min(start + 5_000, number))]
            session.execute(insert(Decision), rows)


def _row(meeting: Any, owners: Any, seats: Any, number: int, chosen: random.Random) -> dict[str, Any]:
    year, seq = 1950 + number // 1000, number % 1000 + 1
    at = datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=8 * seq)
    words = " ".join(chosen.choices(WORDS, k=60)) + (f" {' '.join(ONCE)}" if number == 0 else "")
    return {
        "id": new_id(), "meeting_id": meeting, "seat_id": chosen.choice(seats), "state": "closed", "title": words[:60],
        "question": words[:200], "customer": words[60:72], "text": words[:300], "way": "consent", "by": "bench",
        "owner_person_id": chosen.choice(owners), "at": at, "closed_at": at, "number": f"D-{year}-{seq:03}",
        "number_year": year, "number_seq": seq, "search_text": words, "open_search_text": words,
        "customer_folded": words[60:72],
    }  # fmt: skip


def _searched(about: str, name: str, one: Office, words: tuple[str, ...]) -> Row:
    """The whole page with its search against what somebody would type at a prompt of the database."""
    other = sqlite3.connect(one.file)
    asks = " AND ".join("search_text LIKE ?" for _ in words)
    query = f"SELECT number, title FROM decision WHERE {asks} ORDER BY number DESC LIMIT 50"  # noqa: S608 – our words
    given = [f"%{word}%" for word in words]

    def by_hand() -> object:
        return other.execute(query, given).fetchall()

    address = f"text={'+'.join(words)}"
    assert (words[0] in ONCE) == (b"1950-001" in one.get(PAGE, QUERY_STRING=address)[2])
    theirs, ours = _each(by_hand, 1), _each(lambda: one.get(PAGE, QUERY_STRING=address), 1)
    other.close()
    note = f"{ours * 1000:.1f} ms against {theirs * 1000:.1f} ms"
    return ratio(about, f"search for {name}, the page against `LIKE` by hand", ours / theirs, 3, note)


def _each(do: Callable[[], object], times: int) -> float:
    do()
    found = []
    for _ in range(ROUNDS):
        begun = time.thread_time()
        for _ in range(times):
            do()
        found.append((time.thread_time() - begun) / times)
    return min(found)
