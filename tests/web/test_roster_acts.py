"""Acts on the roster: nothing happens before it was shown what follows, and then exactly that."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.domain.roster import Roster
from governance.models import Approval, Role
from governance.reconcile.observed import Guest
from governance.services.ledger import latest
from governance.store.meetings import meeting_by_slug
from governance.store.rosters import load_roster
from tests.web.acting import PAGE, AtTheForms, everything, fields_of, words_of
from tests.web.conftest import Pages, config_for, csrf_of
from tests.web.scenes import CAST, CHAIR, SCRIBE, SLUG, Scene, newly_adopted
from web import create_app
from web.forms.every_act import EVERY_ACT

JONAS, NEW = "jonas.weber@example.com", "new.one@example.com"
HOSTILE = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture
def pages(lively_pages: Pages) -> Pages:
    return lively_pages


@pytest.fixture
def chair(pages: Pages) -> AtTheForms:
    return AtTheForms(pages.signed_in(CHAIR))


def roster_of(pages: Pages) -> Roster:
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return load_roster(session, meeting)


def holder(pages: Pages, department: str) -> str | None:
    roster, on = roster_of(pages), pages.scene.now.date() + timedelta(days=3)
    seat = next(one for one in roster.seats if one.department == department)
    found = seat.delegate(on)
    return roster.people[found].address if found else None


def invited(pages: Pages) -> set[str | None]:
    return {guest.address for guest in pages.scene.calendar.events[f"event-{SLUG}"].guests}


def acts_of(pages: Pages) -> list[str]:
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return [line.act for line in latest(session, meeting.id, 5)]


def the_forms(chair: AtTheForms) -> dict[str, dict[str, str]]:
    """Something useful typed into every form."""
    day = {"day": "2026-11-26"}
    return {
        "appoint": {"department": "Marketing", "email": NEW, "name": "New One", "scope": "All of it"},
        "hand-over": {"department": "Finance", "email": JONAS},
        "vacate": {"department": "Research"},
        "deputy": {"department": "Legal", "email": NEW},
        "withdraw-deputy": {"department": "Finance"},
        "stand-in": {"department": "Finance", "email": JONAS, **day},
        "mandate": {"department": "Legal", "scope": "Contracts", "limit": "100"},
        "withdraw-mandate": {"department": "Operations"},
        "visitor": {"email": NEW, "reason": "audit", **day},
        "dismiss-visitor": {},
        "guest": {"email": NEW, "reason": "audit", "until": "2026-12-24"},
        "cap": {"cap": "9"},
        "open-seat": {"department": "", "department_": "Sales"},
        "rename": {"department": "Legal", "department_": "Law"},
        "merge": {"department": "Legal", "joining": chair.seat("Marketing"), "who": "stays"},
        "split": {"department": "Finance", "department_": "Controlling", "email": JONAS},
        "close": {"department": "Research"},
        "acting-chair": {"email": JONAS, "last_day": "2026-12-24"},
        "import": {"text": "department\nSales\n"},
    }


def test_looking_at_what_follows_changes_nothing_whatever_the_act(chair: AtTheForms, pages: Pages) -> None:
    before = everything(pages)

    for code, typed in the_forms(chair).items():
        looked = chair.look(code, **typed)

        assert looked.status_code == 200, (code, words_of(looked.text))
        assert "What you are about to do" in looked.text, code

    assert everything(pages) == before


def test_an_appointment_is_shown_confirmed_and_written(chair: AtTheForms, pages: Pages) -> None:
    looked = chair.look("appoint", "Marketing", email=NEW, name="New One", scope="All of marketing")

    assert "New One sits for Marketing from today on" in words_of(looked.text)
    assert "New One new.one @example.com Add to the invitation, every week" in words_of(looked.text)
    assert "I05" not in looked.text

    chair.confirm("appoint", looked)
    pages.scene.cycle()

    assert holder(pages, "Marketing") == NEW
    assert NEW in invited(pages)


def test_who_is_appointed_without_a_mandate_is_said_not_to_be_added(chair: AtTheForms) -> None:
    looked = chair.look("appoint", "Marketing", email=NEW, name="New One")

    assert "The invitation stays as it is" in words_of(looked.text)
    assert "New One is not added: no mandate in force for Marketing" in words_of(looked.text)


def test_a_change_dated_later_shows_what_follows_on_that_day_and_approves_nothing(
    chair: AtTheForms, pages: Pages
) -> None:
    typed = {"email": JONAS, "first_day": "2026-12-14", "scope": "Everything"}

    looked = chair.look("hand-over", "Finance", **typed)
    chair.confirm("hand-over", looked)

    assert "On the invitation, from 14 Dec 2026 on" in words_of(looked.text)
    assert "Jonas Weber jonas.weber @example.com Add to the invitation" in words_of(looked.text)
    assert holder(pages, "Finance") == "amara.okafor@example.com"
    assert "Jonas Weber from 14 Dec 2026 on" in words_of(chair.page())


def test_confirming_approves_exactly_what_was_shown_and_nothing_that_waited_before(
    chair: AtTheForms, pages: Pages
) -> None:
    """Three are taken off within a day: more than go without a person's word."""
    for department in ("Research", "IT Security"):
        chair.act("vacate", department, typed=department)
    stranger = Guest(address="late.joiner@example.com", name="Late Joiner")
    pages.scene.calendar.forward(f"event-{SLUG}", stranger)

    looked = chair.look("vacate", "Operations")
    chair.confirm("vacate", looked, typed="operations")

    assert "This also approves exactly the changes" in words_of(looked.text)
    with pages.scene.database.reading() as session:
        approved = [one.keys_json for one in session.scalars(select(Approval).order_by(Approval.at))]
    assert {(kind, target) for _, kind, target in approved[-1]} == {("remove-guest", "anna.meier@example.com")}
    pages.scene.cycle()
    assert not {"anna.meier@example.com", "elif.aydin@example.com", "ivo.kovac@example.com"} & invited(pages)


def test_when_something_else_would_follow_by_then_it_is_shown_again_and_nothing_is_done(
    chair: AtTheForms, pages: Pages
) -> None:
    looked = chair.look("cap", cap="7")
    AtTheForms(pages.signed_in(SCRIBE)).act("appoint", "Marketing", email=NEW, scope="All of it")
    before = everything(pages)

    answer = chair.send("cap", fields_of(looked.text), step="do")

    assert answer.status_code == 409
    assert "Look again and confirm anew" in answer.text
    assert "8 seats are held and the cap is 7" in words_of(answer.text)
    assert everything(pages) == before
    assert chair.send("cap", fields_of(answer.text), step="do").status_code == 303


def test_a_cap_below_the_holders_takes_nobodys_seat_and_says_so(chair: AtTheForms, pages: Pages) -> None:
    looked = chair.look("cap", cap="5")
    chair.confirm("cap", looked)
    pages.scene.cycle()

    assert "7 seats are held and the cap is 5: choose who leaves, or raise the cap" in words_of(looked.text)
    assert "Choose who leaves, or raise the cap." in words_of(chair.page())
    assert {address for _, _, address in CAST if address != "henrik.sorensen@example.com"} <= invited(pages)


def test_the_second_of_two_editors_sees_both_texts_and_keeps_what_they_typed(chair: AtTheForms, pages: Pages) -> None:
    typed = chair.form("mandate", "Finance", scope="Budget only", limit="1")
    scribe = AtTheForms(pages.signed_in(SCRIBE))
    scribe.act("mandate", "Finance", scope="Budget and staffing", limit="2000", first_day="2026-11-23")

    answer = chair.send("mandate", typed)

    assert answer.status_code == 409
    assert "Somebody changed this since you opened it" in answer.text
    assert "Budget and staffing" in answer.text[: answer.text.index("<form class")]
    kept = fields_of(answer.text)
    assert (kept["scope"], kept["limit"]) == ("Budget only", "1")
    assert chair.send("mandate", kept).status_code == 200


def test_a_confirmation_that_comes_after_anothers_change_is_not_carried_out(chair: AtTheForms, pages: Pages) -> None:
    looked = chair.look("hand-over", "Finance", email=JONAS, scope="Everything")
    AtTheForms(pages.signed_in(SCRIBE)).act("deputy", "Finance", email=NEW)

    answer = chair.send("hand-over", fields_of(looked.text), step="do")

    assert answer.status_code == 409
    assert fields_of(answer.text)["email"] == JONAS
    assert holder(pages, "Finance") == "amara.okafor@example.com"


@pytest.mark.parametrize("meant", ["", "Legal", "fin"])
def test_a_seat_is_vacated_only_by_typing_the_departments_name(chair: AtTheForms, pages: Pages, meant: str) -> None:
    looked = chair.look("vacate", "Finance")

    answer = chair.send("vacate", fields_of(looked.text), step="do", typed=meant)

    assert answer.status_code == 422
    assert "Type “Finance” to show that this is meant" in words_of(answer.text)
    assert holder(pages, "Finance") == "amara.okafor@example.com"
    assert chair.send("vacate", fields_of(answer.text), step="do", typed="  FINANCE ").status_code == 303


def test_two_departments_are_merged_with_the_consequences_shown_and_the_history_kept(
    chair: AtTheForms, pages: Pages
) -> None:
    typed = {"joining": chair.seat("Operations"), "who": "joins", "overlap": "2026-11-26"}

    looked = chair.look("merge", "Finance", **typed)
    chair.confirm("merge", looked, typed="Finance")
    pages.scene.cycle()

    words = words_of(looked.text)
    assert "Operations is part of Finance, and its own seat is closed" in words
    assert "Amara Okafor amara.okafor @example.com Take off the invitation, every week" in words
    assert holder(pages, "Finance") == "anna.meier@example.com"
    assert "Operations" not in re.findall(r'<th role="rowheader" scope="row">([^<]+)', chair.page())
    assert "Amara Okafor visits on 26 Nov 2026" in words_of(chair.page())
    assert "amara.okafor@example.com" not in invited(pages)


def test_a_department_gives_its_seat_up_only_by_typing_its_name(chair: AtTheForms) -> None:
    looked = chair.look("close", "Research")
    refused = chair.send("close", fields_of(looked.text), step="do", typed="Finance")
    chair.confirm("close", looked, typed="research")

    assert refused.status_code == 422
    assert "Research" not in re.findall(r'<th role="rowheader" scope="row">([^<]+)', chair.page())


def test_an_acting_chair_chairs_from_the_first_day_to_the_last_and_names_nobody(
    chair: AtTheForms, pages: Pages
) -> None:
    chair.act("acting-chair", email=JONAS, last_day="2026-11-25")
    acting = AtTheForms(pages.signed_in(JONAS))

    acting.act("cap", cap="9")
    named = acting.browser.get(f"{PAGE}/acting-chair").status_code

    assert "Jonas Weber , acting chair from 23 Nov 2026 until 25 Nov 2026" in words_of(chair.page())
    assert (roster_of(pages).cap, named) == (9, 404)
    pages.scene.now += timedelta(days=3)
    assert acting.browser.get(f"{PAGE}/cap").status_code in (401, 404)


def test_every_fault_is_told_at_once_beside_its_field_and_as_a_link(chair: AtTheForms) -> None:
    answer = chair.look("appoint", "Marketing", email="nobody", limit="a lot", first_day="soon", name="Ann")

    assert answer.status_code == 422
    summary = answer.text[answer.text.index('id="faults"') : answer.text.index("<form class")]
    assert re.findall(r'href="#(\w+)"', summary) == ["email", "first_day", "limit"]
    assert "Enter an e-mail address like name@example.com instead of “nobody”" in words_of(answer.text)
    assert fields_of(answer.text)["name"] == "Ann"
    assert fields_of(answer.text)["limit"] == "a lot"


def test_what_a_service_refuses_is_told_at_its_field_and_leaves_what_was_typed(chair: AtTheForms, pages: Pages) -> None:
    """Amara sits for Finance already."""
    before = everything(pages)

    answer = chair.look("appoint", "Marketing", email="amara.okafor@example.com", name="Kept")

    assert answer.status_code == 422
    assert 'id="email-fault"' in answer.text
    assert "Choose somebody else, or vacate the seat of Finance first" in words_of(answer.text)
    assert fields_of(answer.text)["name"] == "Kept"
    assert everything(pages) == before


def test_going_back_from_what_follows_keeps_everything_typed(chair: AtTheForms) -> None:
    typed = {"email": NEW, "name": "New One", "scope": "Two\nlines", "limit": "12.50", "mandate_until": "2027-01-31"}
    looked = chair.look("appoint", "Marketing", **typed)

    answer = chair.send("appoint", fields_of(looked.text), step="edit")

    assert answer.status_code == 200
    assert typed.items() <= fields_of(answer.text).items()


def test_a_delegate_ill_on_the_morning_is_stood_in_for_with_a_mandate_for_the_day(
    chair: AtTheForms, pages: Pages
) -> None:
    typed = {"email": "tomas.vidal@example.com", "day": "2026-11-26", "scope": "Everything of that day"}

    chair.act("stand-in", "IT Security", **typed)
    pages.scene.cycle()

    occurrence = [one for one in pages.scene.calendar.events.values() if one.series_id]
    on_it = {guest.address for one in occurrence for guest in one.guests}
    assert "tomas.vidal@example.com" in on_it
    assert "tomas.vidal@example.com" not in invited(pages)
    assert "Tomás Vidal stands in on 26 Nov 2026" in words_of(chair.page())


def test_withdrawing_a_mandate_leaves_the_person_on_the_invitation_until_somebody_decides(
    chair: AtTheForms, pages: Pages
) -> None:
    looked = chair.look("withdraw-mandate", "Operations")
    chair.confirm("withdraw-mandate", looked)
    pages.scene.cycle()

    assert "Not at once Anna Meier" in words_of(looked.text)
    assert "This also approves" not in words_of(looked.text)
    assert "anna.meier@example.com" in invited(pages)


def test_before_the_first_approval_everything_waits_with_the_first_plan(scene: Scene) -> None:
    newly_adopted(scene)
    pages = Pages(create_app(config_for(), scene.database, clock=lambda: scene.now), scene)
    chair = AtTheForms(pages.signed_in(CHAIR))

    looked = chair.look("vacate", "Finance")
    chair.confirm("vacate", looked, typed="Finance")

    assert "Not at once" in words_of(looked.text)
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        assert (meeting.first_plan_approved, session.scalars(select(Approval)).all()) == (False, [])


@pytest.mark.parametrize(
    ("code", "typed", "undone"),
    [
        ("deputy", {"department": "Legal", "email": NEW}, "deputy-withdrawn"),
        ("withdraw-deputy", {"department": "Finance"}, "deputy-named"),
        ("stand-in", {"department": "Finance", "email": JONAS, "day": "2026-11-26"}, "stand-in-withdrawn"),
        ("visitor", {"email": NEW, "reason": "audit", "day": "2026-11-26"}, "visitor-dismissed"),
        ("dismiss-visitor", {}, "visitor-admitted"),
        ("guest", {"email": NEW, "reason": "audit", "until": "2026-12-24"}, "standing-guest-dismissed"),
        ("cap", {"cap": "9"}, "cap-set"),
    ],
)
def test_what_was_done_a_moment_ago_is_undone_with_one_press(
    chair: AtTheForms, pages: Pages, code: str, typed: dict[str, str], undone: str
) -> None:
    before = roster_of(pages)
    chair.act(code, **typed)

    answer = chair.undo()

    assert answer.status_code == 303, words_of(answer.text)
    assert acts_of(pages)[0] == undone
    after = roster_of(pages)
    assert (after.cap, after.stand_ins, _named_today(after, pages)) == (
        before.cap,
        before.stand_ins,
        _named_today(before, pages),
    )


def test_nothing_is_undone_once_somebody_changed_it_or_after_ten_minutes(chair: AtTheForms, pages: Pages) -> None:
    chair.act("cap", cap="9")
    page = chair.page()
    AtTheForms(pages.signed_in(SCRIBE)).act("cap", cap="10")
    form = {"csrf": csrf_of(page), "seq": fields_of_undo(page)}

    overtaken = chair.browser.post(f"{PAGE}/undo", data=form)
    pages.scene.pass_time(minutes=11)
    late = chair.browser.post(f"{PAGE}/undo", data=form)

    assert (overtaken.status_code, late.status_code) == (409, 409)
    assert "somebody has changed it since" in words_of(overtaken.text).lower()
    assert roster_of(pages).cap == 10
    assert "undo" not in chair.page()


def test_another_persons_act_is_not_offered_to_be_undone(chair: AtTheForms, pages: Pages) -> None:
    AtTheForms(pages.signed_in(SCRIBE)).act("cap", cap="9")

    assert 'id="undo"' not in chair.page()


def test_a_form_for_a_seat_that_was_closed_meanwhile_says_so(chair: AtTheForms) -> None:
    form = chair.form("deputy", "Research", email=NEW)
    chair.act("close", "Research", typed="Research")

    answer = chair.send("deputy", form)

    assert answer.status_code == 409
    assert "Go back to the roster and look at it again" in answer.text


def test_hostile_text_stays_text_in_every_field(chair: AtTheForms) -> None:
    for code, useful in the_forms(chair).items():
        typed = {name: text if name in ("department", "day", "until") else HOSTILE for name, text in useful.items()}
        answer = chair.look(code, **typed)
        assert answer.status_code in (200, 422), code
        assert "<script>" not in answer.text, code


def test_a_hostile_name_stays_text_on_what_follows_and_on_the_roster(chair: AtTheForms) -> None:
    typed = {"email": NEW, "name": HOSTILE, "scope": HOSTILE}

    looked = chair.look("appoint", "Marketing", **typed)
    chair.confirm("appoint", looked)

    for page in (looked.text, chair.page(), chair.browser.get(f"/m/{SLUG}").text):
        assert "<script>alert" not in page
        assert "{{7*7}}" in words_of(page)


def test_whoever_may_not_change_the_roster_finds_no_form(pages: Pages) -> None:
    delegate = AtTheForms(pages.signed_in("amara.okafor@example.com"))
    seat, csrf = delegate.seat("Finance"), csrf_of(delegate.page())

    for code in EVERY_ACT:
        asked = delegate.browser.get(f"{PAGE}/{code}", query_string={"seat": seat})
        sent = delegate.browser.post(f"{PAGE}/{code}", data={"csrf": csrf, "seat": seat, "step": "do"})

        assert (asked.status_code, sent.status_code) == (404, 404), code
    assert "<summary" not in delegate.page()


def test_a_chair_whose_time_is_over_cannot_finish_what_they_began(chair: AtTheForms, pages: Pages) -> None:
    looked = chair.look("cap", cap="9")
    with pages.scene.database.writing() as session:
        for role in session.scalars(select(Role).where(Role.kind == "chair")):
            role.last_day = pages.scene.now.date()
    pages.scene.now += timedelta(hours=16)

    answer = chair.send("cap", fields_of(looked.text), step="do")

    assert answer.status_code in (401, 404)
    assert roster_of(pages).cap == 12


@pytest.mark.parametrize("seat", ["", "nothing", "0" * 32, "' OR 1=1"])
def test_a_seat_that_is_none_of_the_meetings_is_not_found(chair: AtTheForms, seat: str) -> None:
    assert chair.browser.get(f"{PAGE}/appoint", query_string={"seat": seat}).status_code == 404
    assert chair.browser.get(f"{PAGE}/nothing").status_code == 404


def fields_of_undo(page: str) -> str:
    found = re.search(r'name="seq" value="(\d+)"', page)
    assert found is not None
    return found[1]


def _named_today(roster: Roster, pages: Pages) -> object:
    """Deputies and guests in force, whatever their identifiers."""
    today = pages.scene.now.date()
    deputies = {(seat.department, one.person) for seat in roster.seats for one in seat.deputies_on(today)}
    guests = {(one.person, one.last_day) for one in roster.standing_guests if one.last_day >= today}
    return deputies, guests, roster.visitors
