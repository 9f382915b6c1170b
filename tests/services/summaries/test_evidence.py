"""What the rules of the suggestion look at follows from what was gathered; nothing is asked of a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from governance.domain.agenda import Coming, Planned, Purpose
from governance.domain.attendance import Attendance, State
from governance.domain.charter import Charter, Measure
from governance.domain.decisions.life import Remark
from governance.domain.decisions.values import Decision
from governance.domain.limits import Standing, Tally
from governance.domain.roster import Term
from governance.domain.rules import Mode, Modes
from governance.domain.summaries.suggesting import Looked, Stuck, Told, Vacant
from governance.models import Decision as Row
from governance.models import Meeting
from governance.services.agenda.values import AgendaLine, Item
from governance.services.attendance.reading import SeatTerms, Settings
from governance.services.attendance.values import AttendancePage, Column, PersonName, SeatRow
from governance.services.links import Purpose as LinkPurpose
from governance.services.summaries.ahead import Ahead
from governance.services.summaries.decided import Known
from governance.services.summaries.evidence import Material, looked, told_before
from governance.services.summaries.people import KnownSeat, People
from governance.services.summaries.values import Owed, Period

NOW = datetime(2026, 11, 26, 11, tzinfo=UTC)
TODAY = NOW.date()
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
ANN = PersonName(uuid4(), "Ann")
MEETING = uuid4()
LEGAL, SALES = uuid4(), uuid4()
HERE, LATE, GONE = Attendance(State.ON_TIME), Attendance(State.LATE, late_minutes=3), Attendance(State.ABSENT)
SORRY, STOOD_IN = Attendance(State.APOLOGY), Attendance(State.APOLOGY, is_stood_in=True)
NOTHING = {name: [] for name in ("waiting", "offered", "deputies", "items", "measures")}


def test_of_a_meeting_that_is_in_order_nothing_is_said() -> None:
    assert looked(material(), []) == Looked(planned=Planned(0, 60, 0), has_room=True)


def test_a_seat_is_vacant_since_its_last_holder_left_or_since_it_was_opened() -> None:
    left = seat(SALES, "Sales", (ANN, Term(TODAY - 60 * DAY, TODAY - 31 * DAY)))
    never = seat(LEGAL, "Legal", opened_on=TODAY - 5 * DAY)
    around = {"waiting": [row(seat_id=SALES), row(seat_id=SALES)], "offered": [row(seat_id=LEGAL)]}

    found = looked(material(seats=[left, never], around=around), [])

    assert [Vacant("Sales", 30, waiting=2), Vacant("Legal", 5, is_offered=True)] == list(found.vacant)


@pytest.mark.parametrize("term", [Term(TODAY - DAY), Term(TODAY + DAY), Term(TODAY - DAY, TODAY)])
def test_one_that_is_held_or_will_be_is_not_vacant(term: Term) -> None:
    assert not looked(material(seats=[seat(SALES, "Sales", (ANN, term))]), []).vacant
    closed = replace(seat(SALES, "Sales"), closed_on=TODAY)
    assert not looked(material(seats=[closed]), []).vacant


def test_the_cap_has_room_while_fewer_seats_are_held() -> None:
    held = seat(SALES, "Sales", (ANN, Term(TODAY)))

    assert looked(material(seats=[held], cap=2), []).has_room
    assert not looked(material(seats=[held], cap=1), []).has_room


def test_mandates_that_end_in_the_next_quarter_are_not_urgent() -> None:
    ending = [{"department": "Sales", "last_day": "2026-12-31"}, {"department": "Legal", "last_day": "2027-01-01"}]

    assert looked(material(), ending).ending == ("Sales",)


def test_what_decisions_lack_is_told_with_the_meetings_there_were_since() -> None:
    lacking = (Remark("D05", "missing: the owner, the date", ""), Remark("D04", "Sales: …", ""))
    old = known(NOW - 5 * WEEK, *lacking, decided_at=NOW - 4 * WEEK)
    new = known(NOW - timedelta(hours=1), Remark("D03", "not heard: Sales", ""))

    found = looked(material(known=[old, new], columns=columns(3)), [])

    assert list(found.stuck) == [
        Stuck("the owner", 3), Stuck("the date", 3), Stuck("the sponsor’s word", 3), Stuck("the word of each seat", 0),
    ]  # fmt: skip


def test_what_the_closing_needs_is_lacking_since_it_was_decided() -> None:
    lacking = (Remark("D05", "missing: the owner", ""), Remark("D03", "not heard: Sales", ""))
    one = known(NOW - 4 * WEEK, *lacking, decided_at=NOW - timedelta(hours=1))

    found = looked(material(known=[one], columns=columns(3)), [])

    assert list(found.stuck) == [Stuck("the owner", 0), Stuck("the word of each seat", 3)]


def test_a_closed_decision_lacks_nothing() -> None:
    one = known(NOW - 4 * WEEK, Remark("D06", "no commitment: Sales", ""))

    assert not looked(material(known=[replace(one, value=replace(one.value, closed_at=NOW))]), []).stuck


def test_late_promises_count_for_the_department_that_owes_them() -> None:
    promises = [owed(SALES, TODAY - DAY), owed(SALES, TODAY - 9 * DAY), owed(LEGAL, TODAY), owed(None, TODAY - DAY)]
    seats = [seat(SALES, "Sales", (ANN, Term(TODAY))), seat(LEGAL, "Legal", (ANN, Term(TODAY)))]

    assert looked(material(seats=seats, promises=promises), []).late == {"Sales": 2}


def test_the_next_agenda_is_compared_with_its_time() -> None:
    agenda = [item("Refund", 45, returns=3), item("Night shift", 30, returns=2), item("Visits", None, returns=0)]

    found = looked(material(agenda=agenda), [])

    assert found.planned == Planned(75, 60, 1)
    assert found.returning == ("Refund",)


def test_meetings_without_an_agenda_are_counted_back_from_the_newest_that_took_place() -> None:
    weeks = columns(4)
    weeks[3] = replace(weeks[3], is_cancelled=True)
    items = [placed(weeks[0].occurrence_id, "Sales")]

    assert looked(material(columns=weeks, around={"items": items}), []).without_agenda == 2


def test_an_item_counts_once_for_who_brought_it_however_often_it_came_back() -> None:
    first = placed(uuid4(), "Sales")
    again = SimpleNamespace(**vars(first) | {"occurrence_id": uuid4()})

    found = looked(material(around={"items": [first, again, placed(uuid4(), "Legal"), placed(uuid4(), None)]}), [])

    assert found.brought == {"Sales": 1, "Legal": 1, "the chair": 1}


def test_nobody_sat_where_the_delegate_was_away_and_nobody_stood_in() -> None:
    rows = [seat_row(SALES, "Sales", SORRY, GONE, STOOD_IN, HERE), seat_row(LEGAL, "Legal", GONE, GONE, GONE, GONE)]
    around = {"deputies": [row(seat_id=LEGAL, first_day=TODAY)]}

    assert looked(material(rows=rows, columns=columns(4), around=around), []).away == {"Sales": 2}


def test_what_somebody_missed_who_held_the_seat_before_is_not_theirs() -> None:
    before = replace(seat_row(SALES, "Sales", GONE, GONE), sat=(PersonName(uuid4(), "Before"), ANN))

    assert looked(material(rows=[before], columns=columns(2)), []).away == {"Sales": 1}


def test_late_starts_are_counted_back_until_one_in_time() -> None:
    weeks = columns(4)
    weeks[2] = replace(weeks[2], is_cancelled=True)
    rows = [seat_row(SALES, "Sales", HERE, LATE, GONE, LATE), seat_row(LEGAL, "Legal", HERE, LATE, GONE, LATE)]

    assert looked(material(rows=rows, columns=weeks), []).late_starts == 2
    off = Settings(Charter(), Modes({"A01": Mode.OFF}))
    assert looked(material(rows=rows, columns=weeks, settings=off), []).late_starts == 0


def test_a_meeting_to_which_nobody_is_known_to_have_come_did_not_start_late() -> None:
    rows = [seat_row(SALES, "Sales", Attendance(State.UNKNOWN))]

    assert looked(material(rows=rows, columns=columns(1)), []).late_starts == 0


def test_weeks_without_a_value_are_counted_from_the_newest_or_from_the_first_meeting() -> None:
    measured = Settings(Charter(measures=(Measure(name="Within"),)), Modes({}))
    values = [row(day=TODAY - 15 * DAY), row(day=TODAY - 60 * DAY)]

    assert looked(material(settings=measured, around={"measures": values}), []).unmeasured == 2
    assert looked(material(settings=measured, columns=columns(8)), []).unmeasured == 7
    assert looked(material(columns=columns(8)), []).unmeasured is None


def test_what_was_suggested_is_read_from_the_summaries_of_earlier_weeks() -> None:
    rows = [
        written("2026-11-26T09:00:00+00:00", "S09"),
        written("2026-11-19T09:00:00+00:00", "S05"),
        together("2026-11-19T09:00:00+00:00", "S05"),
        written(None, "S07"),
        written("2026-11-12T09:00:00+00:00", None),
        SimpleNamespace(kind="summary", facts_json={"facts": {"start": "2026-11-05T09:00:00+00:00", "lead": None}}),
        together("2026-10-29T09:00:00+00:00", "S01", meeting=uuid4()),
    ]

    found = told_before(rows, MEETING, period())

    assert found == (Told("S05", "Legal", 3), Told("", "", 0))


def material(
    *,
    seats: Sequence[KnownSeat] = (),
    rows: Sequence[SeatRow] = (),
    columns: Sequence[Column] = (),
    around: dict[str, Any] | None = None,
    cap: int = 12,
    **more: Any,
) -> Material:
    start = NOW + WEEK
    attended = AttendancePage(
        id=MEETING, slug="x", name="x", time_zone="UTC", charter=Charter(), columns=tuple(columns), rows=tuple(rows),
        findings=(), misses=(), made_up=(),
    )  # fmt: skip
    values: dict[str, Any] = {
        "meeting": Meeting(slug="x", name="x", time_zone="UTC", cap=cap),
        "settings": Settings(Charter(), Modes({})),
        "people": People(tuple(seats), {}),
        "around": NOTHING | (around or {}),
        "attended": attended,
        "known": (),
        "promises": (),
        "agenda": (),
        "to_come": Ahead([Coming(start, start, start + timedelta(hours=1))], frozenset()),
        "period": period(),
        "today": TODAY,
        "now": NOW,
    }
    return Material(**(values | more))


def period() -> Period:
    start = NOW.replace(hour=9)
    return Period("2026-11-26T09:00:00Z", start, start + timedelta(hours=1), False, start - WEEK, NOW)


def seat(seat_id: UUID, department: str, *tenures: tuple[PersonName, Term], opened_on: date = TODAY) -> KnownSeat:
    return KnownSeat(SeatTerms(seat_id, department, tenures), opened_on, None)


def seat_row(seat_id: UUID, department: str, *cells: Attendance) -> SeatRow:
    tally = Tally(0, 0, 0, 0, Standing.WELL)
    return SeatRow(seat_id, department, ANN, cells, (ANN,) * len(cells), ("",) * len(cells), tally)


def columns(number: int) -> list[Column]:
    """One a week, the newest an hour ago."""
    starts = [NOW - timedelta(hours=2) - WEEK * back for back in reversed(range(number))]
    return [Column(uuid4(), one, one.date(), False, 0, 0) for one in starts]


def known(opened_at: datetime, *lacking: Remark, decided_at: datetime | None = None) -> Known:
    value = Decision(id=uuid4(), title="x", opened_at=opened_at, decided_at=decided_at)
    return Known(Row(title="x", opened_at=opened_at), "", value, {}, None, lacking)


def item(title: str, minutes: int | None, *, returns: int) -> AgendaLine:
    found = Item(uuid4(), 1, title, Purpose.DECIDE, minutes, (), "", "Sales", SALES, None, (), {})
    return AgendaLine(found, None, returns, None)


def owed(seat_id: UUID | None, due_on: date) -> Owed:
    return Owed(
        kind="promise", text="x", path="/x", purpose=LinkPurpose.SETTLE_PROMISE, thing={}, due_on=due_on, seat=seat_id
    )


def placed(occurrence: UUID, department: str | None) -> SimpleNamespace:
    return row(item_id=uuid4(), occurrence_id=occurrence, department=department)


def row(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**values)


def written(start: str | None, code: str | None) -> SimpleNamespace:
    suggestion = {"code": code, "about": "Legal", "weight": 3, "text": "", "evidence": "", "path": ""}
    lead = {"suggestion": suggestion if code else None}
    return SimpleNamespace(kind="summary", facts_json={"facts": {"start": start, "lead": lead}})


def together(start: str, code: str, *, meeting: UUID = MEETING) -> SimpleNamespace:
    facts = written(start, code).facts_json["facts"]
    of_all = {"meetings": [{"meeting": str(meeting), "facts": facts}]}
    return SimpleNamespace(kind="summaries", facts_json={"facts": of_all})
