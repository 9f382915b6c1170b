"""The charter on its pages: nothing changes before it was shown what follows, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.domain.charter import Charter, Measure, read_charter
from governance.models import CharterVersion, MeasureValue
from governance.services import charters
from governance.services.ledger import latest, record
from governance.services.measures import charter_with_values
from governance.store.meetings import meeting_by_slug
from tests.web.acting import everything, fields_of, words_of
from tests.web.conftest import Pages, csrf_of
from tests.web.scenes import CHAIR, SCRIBE, SLUG
from web.forms.charter_form import charter_fields, charter_of, read_charter_form
from web.forms.fields import untouched

PAGE = f"/m/{SLUG}/charter"
EDIT, VALUE = f"{PAGE}/edit", f"{PAGE}/value"
HOSTILE = '</textarea><script>alert(1)</script>{{7*7}}"'
MEASURE = "decision within"


@pytest.fixture
def pages(chartered_pages: Pages) -> Pages:
    return chartered_pages


@pytest.fixture
def chair(pages: Pages) -> FlaskClient:
    return pages.signed_in(CHAIR)


def give_charter(pages: Pages, text: str) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        charters.set_charter(session, meeting, text, actor="operator", now=pages.scene.now)


def sources(pages: Pages) -> list[str]:
    with pages.scene.database.reading() as session:
        return list(session.scalars(select(CharterVersion.source).order_by(CharterVersion.number)))


def values(pages: Pages) -> dict[tuple[str, date], float | None]:
    with pages.scene.database.reading() as session:
        return {(one.measure, one.day): one.value for one in session.scalars(select(MeasureValue))}


def as_file(pages: Pages) -> str:
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return charter_with_values(session, meeting) or ""


def acts(pages: Pages) -> list[str]:
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return [line.act for line in latest(session, meeting.id, 3)]


def form(browser: FlaskClient, address: str = EDIT, **typed: str) -> dict[str, str]:
    return fields_of(browser.get(address).text) | {name.replace("_", "-"): text for name, text in typed.items()}


def edit(browser: FlaskClient, **typed: str) -> str:
    """All the way; what the page of consequences said."""
    looked = browser.post(EDIT, data=form(browser) | typed)
    assert looked.status_code == 200, words_of(looked.text)
    done = browser.post(EDIT, data=fields_of(looked.text) | {"step": "do"})
    assert done.status_code == 303, words_of(done.text)
    return looked.text


def description(pages: Pages) -> str:
    return pages.scene.calendar.events[f"event-{SLUG}"].description


def test_looking_at_what_follows_changes_nothing(pages: Pages, chair: FlaskClient) -> None:
    before = everything(pages)

    looked = chair.post(EDIT, data=form(chair) | {"short": "We decide.", "visitors": "3"})

    assert looked.status_code == 200
    assert everything(pages) == before


def test_a_form_that_is_sent_as_it_is_makes_no_version(pages: Pages, chair: FlaskClient) -> None:
    before = sources(pages)

    assert "Nothing: the charter says so already" in edit(chair)

    assert sources(pages) == before


@pytest.mark.parametrize("target", [1e-7, 9.99e14, 1234567.1234567, 0.1 + 0.2, 1e-30, -0.5])
def test_a_target_that_nobody_touched_stays_as_it_is_to_the_last_digit(target: float) -> None:
    charter = Charter(measures=(Measure(name="Kept", target=target),))
    fields = charter_fields(charter, {})

    typed = read_charter_form(fields, {**untouched(fields, {}).text, "visitors": "4"})

    assert typed.faults == {}
    assert charter_of(typed) == replace(charter, visitors=4)


def test_what_the_service_did_meanwhile_pushes_no_own_act_out_of_sight(pages: Pages, chair: FlaskClient) -> None:
    edit(chair, visitors="4")
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        for number in range(31):
            record(
                session, at=pages.scene.now, actor="worker", source="worker", act="plan-applied",
                subject=f"plan:{number}", meeting_id=meeting.id,
            )  # fmt: skip

    undone = chair.post(f"{PAGE}/undo", data=_undo_of(chair))

    assert undone.status_code == 303
    assert read_charter(sources(pages)[-1]).visitors == 2


def test_a_new_short_form_is_shown_before_and_after_then_written(pages: Pages, chair: FlaskClient) -> None:
    looked = words_of(edit(chair, short="We decide, here and now.", visitors="3", quorum=""))
    pages.scene.cycle()

    assert "Our lines in the invitation" in looked
    assert "Then We decide, here and now. http://localhost:8080/m/leadership/next" in looked
    assert "Visitors It was at most 2 at one occurrence It is at most 3 at one occurrence" in looked
    assert "It was 2/3 of the seats It is more than half of the seats" in looked
    assert "The invitation itself Put our lines back into the description, every week" in looked
    assert "We decide, here and now." in description(pages)


def test_every_version_says_what_it_changed_and_comes_back_as_a_new_one(pages: Pages, chair: FlaskClient) -> None:
    edit(chair, purpose="To decide **quickly**.", late_limit="5")

    page, version = words_of(chair.get(PAGE).text), chair.get(f"{PAGE}/versions/2").text
    looked = chair.post(EDIT, data=form(chair, f"{EDIT}?from=2"))
    chair.post(EDIT, data=fields_of(looked.text) | {"step": "do"})

    assert "What it is for, too often late" in page
    assert "<strong>quickly</strong>" in chair.get(f"{PAGE}/versions/3").text
    assert "1 later version came after it; number 3 is in force." in words_of(version)
    _, early, _, back = (read_charter(one) for one in sources(pages))
    assert (back.purpose, back.late_limit, back.quorum) == (early.purpose, early.late_limit, early.quorum)
    assert [chair.get(f"{PAGE}/versions/{number}").status_code for number in ("9", "9" * 30)] == [404, 404]


def test_all_faults_are_told_at_once_and_nothing_typed_is_lost(pages: Pages, chair: FlaskClient) -> None:
    before = everything(pages)
    wrong = {
        "purpose": HOSTILE, "quorum": "3/2", "visitors": "500", "summary": "tomorrow", "measure-1-target": "5,5",
        "measure-2-name": "Decision  WITHIN",
    }  # fmt: skip

    answer = chair.post(EDIT, data=form(chair) | wrong)

    assert answer.status_code == 422
    assert "Mend 5 things, then go on" in answer.text
    assert {name: fields_of(answer.text)[name] for name in wrong} == wrong | {"measure-2-name": "Decision  WITHIN"}
    assert "<script>alert" not in answer.text
    assert everything(pages) == before


def test_of_two_editors_the_second_sees_both_texts_and_may_then_go_on(pages: Pages, chair: FlaskClient) -> None:
    mine = form(chair) | {"purpose": "Mine, all of it."}
    edit(pages.signed_in(CHAIR), rules="1. Theirs.", visitors="5")

    answer = chair.post(EDIT, data=mine)
    looked = chair.post(EDIT, data=fields_of(answer.text))
    done = chair.post(EDIT, data=fields_of(looked.text) | {"step": "do"})

    assert answer.status_code == 409
    assert "Somebody changed this since you opened it" in answer.text
    assert "New: 1. Theirs." in words_of(answer.text)
    assert "It is at most 5 at one occurrence" in words_of(answer.text)
    assert fields_of(answer.text)["purpose"] == "Mine, all of it."
    assert done.status_code == 303
    assert read_charter(sources(pages)[-1]).purpose == "Mine, all of it."


def test_a_version_that_comes_between_looking_and_confirming_stops_it(pages: Pages, chair: FlaskClient) -> None:
    looked = chair.post(EDIT, data=form(chair) | {"visitors": "4"})
    edit(pages.signed_in(CHAIR), guests="1")

    answer = chair.post(EDIT, data=fields_of(looked.text) | {"step": "do"})

    assert answer.status_code == 409
    assert [read_charter(one).visitors for one in sources(pages)] == [2, 2, 2]


def test_a_renamed_measure_keeps_its_values_and_undoing_gives_both_names_back(pages: Pages, chair: FlaskClient) -> None:
    before = values(pages)
    looked = edit(chair, **{"measure-1-name": "Time to a decision", "measure-1-target": "4"})
    renamed = values(pages)

    undone = chair.post(f"{PAGE}/undo", data=_undo_of(chair))

    assert "“Decision within” is called “Time to a decision”" in looked
    assert {day for name, day in renamed if name == "time to a decision"} == {
        day for name, day in before if name == MEASURE
    }
    assert undone.status_code == 303
    assert values(pages) == before
    assert [one == sources(pages)[1] for one in sources(pages)] == [False, True, False, True]


def test_a_dropped_measure_leaves_its_values_and_finds_them_again(pages: Pages, chair: FlaskClient) -> None:
    before = values(pages)
    edit(chair, **{"measure-1-name": ""})
    without = words_of(chair.get(PAGE).text)

    edit(chair, **{"measure-3-name": "Decision within", "measure-3-unit": "working days"})

    assert "Decision within 5.5" not in without
    assert values(pages) == before
    assert "Decision within 5.5 working days" in words_of(chair.get(PAGE).text)


def test_a_value_is_entered_corrected_taken_back_and_each_time_undone(pages: Pages, chair: FlaskClient) -> None:
    scribe, day = pages.signed_in(SCRIBE), "2026-11-20"
    key = (MEASURE, date.fromisoformat(day))

    told = []
    for typed in ({"value": "4.5"}, {"value": "4"}, {"step": "take-back"}):
        address = f"{VALUE}?measure=decision+within&day={day}"
        answer = scribe.post(VALUE, data=form(scribe, address) | typed)
        assert answer.status_code == 303, words_of(answer.text)
        told.append((values(pages)[key], acts(pages)[0]))
        pages.scene.pass_time(minutes=1)
    scribe.post(f"{PAGE}/undo", data=_undo_of(scribe))

    assert told == [(4.5, "measure-entered"), (4.0, "measure-entered"), (None, "measure-taken-back")]
    assert values(pages)[key] == 4.0
    assert "Decision within: 4 working days on 20 Nov 2026" in words_of(chair.get(f"/m/{SLUG}/ledger").text)
    assert "4 working days 20 Nov 2026. Target 5 working days 1 below the target" in words_of(chair.get(PAGE).text)


def test_two_who_enter_the_same_day_the_second_sees_the_first_value(pages: Pages, chair: FlaskClient) -> None:
    mine = form(chair, VALUE, measure=MEASURE, day="2026-11-20", value="3")
    scribe = pages.signed_in(SCRIBE)
    scribe.post(VALUE, data=form(scribe, VALUE, measure=MEASURE, day="2026-11-20", value="9"))

    answer = chair.post(VALUE, data=mine)

    assert answer.status_code == 409
    assert "9 working days on 20 Nov 2026" in words_of(answer.text)
    assert fields_of(answer.text)["value"] == "3"
    assert chair.post(VALUE, data=fields_of(answer.text)).status_code == 303
    assert values(pages)[MEASURE, date(2026, 11, 20)] == 3.0


def test_a_value_that_cannot_be_used_is_refused_in_words(pages: Pages, chair: FlaskClient) -> None:
    before, usual = values(pages), form(chair, VALUE, measure=MEASURE, value="3")

    for typed, told in (
        ({"day": "2026-11-24"}, "Choose a day until 23 Nov 2026"),
        ({"day": "20.11.2026"}, "as 2026-03-31"),
        ({"value": "5,5"}, "with a point before its fraction"),
        ({"measure": "something else"}, "Choose one of the list"),
    ):
        answer = chair.post(VALUE, data=usual | typed)

        assert (answer.status_code, told in words_of(answer.text)) == (422, True), told
    assert values(pages) == before


def test_a_file_adds_and_corrects_and_never_overrules_what_a_page_said(pages: Pages, chair: FlaskClient) -> None:
    file = as_file(pages)
    for day, typed in (("2026-11-16", {"value": "7"}), ("2026-11-09", {"step": "take-back"})):
        chair.post(VALUE, data=form(chair, f"{VALUE}?measure=decision+within&day={day}") | typed)
    said = values(pages)

    give_charter(pages, file)
    unchanged = values(pages)
    give_charter(pages, file.replace("value = 8\n", "value = 8.25\n"))
    corrected = values(pages)

    assert unchanged == said
    assert len(sources(pages)) == 2
    assert corrected == said | {(MEASURE, date(2026, 11, 2)): 8.25}
    assert read_charter(as_file(pages)).measures[0].values[-1].value == 7


def test_the_exported_charter_reads_back_to_everything_there_is(pages: Pages, chair: FlaskClient) -> None:
    edit(chair, purpose='Say "no"\\\n\n- twice', rules="", quorum="2/3")
    before = (values(pages), len(sources(pages)))

    give_charter(pages, as_file(pages))

    assert (values(pages), len(sources(pages))) == before


def test_who_may_read_and_may_not_change_finds_no_form(pages: Pages) -> None:
    delegate = pages.signed_in("amara.okafor@example.com")
    scribe = pages.signed_in(SCRIBE)

    assert "5.5" in delegate.get(PAGE).text
    assert "Edit the charter" not in delegate.get(PAGE).text
    assert delegate.get(EDIT).status_code == scribe.get(EDIT).status_code == delegate.get(VALUE).status_code == 404
    assert scribe.get(VALUE).status_code == 200


def _undo_of(browser: FlaskClient) -> dict[str, str]:
    page = browser.get(PAGE).text
    seq = page.split('name="seq" value="', 1)[1].split('"', 1)[0]
    return {"csrf": csrf_of(page), "seq": seq}
