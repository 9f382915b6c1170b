"""The log of decisions on a page: its order, its pages by key, what narrows it, who sees what, and its files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.commands.exporting import write_export
from governance.domain.access import OPERATOR, Actor
from governance.models import Action, Decision, Meeting
from governance.services import people, seats, settings
from governance.services.decisions.doing import begin
from governance.services.decisions.log import PAGE as AT_ONCE
from governance.services.decisions.log import Asked, log_page
from governance.store.decisions import decision_of
from governance.store.meetings import meeting_by_slug
from tests.support.decided import NOON, closed, draft, mark
from tests.web.acting import words_of
from tests.web.conftest import Pages, csrf_of
from tests.web.once import once
from tests.web.scenes import CHAIR, SCRIBE, SLUG, Scene

PAGE = f"/m/{SLUG}/decisions"
AMARA, BOSS = "amara.okafor@example.com", "boss@example.com"


@once
def _decided(scene: Scene) -> None:
    """Four closed decisions of two years, two drafts, and one that was withdrawn."""
    scene.adopt()
    scene.roster()
    with scene.database.writing() as session:
        meeting = _meeting(session)
        finance = seats.seat_of(session, meeting, "Finance")
        amara = people.person_named(session, AMARA)
        first = closed(session, meeting, 7, "Keep parts in two depots", year=2025, customer="Alpine Rail")
        closed(session, meeting, 1, "Refund late trains", seat_id=finance.id, owner_person_id=amara.id)
        second = closed(
            session, meeting, 2, "Keep parts in one depot", question="Where?", options=("Nothing", "Rent a shed"),
            customer="Alpine Rail", text="- One depot\n=cmd|' /C calc'!A0",
        )  # fmt: skip
        closed(session, meeting, 3, "Answer within a day", review_on=scene.now.date() - timedelta(days=1))
        draft(session, meeting, "A quieter night train", at=scene.now)
        draft(session, meeting, "Another draft", state="open", at=scene.now - timedelta(hours=1))
        draft(session, meeting, "Given up", state="withdrawn", at=scene.now)
        mark(session, first, "superseded", later=second)
        mark(session, second, "not-kept", words="The shed burnt down")


@pytest.fixture
def pages(pages: Pages) -> Pages:
    _decided(pages.scene)
    return pages


def _meeting(session: Session) -> Meeting:
    found = meeting_by_slug(session, SLUG)
    assert found is not None
    return found


def titles(page: str) -> list[str]:
    return re.findall(r'scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_nothing_decided_yet_says_how_a_decision_gets_here(scene: Scene, pages_at: Callable[[str], Pages]) -> None:
    scene.adopt()

    page = pages_at("http://localhost").signed_in(CHAIR).get(PAGE)

    assert page.status_code == 200
    assert "Nothing is decided yet" in page.text


def test_the_newest_number_comes_first_and_what_is_under_way_above(pages: Pages) -> None:
    page = pages.signed_in(CHAIR).get(PAGE).text

    assert titles(page) == [
        *("A quieter night train", "Another draft"),
        *("Answer within a day", "Keep parts in one depot", "Refund late trains", "Keep parts in two depots"),
    ]
    lines = [words_of(one) for one in re.findall(r"<tr role=\"row\".*?</tr>", page, re.DOTALL)]
    assert "D-2026-002 Keep parts in one depot Alpine Rail Takes the place of D-2025-007" in lines[4]
    assert lines[4].endswith("Not kept")
    assert "Superseded by D-2026-002" in lines[6]
    assert lines[6].endswith("Superseded")
    assert lines[3].endswith("Due for review")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("text=depot+PARTS", ["Keep parts in one depot", "Keep parts in two depots"]),
        ("text=parts+train", []),
        ("text=d-2026-001", ["Refund late trains"]),
        ("text=amara", ["Refund late trains"]),
        ("text=shed", ["Keep parts in one depot"]),
        ("text=finance", ["Refund late trains"]),
        ("customer=alpine", ["Keep parts in one depot", "Keep parts in two depots"]),
        ("year=2025", ["Keep parts in two depots"]),
        ("state=draft", ["A quieter night train"]),
        ("state=withdrawn", ["Given up"]),
        ("state=not-kept", ["Keep parts in one depot"]),
        ("state=kept", []),
        ("state=superseded", ["Keep parts in two depots"]),
        ("state=due", ["Answer within a day"]),
        ("state=nonsense&year=26", None),
        ("below=nonsense", None),
        ("text=%00%25", []),
    ],
)
def test_it_is_narrowed_by(pages: Pages, asked: str, found: list[str] | None) -> None:
    """What cannot be understood is not looked for."""
    page = pages.signed_in(CHAIR).get(f"{PAGE}?{asked}")

    assert page.status_code == 200
    assert titles(page.text) == (titles(pages.signed_in(CHAIR).get(PAGE).text) if found is None else found)


def test_owner_and_department_are_chosen_from_those_there_are(pages: Pages) -> None:
    browser = pages.signed_in(CHAIR)
    page = browser.get(PAGE).text
    owner = re.search(r'value="([^"]+)">Amara Okafor<', page)
    department = re.search(r'value="([^"]+)">Finance<', page)
    assert owner is not None
    assert department is not None

    assert titles(browser.get(f"{PAGE}?owner={owner[1]}").text) == ["Refund late trains"]
    assert titles(browser.get(f"{PAGE}?department={department[1]}").text) == ["Refund late trains"]


def test_who_has_no_seat_sees_what_is_closed_and_finds_nothing_by_what_they_may_not_read(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        lead(session, pages)
        meeting = _meeting(session)
        replaced = draft(session, meeting, "Answer within an hour")
        mark(session, _numbered(session, "D-2026-003"), "superseded", later=replaced)
    browser = pages.signed_in(BOSS)

    page = browser.get(PAGE).text

    assert titles(page)[0] == "Answer within a day"
    assert len(titles(page)) == 4
    assert "a draft" not in page
    assert "Download" not in page
    assert titles(browser.get(f"{PAGE}?text=shed").text) == []
    assert titles(browser.get(f"{PAGE}?text=depot").text) != []
    assert titles(browser.get(f"{PAGE}?state=draft").text) == []
    assert "a draft" in pages.signed_in(CHAIR).get(PAGE).text


def test_pages_by_key_are_complete_and_without_doubles_while_decisions_are_added(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        meeting = _meeting(session)
        for number in range(2 * AT_ONCE):
            session.add(_plain(meeting, number + 100))
            session.add(Decision(meeting_id=meeting.id, title=f"Draft {number}", by="test", at=pages.scene.now))
    seen: list[str] = []
    below: str | None = ""

    while below is not None:
        with pages.scene.database.writing() as session:
            meeting = _meeting(session)
            page = log_page(session, meeting, Asked(below=below), actor=OPERATOR, now=pages.scene.now)
            seen += [one.ref for one in page.lines]
            session.add(_plain(meeting, 1000 + len(seen)))
            session.add(
                Decision(meeting_id=meeting.id, title="Newer", by="test", at=pages.scene.now + timedelta(days=1))
            )
        below = page.older

    assert len(seen) == len(set(seen))
    known = [one for one in seen if one.startswith("D-2026-")]
    assert {one for one in known if int(one[7:]) < 1000} == {
        *(f"D-2026-{number:03}" for number in (1, 2, 3, *range(100, 100 + 2 * AT_ONCE)))
    }
    assert len([one for one in seen if not one.startswith("D-")]) == 2 * AT_ONCE + 2


def test_a_page_leads_to_the_older_ones_with_what_was_looked_for(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        session.add_all([_plain(_meeting(session), number) for number in range(100, 200)])
    browser = pages.signed_in(CHAIR)

    page = browser.get(f"{PAGE}?year=2026").text
    older = re.search(r'href="([^"]+)">Older<', page)

    assert older is not None
    below = browser.get(older[1].replace("&amp;", "&")).text
    assert (titles(page)[0], titles(below)[0]) == ("Numbered 199", "Numbered 149")
    assert re.search(r'href="[^"]+year=2026">Newest<', below)


def test_the_files_say_the_same_as_one_another(pages: Pages) -> None:
    browser = pages.signed_in(SCRIBE)

    table = list(csv.DictReader(io.StringIO(browser.get(f"{PAGE}.csv").text.removeprefix("\N{BOM}"))))
    document = json.loads(browser.get(f"{PAGE}.json").text)
    prose = browser.get(f"{PAGE}.md").text

    numbers = ["D-2026-003", "D-2026-002", "D-2026-001", "D-2025-007"]
    assert [row["number"] for row in table] == numbers
    assert [row["number"] for row in document["decisions"]] == numbers
    assert re.findall(r"^## (D-[0-9-]+)", prose, re.MULTILINE) == numbers
    assert (document["schema"], document["meeting"]) == (1, SLUG)
    second = document["decisions"][1]
    assert (second["became"], second["became_words"], second["supersedes"]) == (
        *("not-kept", "The shed burnt down"),
        ["D-2025-007"],
    )
    assert [one["text"] for one in second["options"]] == ["Nothing", "Rent a shed"]
    assert (table[1]["closed_at"], table[1]["due_on"]) == ("2026-01-03T11:00:00Z", "2026-01-17")
    assert table[1]["text"] == "'- One depot\n=cmd|' /C calc'!A0"
    assert "\\- One depot\n\\=cmd\\|' /C calc'!A0" in prose
    assert table[3]["superseded_by"] == "D-2026-002"


def test_a_file_of_a_log_without_decisions_is_one_all_the_same(scene: Scene, pages_at: Callable[[str], Pages]) -> None:
    scene.adopt()
    browser = pages_at("http://localhost").signed_in(CHAIR)

    assert json.loads(browser.get(f"{PAGE}.json").text) == {"schema": 1, "meeting": SLUG, "decisions": []}
    assert len(browser.get(f"{PAGE}.csv").text.splitlines()) == 1


def test_files_are_read_some_decisions_at_a_time(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("governance.services.decisions.exporting.AT_ONCE", 2)

    document = json.loads(pages.signed_in(CHAIR).get(f"{PAGE}.json").text)

    assert [row["number"] for row in document["decisions"]] == [
        *("D-2026-003", "D-2026-002", "D-2026-001", "D-2025-007"),
    ]


def test_one_decision_is_copied_as_markdown_as_far_as_the_reader_may_read_it(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        lead(session, pages)
        begun = str(draft(session, _meeting(session), "Begun", question="Whether?").id)

    whole = pages.signed_in(AMARA).get(f"{PAGE}/D-2026-002.md")
    cut = pages.signed_in(BOSS).get(f"{PAGE}/D-2026-002.md")

    assert whole.mimetype == "text/markdown"
    assert whole.text.startswith("# D-2026-002 Keep parts in one depot\n\n- State: not kept: The shed burnt down\n")
    assert "- Rent a shed (proposed)" in whole.text
    assert "**Question:** Where?" in whole.text
    assert "Rent a shed" not in cut.text
    assert "Where?" not in cut.text
    assert "- Customer: Alpine Rail" in cut.text
    assert pages.signed_in(AMARA).get(f"{PAGE}/{begun}.md").text.startswith("# Begun\n")
    assert pages.signed_in(BOSS).get(f"{PAGE}/{begun}.md").status_code == 404
    assert pages.signed_in(AMARA).get(f"{PAGE}/D-2026-999.md").status_code == 404


def test_a_draft_is_found_as_soon_as_it_is_begun(pages: Pages) -> None:
    amara = pages.signed_in(AMARA)
    form = {"csrf": csrf_of(amara.get(f"{PAGE}/new").text), "title": "Sleeping cars", "question": "On Sundays?"}

    assert amara.post(f"{PAGE}/new", data=form | {"customer": ""}).status_code == 303

    assert titles(amara.get(f"{PAGE}?text=sundays+cars+finance").text) == ["Sleeping cars"]
    with pages.scene.database.reading() as session:
        begun = session.scalars(select(Decision).where(Decision.title == "Sleeping cars")).one()
        assert begun.version == 1, "what it is found by is nobody's edit"


def test_whatever_an_act_changes_is_what_it_is_found_by(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        meeting = _meeting(session)
        ref = str(draft(session, meeting, "Sleeping cars").id)
        doing = begin(session, meeting, ref, actor="test", who=OPERATOR, source="web", now=pages.scene.now)
        doing.row.title, doing.row.customer = "Dining cars", "Alpine Rail"
        doing.settle()
    browser = pages.signed_in(CHAIR)

    assert titles(browser.get(f"{PAGE}?text=dining&customer=alpine").text) == ["Dining cars"]
    assert titles(browser.get(f"{PAGE}?text=sleeping").text) == []


def test_the_page_of_a_decision_shows_its_chain_and_a_draft_in_it_to_those_who_may_read_drafts(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        lead(session, pages)
        mark(
            session, _numbered(session, "D-2026-002"), "superseded", later=draft(session, _meeting(session), "No depot")
        )
    chain = "What took the place of what The earliest first D-2025-007 Keep parts in two depots closed 8 Jan 2025"

    whole, cut = (words_of(pages.signed_in(one).get(f"{PAGE}/D-2026-002").text) for one in (AMARA, BOSS))

    assert (
        f"{chain} D-2026-002 Keep parts in one depot closed 3 Jan 2026, in force A draft No depot not closed" in whole
    )
    assert f"{chain} D-2026-002 Keep parts in one depot closed 3 Jan 2026, in force" in cut
    assert "No depot" not in cut
    assert "What took the place" not in pages.signed_in(AMARA).get(f"{PAGE}/D-2026-001").text


def test_an_export_of_everything_has_the_same_files_and_the_promises(pages: Pages, tmp_path: Path) -> None:
    with pages.scene.database.writing() as session:
        meeting, amara = _meeting(session), people.person_named(session, AMARA)
        due = pages.scene.now.date()
        session.add(
            Action(
                meeting_id=meeting.id, decision_id=_numbered(session, "D-2026-001").id, owner_person_id=amara.id,
                text="=Pay them", due_on=due, first_due_on=due, by="test", at=pages.scene.now,
            )
        )  # fmt: skip

    with pages.scene.database.reading() as session:
        write_export(session, tmp_path / "out", actor=OPERATOR, now=pages.scene.now, currency="EUR")

    browser, folder = pages.signed_in(SCRIBE), tmp_path / "out" / SLUG
    for ending in ("csv", "json", "md"):
        assert (folder / f"decisions.{ending}").read_bytes() == browser.get(f"{PAGE}.{ending}").data
    with (folder / "promises.csv").open(newline="", encoding="utf-8") as file:
        (promise,) = csv.DictReader(file)
    assert (promise["decision"], promise["text"], promise["owner"], promise["due_on"], promise["state"]) == (
        *("D-2026-001", "'=Pay them", "Amara Okafor"),
        *(due.isoformat(), "open"),
    )


def lead(session: Session, pages: Pages) -> None:
    """Bea Boss reads along, and has no seat."""
    person = people.person_named(session, BOSS, "Bea Boss")
    settings.set_role(
        session, _meeting(session), settings.RoleKind.LEADERSHIP, [person], actor="test", now=pages.scene.now
    )


def test_nobody_in_particular_exports_nothing(pages: Pages) -> None:
    with pages.scene.database.reading() as session:
        page = log_page(session, _meeting(session), Asked(), actor=Actor(), now=pages.scene.now)

    assert (page.reads_drafts, page.may_begin, page.may_export) == (False, False, False)


def _plain(meeting: Meeting, seq: int) -> Decision:
    return Decision(
        meeting_id=meeting.id, title=f"Numbered {seq}", state="closed", closed_at=NOON, number=f"D-2026-{seq:03}",
        number_year=2026, number_seq=seq, by="test", at=NOON,
    )  # fmt: skip


def _numbered(session: Session, number: str) -> Decision:
    found = decision_of(session, _meeting(session).id, number)
    assert found is not None
    return found
