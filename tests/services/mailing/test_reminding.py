"""What comes due with time, tried over values: every day, both changes of the clock, every order of looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from governance.domain.people import Person, PersonId
from governance.domain.roster import Deputy, Mandate, MandateState, Roster, Seat, Tenure, Term
from governance.domain.rules import Modes
from governance.reconcile.picture import SeenOccurrence
from governance.reconcile.stand_ins import Unattended
from governance.services.mailing.letters import Post
from governance.services.mailing.reminding import Case, Reminded, days_before, reminded

ANN, DORA, FAY, SEAT = (PersonId(UUID(int=number)) for number in (1, 2, 3, 4))
_NAMES = ((ANN, "Ann"), (DORA, "Dora"), (FAY, "Fay"))
PEOPLE = {one: Person(one, name, (f"{name.lower()}@example.com",)) for one, name in _NAMES}
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"])
INSTANTS = st.integers(0, 700 * 24 * 4).map(
    lambda quarter: datetime(2026, 1, 10, tzinfo=UTC) + timedelta(minutes=15 * quarter)
)
ALWAYS = Term(date(2020, 1, 1))


def mandate(person: PersonId = ANN, term: Term = ALWAYS, number: int = 9, **more: object) -> Mandate:
    return Mandate(person, term, "All of it", id=UUID(int=number), **more)  # type: ignore[arg-type]


def case(
    zone: str = "Europe/Berlin",
    start: datetime | None = None,
    mandates: tuple[Mandate, ...] = (mandate(),),
    deputies: tuple[Deputy, ...] = (),
    sponsor: PersonId | None = FAY,
) -> Case:
    seat = Seat(SEAT, "Finance", (Tenure(ANN, ALWAYS),), mandates, deputies)
    roster = Roster(zone, 12, (seat,), PEOPLE)
    declined = []
    if start is not None:
        seen = SeenOccurrence("event", start, start, start + timedelta(hours=1))
        declined.append(Unattended(UUID(int=7), seen, seat, ANN))
    return Case(roster=roster, modes=Modes({}), sponsors={"finance": sponsor} if sponsor else {}, unattended=declined)


def kinds(found: Reminded) -> list[tuple[str, object]]:
    return sorted((post.facts.KIND, post.to) for post in found.posts)


def test_in_order_and_nobody_declined_there_is_nothing_to_say() -> None:
    assert reminded(case(), datetime(2026, 6, 1, tzinfo=UTC)) == Reminded(posts=(), next_at=None)


@given(start=INSTANTS, days=st.integers(1, 3), zone=ZONES)
def test_days_before_are_days_of_the_meeting_at_the_hour_of_the_meeting(start: datetime, days: int, zone: str) -> None:
    due = days_before(start, days, zone)

    wanted = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(days=days)
    if is_shown_by_the_clock(wanted, zone):
        assert due.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted
    assert abs(due - (start - timedelta(days=days))) <= timedelta(hours=1)


def is_shown_by_the_clock(wall: datetime, zone: str) -> bool:
    """Not so in the hour that the clock leaves out in spring."""
    there = wall.replace(tzinfo=ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


@given(start=INSTANTS, zone=ZONES, ahead=st.floats(-1, 10))
def test_the_delegate_is_asked_from_three_days_before_and_the_sponsor_from_one(
    start: datetime, zone: str, ahead: float
) -> None:
    now = start - timedelta(days=ahead)

    found = reminded(case(zone, start), now)

    to_delegate, to_sponsor = days_before(start, 3, zone), days_before(start, 1, zone)
    expected = [("declined", ANN)] if to_delegate <= now else []
    expected += [("declined-sponsor", FAY)] if to_sponsor <= now else []
    assert kinds(found) == expected
    assert found.next_at == min((due for due in (to_delegate, to_sponsor) if due > now), default=None)


@given(start=INSTANTS, zone=ZONES, looks=st.lists(st.floats(0, 9), min_size=1, max_size=12))
def test_whatever_the_looks_each_is_asked_once(start: datetime, zone: str, looks: list[float]) -> None:
    """Two looks may post the same: its key makes it one. No other key ever comes up for the same decline."""
    keys = {
        (post.facts.KIND, post.about, post.to)
        for ahead in looks
        for post in reminded(case(zone, start), start - timedelta(days=ahead)).posts
    }

    assert len(keys) == len({(kind, to) for kind, _, to in keys})
    assert len(keys) <= 2


@given(start=INSTANTS, zone=ZONES, ahead=st.floats(0, 20))
def test_a_look_at_the_instant_that_was_named_finds_what_was_due_then(start: datetime, zone: str, ahead: float) -> None:
    """Nothing falls between two looks: whoever comes back when told to sees everything."""
    now, seen = start - timedelta(days=ahead), set()
    for _ in range(4):
        found = reminded(case(zone, start), now)
        seen |= {(post.facts.KIND, post.to) for post in found.posts}
        if found.next_at is None:
            break
        assert found.next_at > now
        now = found.next_at

    assert seen == {("declined", ANN), ("declined-sponsor", FAY)}


def test_a_deputy_without_a_mandate_is_asked_for_at_once_with_the_delegate_s_own_words() -> None:
    start = datetime(2026, 6, 25, 8, tzinfo=UTC)
    found = reminded(
        case(start=start, deputies=(Deputy(DORA, ALWAYS),), mandates=(mandate(limit_minor=5),)),
        start - timedelta(days=20),
    )

    [asked] = found.posts
    assert (asked.facts.KIND, asked.to, asked.limit_minor) == ("deputy-asked", FAY, 5)
    assert asked.links[0].thing == {"seat": str(SEAT), "start": start.isoformat(), "person": str(DORA)}


def test_the_sponsor_s_choice_of_a_deputy_without_a_mandate_grants_one() -> None:
    start = datetime(2026, 6, 25, 8, tzinfo=UTC)
    empowered = mandate(PersonId(UUID(int=5)), number=10)
    people = {**PEOPLE, PersonId(UUID(int=5)): Person(PersonId(UUID(int=5)), "Eve", ("eve@example.com",))}
    one = case(
        start=start, mandates=(mandate(), empowered),
        deputies=(Deputy(DORA, ALWAYS, 1), Deputy(PersonId(UUID(int=5)), ALWAYS, 2)),
    )  # fmt: skip
    roster = Roster(one.roster.time_zone, 12, one.roster.seats, people)

    found = reminded(Case(roster=roster, modes=one.modes, sponsors=one.sponsors, unattended=one.unattended), start)

    [sponsor] = [post for post in found.posts if post.facts.KIND == "declined-sponsor"]
    assert [(link.name, link.purpose) for link in sponsor.links] == [
        ("stand-in:0", "grant-deputy"), ("stand-in:1", "name-stand-in")
    ]  # fmt: skip


# --- Mandates


@given(left=st.integers(0, 60), zone=ZONES)
def test_an_ending_mandate_is_told_at_42_14_and_3_days(left: int, zone: str) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    today = now.astimezone(ZoneInfo(zone)).date()
    ending = mandate(term=Term(date(2020, 1, 1), today + timedelta(days=left)))

    found = reminded(case(zone, mandates=(ending,)), now)

    stage = next((days for days in (3, 14, 42) if left <= days), None)
    assert kinds(found) == ([] if stage is None else [("mandate-ending", ANN), ("mandate-ending", FAY)])
    assert {post.about for post in found.posts} == (set() if stage is None else {f"{ending.id}:{stage}"})


def test_over_the_last_months_of_a_mandate_each_hears_of_it_three_times() -> None:
    ending = mandate(term=Term(date(2020, 1, 1), date(2026, 11, 30)))
    looks = [datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=11 * number) for number in range(195)]

    keys = {
        (post.about, post.to)
        for now in looks
        for post in reminded(case(mandates=(ending,)), now).posts
        if post.facts.KIND == "mandate-ending"
    }

    assert len(keys) == 6


def test_a_renewal_without_a_gap_ends_the_reminders() -> None:
    first = mandate(term=Term(date(2020, 1, 1), date(2026, 6, 10)))
    second = mandate(term=Term(date(2026, 6, 11), date(2028, 1, 1)), number=10)

    assert reminded(case(mandates=(first, second)), datetime(2026, 6, 5, tzinfo=UTC)).posts == ()


def missing(mandates: tuple[Mandate, ...], sponsor: PersonId | None = FAY) -> list[Post]:
    return list(reminded(case(mandates=mandates, sponsor=sponsor), datetime(2026, 6, 5, tzinfo=UTC)).posts)


def test_a_missing_mandate_is_asked_of_the_sponsor_once_for_each_that_ended() -> None:
    never, ended = missing(()), missing((mandate(term=Term(date(2020, 1, 1), date(2026, 5, 1))),))

    assert [(post.facts.KIND, post.to) for post in never + ended] == [("mandate-requested", FAY)] * 2
    assert never[0].about != ended[0].about
    assert never[0].links[0].thing["mandate"] is None


def test_who_declined_or_withdrew_a_mandate_is_not_asked_for_it_again() -> None:
    for state in (MandateState.DECLINED, MandateState.WITHDRAWN):
        assert missing((mandate(state=state),)) == []


def test_nobody_is_asked_where_there_is_no_sponsor_or_the_sponsor_sits_by_office() -> None:
    assert missing((), sponsor=None) == missing((), sponsor=ANN) == []
