"""What seats say of decisions is found with nobody who may not read it, and nothing that follows from it either."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.commands.exporting import write_export
from governance.database import Database
from governance.domain.access import OPERATOR, Who
from governance.domain.summaries.briefing import sentences
from governance.logs import JsonLines
from governance.mail.facts_of_summaries import Summary
from governance.models import LedgerPayload, Meeting, Outbox, WebSession
from governance.services.summaries.brief import facts_of, keep_brief
from governance.services.summaries.cutting import summary_for
from governance.services.summaries.gathering import gather, readers
from tests.access.asking import BLANK, address_of, routes_of
from tests.access.canaries import CHAIRS
from tests.access.expectations import ROUTES
from tests.access.mails import text_of
from tests.access.said import AFTER, DURING, ELSEWHERE, NAMES, QUIET, Said, Word, all_say_yes, tell
from tests.access.situation import ADDRESSES, METRICS_TOKEN, OWN, Situation, Whose, over
from tests.conftest import IS_SOAK
from tests.services.summaries.weeks import meeting, week
from tests.web.scenes import Scene

READERS = {ADDRESSES[who] for who in (*CHAIRS, Who.DELEGATE, Who.STAND_IN)} | {QUIET}
SCRIBE, CHAIR = ADDRESSES[Who.SCRIBE], ADDRESSES[Who.CHAIR]
EVERYBODY = (*ADDRESSES.values(), QUIET, ELSEWHERE)
OTHERS = tuple(one for one in EVERYBODY if one not in READERS)
OF_THE_DAY = f"/m/{OWN}/minutes/{DURING:%Y-%m-%d}"
LISTS = (
    OF_THE_DAY, f"{OF_THE_DAY}.pdf", f"/m/{OWN}/agenda?on={DURING:%Y-%m-%d}", f"/m/{OWN}/decisions?state=due",
    f"/m/{OWN}/decisions?state=open",
)  # fmt: skip
TELLING = (
    *("decisions.one", "decisions.screen", "closing.checklist", "decision_log.one_as_markdown", "decision_log.shown"),
    *("decision_log.as_csv", "decision_log.as_json", "decision_log.as_markdown", "agenda.shown", "promises.shown"),
    *("home.home", "meetings.one", "ledger.of_meeting", "rooms.room"),
)
"""What a normal run looks at: pages that are made of decisions; the long one asks for every route there is."""

FIRST_SEAT = {ADDRESSES[Who.STAND_IN], ADDRESSES[Who.DELEGATE]}
"""One sits for it that day, and who holds it speaks for it from the day after."""

SOME = OTHERS if IS_SOAK else (*(ADDRESSES[who] for who in (Who.ADMINISTRATOR, Who.SCRIBE, Who.LEADERSHIP)), ELSEWHERE)
ALMOST_ALL = EVERYBODY if IS_SOAK else (*SOME, CHAIR, *sorted(FIRST_SEAT), ADDRESSES[Who.SPONSOR])


@dataclass(slots=True)
class World:
    situation: Situation
    said: Said
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    answers: dict[tuple[datetime, str, str], str] = field(default_factory=dict)

    def at(self, moment: datetime) -> None:
        if self.situation.scene.now != moment:
            self.situation.scene.now = moment
            self.browsers.clear()

    def browser(self, who: str) -> FlaskClient:
        """With the same session in each world."""
        if who not in self.browsers:
            now, key = self.situation.scene.now, f"{who} {self.situation.scene.now}"
            hashed = hashlib.sha256(key.encode()).hexdigest()
            with self.situation.database.writing() as session:
                if session.scalar(select(WebSession.id).where(WebSession.token_hash == hashed)) is None:
                    session.add(WebSession(
                        id=UUID(hashed[:32]), token_hash=hashed, address=who, made_at=now, seen_at=now,
                        is_admin=who == ADDRESSES[Who.ADMINISTRATOR], expires_at=now + timedelta(days=7),
                        csrf=f"csrf of {who}",
                    ))  # fmt: skip
            self.browsers[who] = self.situation.app.test_client()
            self.browsers[who].set_cookie("governance", key)
        return self.browsers[who]

    def get(self, who: str, address: str) -> str:
        """Once: nothing that is done here changes anything."""
        key = (self.situation.scene.now, who, address)
        if key not in self.answers:
            with self.browser(who).get(address) as answer:
                text = answer.get_data().decode(errors="replace")
                self.answers[key] = f"{answer.status_code} {answer.headers.get('ETag')}\n{text}"
        return self.answers[key]

    def post(self, who: str, address: str, **form: str) -> str:
        with self.browser(who).post(address, data={"csrf": f"csrf of {who}"} | form) as answer:
            return f"{answer.status_code}\n{answer.get_data().decode(errors='replace')}"

    def path(self, name: str, ending: str = "") -> str:
        return f"/m/{OWN}/decisions/{self.said.refs[name]}{ending}"

    def pages_of(self, name: str) -> list[str]:
        """The routes of one decision that can be looked at; the closed one at its number."""
        ref = "D-2026-002" if name == "closed" else str(self.said.refs[name])
        blanks = {"slug": OWN, "ref": ref}
        rules = [(key, rule) for key, rule in routes_of(self.situation.app).items() if "<ref>" in rule]
        chosen = [rule for key, rule in rules if key[1] == "GET" and (IS_SOAK or key[0] in TELLING)]
        found = [BLANK.sub(lambda blank: blanks[blank[1]], rule) for rule in chosen]
        return [*found, f"{self.path(name)}/answer?position={self.said.objections[name]}"]

    def pages_of_all(self) -> list[str]:
        """The other routes, as the route matrix asks for them."""
        keys = [key for key in ROUTES if key[1] == "GET" and "<ref>" not in routes_of(self.situation.app)[key]]
        chosen = [key for key in keys if not ROUTES[key].is_for_all and (IS_SOAK or key[0] in TELLING)]
        return [*(address_of(self.situation, key, ROUTES[key], None, Whose.OWN) for key in chosen), *LISTS]


@pytest.fixture(scope="module")
def worlds(built_once: tuple[Path, Scene], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """As it was said, and as if everybody had said yes; to be looked at alone."""
    folder, (path, scene) = tmp_path_factory.mktemp("said"), built_once
    first, second = folder / "said.db", folder / "yes.db"
    database = Database(f"sqlite:///{shutil.copyfile(path, first)}")
    calendar = copy.deepcopy(scene.calendar)
    said = tell(over(dataclasses.replace(scene, database=database, calendar=calendar)))
    database.dispose()
    all_say_yes(Path(shutil.copyfile(first, second)), said)
    opened = [Database(f"sqlite:///{file}") for file in (first, second)]
    there, twin = (
        World(over(dataclasses.replace(scene, database=one, calendar=calendar, now=scene.now)), said) for one in opened
    )
    yield there, twin
    for one in opened:
        one.dispose()


def may_see(who: str, one: Word, moment: datetime) -> bool:
    if one.seat == 0 and who in FIRST_SEAT and (who == ADDRESSES[Who.STAND_IN] or moment == AFTER):
        return True
    return one.is_open and (who in READERS or (who == SCRIBE and moment == DURING))


def words_in(text: str, said: Said) -> list[Word]:
    plain = text.casefold()
    return [one for one in said.words if one.text in plain]


def both_get(worlds: tuple[World, World], who: str, address: str) -> tuple[str, str]:
    one, other = (world.get(who, address) for world in worlds)
    return one, other


def test_there_are_more_than_fifty_of_them(worlds: tuple[World, World]) -> None:
    said = worlds[0].said

    assert said.positions >= 50
    assert len({one.text for one in said.words}) == len(said.words) > 3 * 50


@pytest.mark.parametrize("moment", [DURING, AFTER], ids=["during", "after"])
def test_each_word_is_shown_to_who_may_read_it_and_to_nobody_else(
    worlds: tuple[World, World], moment: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    world = worlds[0]
    world.at(moment)
    leaks, seen = [], set()
    with caplog.at_level(logging.DEBUG):
        for who in ALMOST_ALL:
            rest = world.pages_of_all() if moment == AFTER else ()
            for address in (*(one for name in NAMES for one in world.pages_of(name)), *rest):
                found = words_in(world.get(who, address), world.said)
                leaks += [(who, address, one.text) for one in found if not may_see(who, one, moment)]
                seen |= {one.text for one in found if who == CHAIR}

    # What stands in fields that show only once the page of a decision is open is on that page.
    unseen = {one.text for one in world.said.words if one.is_open and not re.search("removes|interest", one.text)}
    logged = [JsonLines().format(one) for one in caplog.records]
    assert leaks == []
    assert unseen <= seen
    assert [line for line in logged if words_in(line, world.said)] == []


def test_who_may_not_read_them_cannot_tell_what_was_said_from_all_having_said_yes(
    worlds: tuple[World, World],
) -> None:
    """Counts, quorum, remarks, the day of the review, the order of rows: all that follows from positions."""
    for world in worlds:
        world.at(AFTER)
    told = []
    for who in SOME:
        lists = worlds[0].pages_of_all()
        for address in (*(one for name in NAMES for one in worlds[0].pages_of(name)), *lists):
            one, other = both_get(worlds, who, address)
            if one != other:
                told.append((who, address))

    assert told == []
    one, other = both_get(worlds, CHAIR, worlds[0].path("opened"))
    assert one != other


@pytest.mark.parametrize("who", [CHAIR, SCRIBE, QUIET, ADDRESSES[Who.ACTING_CHAIR]])
def test_before_they_are_opened_nobody_learns_anything(worlds: tuple[World, World], who: str) -> None:
    """Nor that the clock of an objection has run out, nor by what is refused."""
    for world in worlds:
        world.at(DURING)

    answers = [
        [
            *(world.get(who, one) for one in world.pages_of("blind")),
            world.post(who, world.path("blind", "/do"), act="decide"),
            *(
                world.post(who, world.path("blind", "/do"), act="silent", seat=str(seat), round="1")
                for seat in seats_of(world)
            ),
        ]
        for world in worlds
    ]

    assert answers[0] == answers[1]
    assert [one for one in answers[0] if words_in(one, worlds[0].said)] == []


def test_what_is_refused_to_the_scribe_afterwards_tells_nothing(worlds: tuple[World, World]) -> None:
    for world in worlds:
        world.at(AFTER)

    answers = [
        [
            *(world.post(SCRIBE, world.path(name, "/do"), act="decide") for name in NAMES),
            *(world.post(SCRIBE, world.path(name, "/close"), step="close") for name in NAMES),
            world.post(SCRIBE, world.path("opened", "/answer"), position=str(world.said.objections["opened"])),
        ]
        for world in worlds
    ]

    assert answers[0] == answers[1]


def test_searching_for_a_word_finds_nothing(worlds: tuple[World, World]) -> None:
    world = worlds[0]
    world.at(AFTER)
    chosen = world.said.words if IS_SOAK else world.said.words[::8]

    found = [one.text for one in chosen if "Shown to all" in world.get(CHAIR, f"/m/{OWN}/decisions?text={one.text}")]

    assert found == []
    assert "Shown to all" in world.get(CHAIR, f"/m/{OWN}/decisions?text=shown")


def test_a_summary_says_the_same_as_if_everybody_had_said_yes(worlds: tuple[World, World]) -> None:
    """To everybody, chair and delegates included: what a mail says can be forwarded."""
    told = [summaries_of(world) for world in worlds]

    assert told[0] == told[1]
    assert words_in(repr(told[0]), worlds[0].said) == []
    assert {"Shown to all: opened", "Shown to all: closed"} <= {
        one["title"] for facts in told[0] for one in (*facts.open, *facts.closed)
    }


def test_what_goes_to_leadership_is_the_same_as_if_everybody_had_said_yes(worlds: tuple[World, World]) -> None:
    told = [brief_of(world) for world in worlds]

    assert told[0] == told[1]
    assert words_in(told[0], worlds[0].said) == []
    assert "Shown to all: closed" in told[0]


def test_no_record_mail_figure_or_export_has_any(worlds: tuple[World, World], tmp_path: Path) -> None:
    """The export of everything is the same as if all had said yes."""
    texts: dict[str, list[str]] = {"record": [], "mails": [], "figures": [], "export": []}
    for number, world in enumerate(worlds):
        with world.situation.database.reading() as session:
            texts["record"].append(repr(session.scalars(select(LedgerPayload.body_json)).all()))
            mails = session.scalars(select(Outbox)).all()
            texts["mails"].append("\n".join(
                text_of(one, session.get(Meeting, one.meeting_id) if one.meeting_id else None) for one in mails
            ))  # fmt: skip
            folder = tmp_path / str(number)
            write_export(session, folder, actor=OPERATOR, now=AFTER, currency="EUR")
        files = sorted(one for one in folder.rglob("*") if one.is_file())
        texts["export"].append("\n".join(one.read_text(encoding="utf-8") for one in files))
        bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        texts["figures"].append(world.situation.app.test_client().get("/metrics", headers=bearer).text)

    assert {name: found for name, some in texts.items() if (found := words_in(some[0], worlds[0].said))} == {}
    assert texts["export"][0] == texts["export"][1]
    assert "Shown to all" in texts["export"][0]
    assert '"present"' not in texts["record"][0]


def summaries_of(world: World) -> list[Summary]:
    period = week(0, until=AFTER)
    with world.situation.database.reading() as session:
        found = meeting(session, OWN)
        gathered = gather(session, found, period, AFTER)
        return [summary_for(gathered, one).facts for one in readers(session, found, period, AFTER)]


def brief_of(world: World) -> str:
    """As it would be kept; the world stays as it is."""
    with world.situation.database.writing() as session, session.begin_nested() as kept:
        row = keep_brief(session, meeting(session, OWN), week(0, until=AFTER), AFTER)
        assert row is not None
        found = repr((row.facts_json, sentences(facts_of(row))))
        kept.rollback()
    return found


def seats_of(world: World) -> list[str]:
    with world.situation.database.reading() as session:
        from governance.models import Elector

        return [str(one) for one in session.scalars(
            select(Elector.seat_id).where(Elector.decision_id == world.said.refs["blind"]).order_by(Elector.seat_id)
        )][:9]  # fmt: skip
