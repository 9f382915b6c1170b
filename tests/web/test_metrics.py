"""Figures for a Prometheus: read at the moment they are asked for, behind a token, without personal data."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from governance.models import AppliedChange, Breaker, Calendar, Lease, Meeting, Outbox, Quarantine, Worker
from governance.models.identifiers import new_id
from governance.reconcile.observed import Guest
from tests.web.conftest import config_for
from tests.web.scenes import SLUG, Scene, in_order, newly_adopted
from web import create_app

TOKEN = "a token for the scraper"
CANARY = "canary-4c1d"


@pytest.fixture
def app(scene: Scene) -> Flask:
    config = config_for()
    web = dataclasses.replace(config.web, metrics_token=TOKEN)
    return create_app(dataclasses.replace(config, web=web), scene.database, clock=lambda: scene.now)


@pytest.fixture
def scraper(app: Flask) -> FlaskClient:
    return app.test_client()


def scraped(scraper: FlaskClient) -> dict[tuple[str, ...], float]:
    """Values by name and the values of their labels."""
    answer = scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_an_empty_installation_has_nothing_to_tell(scraper: FlaskClient) -> None:
    assert set(scraped(scraper).values()) == {0}


def test_without_a_token_in_the_configuration_there_is_no_such_page(scene: Scene) -> None:
    scraper = create_app(config_for(), scene.database, clock=lambda: scene.now).test_client()

    assert scraper.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert scraper.get("/metrics", headers={"Authorization": "Bearer None"}).status_code == 404


@pytest.mark.parametrize(
    "sent", [None, "", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer ÿ"]
)
def test_a_wrong_token_is_told_nothing(scraper: FlaskClient, scene: Scene, sent: str | None) -> None:
    in_order(scene)

    answer = scraper.get("/metrics", headers={} if sent is None else {"Authorization": sent})

    assert (answer.status_code, "governance_" in answer.text) == (401, False)


def test_a_scraper_asks_by_address(scraper: FlaskClient) -> None:
    answer = scraper.get("/metrics", headers={"Host": "10.1.2.3:8080", "Authorization": f"bearer {TOKEN}"})

    assert answer.status_code == 200


def test_the_figures_are_those_of_the_database_at_that_moment(scraper: FlaskClient, scene: Scene) -> None:
    in_order(scene)
    newly_adopted(scene, "product-council", "Product Council")
    calendar, worker = read_by_a_worker(scene)
    scene.now += timedelta(seconds=7)

    found = scraped(scraper)

    assert found["governance_calendar_reading_age_seconds", calendar] == 7
    assert found["governance_meeting_reading_age_seconds", SLUG] == 7
    assert found["governance_findings", "I01"] == 2
    assert found["governance_changes_applied_total", "I05"] == applied(scene, "I05") > 0
    assert found["governance_changes_held",] == held(scene) > 0
    assert found["governance_workers_alive",] == 1
    assert found["governance_leases", worker] == 1
    assert found["governance_quota_units", "a1b2c3", worker] == 42
    assert found["governance_meetings_queued",] == 0

    scene.change_meeting(dirty=True)
    scene.now += timedelta(seconds=60)

    later = scraped(scraper)
    assert later["governance_meetings_queued",] == 1
    assert later["governance_workers_alive",] == 0
    assert ("governance_quota_units", "a1b2c3", worker) not in later
    assert later["governance_problems", "no-worker"] == 1


def test_trouble_is_counted(scraper: FlaskClient, scene: Scene) -> None:
    in_order(scene)
    plant_trouble(scene)

    found = scraped(scraper)

    assert found["governance_events_set_aside",] == 1
    assert found["governance_accounts_left_alone",] == 1
    assert found["governance_calendars_writes_paused",] == 1
    assert found["governance_problems", "write-ignored"] == 1
    assert found["governance_problems", "account-rests"] == 1


def test_no_label_says_whom_it_is_about(scraper: FlaskClient, scene: Scene) -> None:
    """Wherever the database has room for a person's name or address, one is planted."""
    in_order(scene)
    scene.calendar.forward(f"event-{SLUG}", Guest(address=f"{CANARY}@example.com", name=f"{CANARY} Smith"))
    scene.cycle()
    plant_trouble(scene)
    with scene.database.writing() as session:
        worker = session.query(Worker).one()
        worker.name = f"{CANARY}-laptop-1"
        worker.detail_json = {"quota": {f"{CANARY}@example.com": 3}}
        session.add(
            Lease(calendar_id=session.query(Calendar.id).scalar(), worker_id=worker.id, fence=1, taken_at=scene.now)
        )
        session.execute(text("UPDATE calendar SET google_id = :one"), {"one": f"{CANARY}@group.calendar.google.com"})

    answer = scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert CANARY not in answer.text
    assert "@" not in answer.text
    assert 'governance_quota_units{account="' in answer.text


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_asking_writes_nothing(scraper: FlaskClient, scene: Scene, path: str) -> None:
    in_order(scene)
    plant_trouble(scene)
    before = dump(scene)

    scraper.get(path, headers={"Authorization": f"Bearer {TOKEN}"})

    assert dump(scene) == before


def read_by_a_worker(scene: Scene) -> tuple[str, str]:
    """The ids of the calendar, which a worker has leased and read, and of that worker."""
    with scene.database.writing() as session:
        calendar_id = session.query(Calendar.id).scalar()
        worker = session.query(Worker).one()
        worker.detail_json = {"last_read": {str(calendar_id): scene.now.isoformat()}, "quota": {"a1b2c3": 42}}
        session.add(Lease(id=new_id(), calendar_id=calendar_id, worker_id=worker.id, fence=1, taken_at=scene.now))
        return str(calendar_id), str(worker.id)


def plant_trouble(scene: Scene) -> None:
    words = {"problem_text": f"{CANARY}@example.com", "problem_remedy": f"Ask {CANARY}@example.com"}
    with scene.database.writing() as session:
        calendar = session.query(Calendar).one()
        calendar.writes_paused_until = scene.now + timedelta(hours=1)
        meeting_id = session.query(Meeting.id).filter_by(slug=SLUG).scalar()
        session.add(
            Breaker(
                subject=f"{CANARY}@example.com", failures=3, since=scene.now, open_until=scene.now,
                problem_code="google-unreachable", **words,
            )
        )  # fmt: skip
        session.add(
            Quarantine(
                calendar_id=calendar.id, event_id=f"event-{SLUG}", meeting_id=meeting_id, failures=1, since=scene.now,
                last_at=scene.now, retry_at=scene.now + timedelta(minutes=1), problem_code="write-ignored", **words,
            )
        )  # fmt: skip


def applied(scene: Scene, rule: str) -> int:
    with scene.database.reading() as session:
        return session.query(AppliedChange).filter_by(rule=rule).count()


def held(scene: Scene) -> int:
    with scene.database.reading() as session:
        plans = [plan for (plan,) in session.query(Meeting.plan_json) if plan]
    return sum(1 for plan in plans for change in plan["changes"] if change["held"])


def dump(scene: Scene) -> str:
    from governance.models import Base

    with scene.database.reading() as session:
        return str([session.execute(text(f'SELECT * FROM "{name}"')).all() for name in Base.metadata.tables])  # noqa: S608


def test_mails_are_counted_by_state_and_the_age_is_of_the_one_due_for_longest(
    scraper: FlaskClient, scene: Scene
) -> None:
    for number, state in enumerate(("waiting", "waiting", "held", "sent", "dropped")):
        with scene.database.writing() as session:
            session.add(
                Outbox(
                    key=f"{CANARY}-{number}", kind="removed", about=CANARY, address=f"{CANARY}@example.com",
                    facts_json={}, state=state, queued_at=scene.now, due_at=scene.now + timedelta(seconds=10 * number),
                )
            )  # fmt: skip
    scene.now += timedelta(seconds=5)

    found = scraped(scraper)

    assert {key: value for key, value in found.items() if key[0] == "governance_mails"} == {
        ("governance_mails", "held"): 1,
        ("governance_mails", "waiting"): 2,
    }
    assert found["governance_mail_due_age_seconds",] == 5
    assert CANARY not in scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
