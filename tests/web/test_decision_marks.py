"""What becomes of a closed decision: marks, what stands in its place, challenges from above, and who sees which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.models import Challenge, Decision, DecisionMark
from governance.store.meetings import meeting_by_slug
from tests.support.decided import closed, draft
from tests.web.acting import words_of
from tests.web.conftest import Pages, csrf_of
from tests.web.once import once
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, SLUG, Scene

FIRST, SECOND = "D-2026-001", "D-2026-002"
AMARA = "amara.okafor@example.com"


@once
def _two_closed(scene: Scene) -> None:
    scene.adopt()
    scene.roster()
    scene.cycle()
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        closed(session, meeting, 1, "Refunds within five days", text="Refunds are paid within five days")
        closed(session, meeting, 2, "Refunds within two days", text="Refunds are paid within two days")
        draft(session, meeting, "Refunds at once")


@pytest.fixture
def pages(pages: Pages) -> Pages:
    _two_closed(pages.scene)
    return pages


def page(browser: FlaskClient, ref: str = FIRST) -> str:
    answer = browser.get(f"/m/{SLUG}/decisions/{ref}")
    assert answer.status_code == 200
    return answer.text


def post(browser: FlaskClient, ref: str = FIRST, **form: str) -> tuple[int, str]:
    csrf = csrf_of(page(browser, ref))
    answer = browser.post(f"/m/{SLUG}/decisions/{ref}/after", data={"csrf": csrf, **form})
    return answer.status_code, answer.text


def marks(pages: Pages) -> list[str]:
    with pages.scene.database.reading() as session:
        return list(session.scalars(select(DecisionMark.kind).order_by(DecisionMark.at, DecisionMark.id)))


@pytest.mark.parametrize(
    ("form", "remedy"),
    [
        ({"act": "kept", "outcome": "kept", "words": " "}, "Say what came of it"),
        ({"act": "review", "words": "Stands", "review_on": "2020-01-01"}, "Choose a day to come, or leave it blank"),
        ({"act": "review", "words": "Stands", "review_on": "soon"}, "Enter a day, or leave it blank"),
        ({"act": "supersede", "later": "D-2026-999"}, "Enter the number of another decision"),
        ({"act": "supersede", "later": FIRST}, "Choose another closed decision of this meeting"),
        ({"act": "challenge", "by_whom": "", "what": "Cheaper"}, "Say who challenges it"),
        ({"act": "explode"}, "Use the buttons of the page"),
    ],
)
def test_wrong_input_changes_nothing_and_keeps_what_was_typed(pages: Pages, form: dict[str, str], remedy: str) -> None:
    status, text = post(pages.signed_in(CHAIR), **form)

    assert (status, marks(pages)) == (409, [])
    assert remedy in text
    assert all(typed in text for name, typed in form.items() if name in ("words", "what", "later") and typed.strip())


def test_what_is_not_closed_is_not_marked(pages: Pages) -> None:
    with pages.scene.database.reading() as session:
        ref = str(session.scalars(select(Decision.id).where(Decision.number.is_(None))).one())

    status, text = post(pages.signed_in(CHAIR), ref, act="kept", outcome="kept", words="Well")

    assert status == 409
    assert "Close the decision first" in text


def test_the_newest_word_on_whether_it_was_kept_counts(pages: Pages) -> None:
    chair = pages.signed_in(CHAIR)
    post(chair, act="kept", outcome="not-kept", words="Two customers waited a week")
    pages.scene.now += timedelta(hours=1)
    post(chair, act="kept", outcome="kept", words="Nobody waited any more")

    text = words_of(page(pages.signed_in(AMARA)).partition('id="after-title"')[2])

    assert marks(pages) == ["not-kept", "kept"]
    assert text.partition("Two customers")[0].count("Kept") == 1
    assert "Nobody waited any more" in text


def test_another_decision_stands_in_its_place_once_and_never_in_a_circle(pages: Pages) -> None:
    chair = pages.signed_in(CHAIR)

    done, _ = post(chair, act="supersede", later=SECOND)
    again, _ = post(chair, act="supersede", later=SECOND)
    circle, text = post(chair, SECOND, act="supersede", later=FIRST)

    assert (done, again, circle) == (303, 409, 409)
    assert "Choose a newer decision" in text
    assert marks(pages) == ["superseded"]
    assert SECOND in page(chair)


def test_a_challenge_is_the_chairs_to_record_and_for_chair_and_delegates_to_see(pages: Pages) -> None:
    refused, _ = post(pages.signed_in(SCRIBE), act="challenge", by_whom="The board", what="Ten days")
    recorded, _ = post(pages.signed_in(CHAIR), act="challenge", by_whom="The board", what="Ten days will do")
    with pages.scene.database.reading() as session:
        challenge = session.scalars(select(Challenge)).one()

    settled, _ = post(
        pages.signed_in(CHAIR), act="settle", challenge=str(challenge.id), outcome="stood", answered_by="Helena Marsh"
    )

    assert (refused, recorded, settled) == (404, 303, 303)
    assert "It stood" in page(pages.signed_in(AMARA))
    assert "Helena Marsh answered for the group" in page(pages.signed_in(AMARA))
    for other in (SCRIBE, ADMIN):
        assert "Ten days will do" not in page(pages.signed_in(other))
        assert "Ten days will do" not in pages.signed_in(other).get(f"/m/{SLUG}/ledger").text
    assert "A decision was challenged from above" in pages.signed_in(CHAIR).get(f"/m/{SLUG}/ledger").text


def test_nothing_is_taken_for_a_word_that_nobody_gave(pages: Pages) -> None:
    status, text = post(pages.signed_in(CHAIR), act="kept", words="Well")

    assert (status, marks(pages)) == (409, [])
    assert "Use one of the two buttons" in text
