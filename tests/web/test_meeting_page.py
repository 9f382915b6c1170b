"""The chair's page: what needs a decision, the roster, what the rules remark, what was done, and what to do next."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest

from governance.reconcile.observed import Guest
from governance.services.settings import pause, set_rule_mode
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages
from tests.web.scenes import ADMIN, SLUG, in_order, lively, newly_adopted


def test_a_meeting_in_order_needs_nobody(pages: Pages) -> None:
    in_order(pages.scene)

    page = _page(pages)

    assert "Obeys the roster" in page
    assert "No rule has anything to remark. Nothing needs you" in page
    assert "Approve" not in page
    assert "Reject" not in page


def test_the_page_names_the_meeting_the_next_occurrence_with_its_zone_and_who_leads(pages: Pages) -> None:
    in_order(pages.scene)

    page = _page(pages)

    assert "Group Steering Meeting" in page
    assert "Next on Thursday 26 November 2026, 10:00–11:00 (Berlin), in 3 days" in page
    assert "Chair: Helena Marsh" in page
    assert "Scribe: Tom Field" in page


def test_the_roster_says_of_each_seat_who_may_decide_who_deputes_and_who_comes(pages: Pages) -> None:
    lively(pages.scene)

    seats = _seats(pages)

    assert seats["Finance"] == "Amara Okafor | Confirmed Until 11 Jun 2027, up to EUR 250,000 … | Jonas Weber | Coming"
    assert (
        seats["Operations"] == "Anna Meier | Ends in 9 days Recorded, until 2 Dec 2026, up to EUR 50,000 … | – | Coming"
    )
    assert seats["Legal"] == "Henrik Sørensen | Ends tomorrow On 24 Nov 2026, before the next meeting | – | Not invited"
    assert seats["IT Security"] == "Ivo Kovač | Confirmed Up to EUR 50,000 … | Tomás Vidal no mandate | Maybe"
    assert seats["People & Culture"] == "Priya Raman | Confirmed Up to EUR 50,000 … | – | Declined"
    assert seats["Research"] == "Dr. Elif Aydın | Confirmed Up to EUR 50,000 … | – | No answer"
    assert seats["Marketing"] == "Vacant | – | – | –"


def test_the_numbers_count_seats_mandates_and_answers(pages: Pages) -> None:
    lively(pages.scene)

    page = _page(pages)

    assert "Seats held 7 of at most 12" in page
    assert "May decide 6 of 7 1 mandate missing or ended, 1 seat vacant" in page
    assert "On 26 Nov 2026 3 coming 1 declined, 1 maybe, 1 without answer, 1 not on it" in page


def test_a_visitor_is_shown_with_the_reason(pages: Pages) -> None:
    lively(pages.scene)

    assert "Greta Lindqvist , visitor this time: presents the audit of the third quarter" in _page(pages)


def test_held_changes_are_grouped_by_person_with_reason_and_why_they_wait(pages: Pages) -> None:
    newly_adopted(pages.scene)

    page = _page(pages)

    assert "10 changes to the invitation wait for you The first plan of a meeting waits for approval." in page
    assert "Approving takes 2 people off, adds 6 people, makes 1 person required" in page
    assert "An outside consultant consultant@elsewhere.example Take off the invitation, every week I01" in page
    assert "Amara Okafor amara.okafor@example.com Make required, every week I06 Amara Okafor is marked optional" in page
    assert (
        "The invitation itself Switch off “guests may invite others”, every week I09 Guests may invite others" in page
    )
    assert "Approve all 10 changes" in page


def test_a_repair_is_told_with_rule_reason_and_person(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address="mallory.quick@example.com", name="Mallory Quick"))
    pages.scene.cycle()

    page = _page(pages)

    assert "What happened last" in page
    assert re.search(r"Took \S+( \S+)? off the invitation I01 Mallory Quick is not entitled to this meeting", page)


def test_what_a_rule_only_watches_is_shown_and_nothing_is_offered_for_it(pages: Pages) -> None:
    in_order(pages.scene)
    with pages.scene.database.writing() as session:
        set_rule_mode(session, meeting_by_slug(session, SLUG), "I01", "observe", actor="test", now=pages.scene.now)  # type: ignore[arg-type]
    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address="mallory.quick@example.com", name="Mallory Quick"))
    pages.scene.cycle()

    page = _page(pages)

    assert "I01 Uninvited A guest is not entitled to the meeting." in page
    assert "Mallory Quick is not entitled to this meeting Only watched" in page
    assert "Differs from the roster" in page
    assert "Approve" not in page


def test_what_waits_for_its_time_has_no_buttons(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.now = pages.scene.now.replace(day=26, hour=8, minute=20)
    pages.scene.heartbeat()
    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address="mallory.quick@example.com", name="Mallory Quick"))
    pages.scene.cycle()

    page = _page(pages)

    assert "Waiting for its time" in page
    assert "Nobody is removed from 60 minutes before the meeting until its end: chair and scribe decide" in page
    assert "Approve" not in page


def test_a_pause_is_said_with_the_way_out(pages: Pages) -> None:
    in_order(pages.scene)
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        pause(session, meeting, by=ADMIN, actor="test", now=pages.scene.now, last_day=date(2026, 12, 1))

    page = _page(pages)

    assert "Paused" in page
    assert (
        "Resume the meeting when the invitation is to obey the roster again. The invitation is paused until 1 Dec"
        in page
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"frozen_code": "gone", "frozen_reason": "The event was deleted"}, "Frozen: nothing is written"),
        ({"restored_hold": True}, "Restored copy: everything waits"),
        (
            {"problem_code": "x", "problem_remedy": "Share the calendar with bot@example.com", "problem_text": "no"},
            "Share the calendar with bot@example.com. no.",
        ),
    ],
)
def test_each_trouble_is_said_with_what_to_do(pages: Pages, values: dict[str, object], said: str) -> None:
    in_order(pages.scene)
    pages.scene.change_meeting(**values)

    assert said in _page(pages)
    assert "Nothing needs you" not in _page(pages)


def test_a_worker_that_is_silent_is_missed(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.now += timedelta(minutes=5)

    page = _page(pages)

    assert "Nobody is looking" in page
    assert "Ask an administrator to start the service (“governance run”)." in page


def test_a_meeting_without_a_roster_says_the_next_step(pages: Pages) -> None:
    pages.scene.adopt()

    page = _page(pages)

    assert "Import the roster to say who sits for which department." in page
    assert f'href="/m/{SLUG}/roster/import"' in pages.signed_in().get(f"/m/{SLUG}").text


def test_an_installation_without_a_meeting_says_the_next_step(pages: Pages) -> None:
    page = _text(pages.signed_in().get("/").text)

    assert "Adopt the first meeting" in page
    assert "governance meeting adopt" in page


def test_the_first_page_is_the_only_meeting(pages: Pages) -> None:
    in_order(pages.scene)

    answer = pages.signed_in().get("/")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/m/{SLUG}")


def test_the_first_page_lists_several_meetings_with_their_state(pages: Pages) -> None:
    in_order(pages.scene)
    newly_adopted(pages.scene, "product-council", "Product Council")

    page = _text(pages.signed_in().get("/").text)

    assert "Group Steering Meeting Next on Thursday 26 November, 10:00 (Berlin), in 3 days Obeys the roster" in page
    assert "Product Council Next on Thursday 26 November, 10:00 (Berlin), in 3 days Waits for you" in page


def test_the_permanent_address_leads_to_the_page_until_there_is_an_agenda(pages: Pages) -> None:
    in_order(pages.scene)

    answer = pages.signed_in().get(f"/m/{SLUG}/next")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/m/{SLUG}")


HOSTILE = '<script>alert("1")</script>{{7*7}}\'"><img src=x onerror=alert(1)>'


def test_hostile_words_stay_words(pages: Pages) -> None:
    """In names of people, guests, departments and meetings, in scopes, reasons and addresses."""
    scene = pages.scene
    scene.adopt(name=f"Meeting {HOSTILE}")
    scene.roster(((f"Dept {HOSTILE}", f"Delegate {HOSTILE}", "delegate@example.com"),))
    scene.mandate(f"Dept {HOSTILE}", "delegate@example.com", scope=f"Scope {HOSTILE}")
    scene.deputy(f"Dept {HOSTILE}", f"Deputy {HOSTILE}", "deputy@example.com")
    scene.visitor(f"Visitor {HOSTILE}", "visitor@example.com", f"Reason {HOSTILE}")
    scene.calendar.forward(f"event-{SLUG}", Guest(address="<b>@example.com", name=f"Guest {HOSTILE}"))
    scene.cycle()
    scene.change_meeting(problem_remedy=f"Remedy {HOSTILE}", problem_text=f"Text {HOSTILE}")

    for path in (f"/m/{SLUG}", f"/m/{SLUG}/live", "/"):
        page = pages.signed_in().get(path, follow_redirects=True).text

        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>@" not in page
        assert "49" not in _text(page)
    for word in ("Meeting", "Dept", "Delegate", "Scope", "Deputy", "Visitor", "Reason", "Guest", "Remedy", "Text"):
        assert f"{word} {HOSTILE}" in html.unescape(pages.signed_in().get(f"/m/{SLUG}").text), word


def test_every_relative_time_has_the_exact_one_beside_it(pages: Pages) -> None:
    lively(pages.scene)
    page = pages.signed_in().get(f"/m/{SLUG}").text

    times = re.findall(r"<time( datetime[^>]*)>", page)

    relative = [one for one in times if "data-zone" not in one]  # the others are exact themselves
    assert len(relative) > 5
    assert all(
        re.search(r'datetime="2026-\d\d-\d\dT\d\d:\d\d:\d\dZ" title="23 November 2026, \d\d', one) for one in relative
    )


def test_the_words_of_the_machinery_do_not_reach_the_chair(pages: Pages) -> None:
    lively(pages.scene)
    pages.scene.calendar.forward(f"event-{SLUG}", *[Guest(address=f"guest{n}@example.com") for n in range(12)])
    pages.scene.cycle()

    page = _page(pages).casefold()

    for word in (
        "drift",
        "checksum",
        "reconcil",
        "etag",
        "sync",
        "observed",
        "conflict",
        "ledger",
        "cycle",
        "null",
        "none ",
    ):
        assert word not in page, word


def _page(pages: Pages) -> str:
    return _text(pages.signed_in().get(f"/m/{SLUG}").text)


def _text(page: str) -> str:
    """What a person reads, with single spaces."""
    body = page[max(page.find("<main"), 0) :].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<wbr>|</time>", "", body))).split())


def _seats(pages: Pages) -> dict[str, str]:
    """Each row of the roster by department; the initials are left out, a scope is cut to an ellipsis."""
    page = pages.signed_in().get(f"/m/{SLUG}").text
    rows = re.findall(r'<tr role="row">(.*?)</tr>', page, flags=re.DOTALL)[1:]
    found = {}
    for row in rows:
        bare = re.sub(r'<span class="face.*?</span>', "", row, flags=re.DOTALL)
        bare = re.sub(r'<span class="small scope.*?</span>', "…", bare, flags=re.DOTALL)
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", bare, flags=re.DOTALL)
        department, *others = [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", cell)).split()) for cell in cells]
        found[department] = " | ".join(others)
    return found
