"""What a page asks of the database does not grow with what there is to show: few statements, and always the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from governance.database import Database
from governance.models import AppliedChange, Decision, MeasureValue, Outbox
from governance.models.identifiers import new_id
from governance.services import charters, ledger
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages, config_for
from tests.web.scenes import ADMIN, CHAIR, SLUG, Scene
from web import create_app
from web.identity import OPEN_TO_ALL

WHO_MAY_WHAT, THE_PAGE = 2, 6

OF_A_CHAIR = (
    *("/", "/me", "/preferences", "/sessions"),
    *(f"/m/{SLUG}{ending}" for ending in ("", "/live", "/roster", "/roster.csv", "/roster/cap", "/rules", "/ledger")),
    *(f"/m/{SLUG}/charter{ending}" for ending in ("", "/edit", "/value", "/versions/1")),
    *(f"/m/{SLUG}/{ending}" for ending in ("agenda", "agenda.txt", "agenda/item", "minutes/2026-11-19")),
    f"/m/{SLUG}/minutes/2026-11-19.pdf",
    f"/m/{SLUG}/decisions/new",
    *(
        f"/m/{SLUG}/{ending}"
        for ending in (
            *("relink", "release", "waiting", "room", "attendance", "questions", "promises", "promises/say-do"),
            "summaries",
        )
    ),
    *(f"/m/{SLUG}/decisions{asked}" for asked in ("", "?text=Numbered+one&state=closed")),
    f"/m/{SLUG}/ledger?text=x&act=cap-set&day=2026-11-23",
)
OF_AN_ADMIN = (*("/", "/system", "/system/mail", "/system/calendars", "/system/ledger", "/adopt"),)
REHEARSALS = (f"/m/{SLUG}/rules/I01?mode=observe", f"/m/{SLUG}/pause")

COUNTED_ELSEWHERE = {
    "mail_acts.ask",  # one mail, by its id
    *("errands.shown", "errands.live"),  # one errand, by its id
    "promises.one",  # one promise, by its id
    "brief.shown",  # in test_brief.py
    *("summaries.one", "summaries.shown"),  # one mail, by its id
    *("decisions.one", "decisions.screen"),  # one decision: in test_decision_life.py
    *("closing.checklist", "closing.for_sponsor"),  # likewise, in test_closing_pages.py
    *(f"decision_forms.{form}" for form in ("wording", "option", "said", "objection")),  # each reads that page
    "waiting.ask",  # one seat or applicant, by its id
    *("rooms.live", "rooms.screen", "rooms.correcting", "attendance.making_up"),  # while the room is open, or once was
    "agenda.becoming",  # one item, by its id
    *("attendance.as_csv", "attendance.as_json"),
    *(f"decision_log.{one}" for one in ("as_csv", "as_json", "as_markdown")),  # some at a time, in test_decision_log.py
    "decision_log.one_as_markdown",  # one decision, by its number
    *(f"adopt.{step}" for step in ("event", "meeting", "departments", "seats", "consequences")),  # in test_adoption.py
}

Asked = dict[str, list[str]]


@pytest.fixture
def pages(database: Database) -> Pages:
    scene = Scene(database)
    scene.adopt()
    scene.roster()
    scene.cycle()
    _charter(scene, 1)
    return Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)


@pytest.mark.one_engine
def test_every_page_asks_as_much_for_one_row_as_for_fifty_and_for_two_thousand(
    pages: Pages, statements: Callable[[], list[str]]
) -> None:
    few = _asked(pages, statements)
    for number in range(4):
        _charter(pages.scene, number + 2)
        pages.scene.adopt(f"meeting-{number}", f"Meeting {number}")
    _fill(pages, 50)
    more = _asked(pages, statements)
    _fill(pages, 1950)
    many = _asked(pages, statements)

    assert {path: len(sent) for path, sent in few.items()} == {path: len(sent) for path, sent in more.items()}
    assert {path: len(sent) for path, sent in more.items()} == {path: len(sent) for path, sent in many.items()}
    assert {path: sent for path, sent in many.items() if len(sent) > WHO_MAY_WHAT + THE_PAGE} == {}


def test_every_page_is_counted(pages: Pages) -> None:
    """A page that nobody counts may ask as often as it has rows."""
    counted = {re.sub(r"\?.*", "", path) for path in (*OF_A_CHAIR, *OF_AN_ADMIN, *REHEARSALS)}
    blanks = {"<slug>": SLUG, "<act>": "cap", "<code>": "I01", "<int:number>": "1", "<day>": "2026-11-19"}

    found = {
        re.sub("<[a-z:]+>", lambda blank: blanks[blank[0]], rule.rule)
        for rule in pages.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in OPEN_TO_ALL | COUNTED_ELSEWHERE
    }

    assert found - counted == {f"/m/{SLUG}/next"}, "which leads elsewhere"


def _asked(pages: Pages, statements: Callable[[], list[str]]) -> Asked:
    """The statements of each page, without those that begin and end a transaction."""
    found: Asked = {}
    for address, paths in ((CHAIR, (*OF_A_CHAIR, *REHEARSALS)), (ADMIN, OF_AN_ADMIN)):
        browser = pages.signed_in(address)
        for path in paths:
            statements()
            answer = browser.get(path)
            sent = [one for one in statements() if one.lstrip().upper().startswith(("SELECT", "WITH"))]
            assert answer.status_code == 200, (path, answer.status_code)
            found[f"{address} {path}"] = sent
    return found


def _charter(scene: Scene, number: int) -> None:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        text = f'visitors = {number}\n[[measures]]\nname = "Within"\n'
        charters.set_charter(session, meeting, text, actor="operator", now=scene.now)


def _fill(pages: Pages, number: int) -> None:
    """So many entries in both ledgers, changes that were written, and mails that wait for somebody."""
    now = pages.scene.now
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        for one in range(number):
            for chain in (meeting.id, None):
                ledger.record(
                    session, at=now, actor="person", source="web", act="cap-set", subject="meeting:x",
                    meeting_id=chain, after={"cap": one, "by": f"somebody.{one}@example.com"},
                )  # fmt: skip
            session.add(
                Decision(
                    meeting_id=meeting.id, title=f"Numbered {one}", state="closed", closed_at=now, number_year=number,
                    number=f"D-{number:04}-{one:03}", number_seq=one, by="operator", at=now,
                )
            )  # fmt: skip
            session.add(
                MeasureValue(
                    meeting_id=meeting.id, measure="within", day=now.date() - timedelta(days=one + number),
                    value=one, by="operator", at=now,
                )
            )  # fmt: skip
            session.add(
                AppliedChange(
                    meeting_id=meeting.id, event_id="e", scope="series", kind="remove-guest", rule="I01",
                    target=f"somebody.{one}@example.com", counted_as="stranger-removal", at=now,
                )
            )  # fmt: skip
            session.add(
                Outbox(
                    key=str(new_id()), kind="held", meeting_id=meeting.id, about="x", address="a@example.com",
                    facts_json={}, queued_at=now, due_at=now, state="failed",
                )
            )  # fmt: skip
