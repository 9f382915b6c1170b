"""What arrives from Google, and from everybody else: believed by its token, and never more than a mark."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from governance.config import model
from governance.database import Database
from governance.models.identifiers import new_id
from governance.reconcile.ports import OutcomeUnclear
from governance.store.meetings import all_calendars
from tests.push.announcing import PUBLIC_URL, GoogleChannel, Installation
from tests.push.test_states import crowd
from tests.web.conftest import config_for
from web import create_app
from web.views import notifications

PATH = "/google/notifications"
CHANGES = ("INSERT", "UPDATE", "DELETE")


class Receiver:
    """The installation with its pages: what Google announces arrives there by HTTP."""

    def __init__(self, database: Database, *, push: bool = True) -> None:
        google = model.Google(push=push)
        config = dataclasses.replace(config_for(PUBLIC_URL), google=google)
        self.here = Installation(database)
        self.app = create_app(config, database, clock=lambda: self.here.now)
        self.here.google.deliver = lambda channel, state: self.announce(channel, state) and None
        self.here.tend()
        [self.channel] = self.here.google.channels

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def announce(self, channel: GoogleChannel, state: str = "exists", **changed: str | None) -> TestResponse:
        headers = {**headers_of(channel, state), **{name.replace("_", "-"): one for name, one in changed.items()}}
        return self.send({name: value for name, value in headers.items() if value is not None})

    def send(self, headers: dict[str, str], **more: object) -> TestResponse:
        return self.browser().post(PATH, base_url=PUBLIC_URL, headers=headers, **more)  # type: ignore[arg-type]

    def is_dirty(self) -> bool:
        return self.here.calendar().dirty


def headers_of(channel: GoogleChannel, state: str = "exists") -> dict[str, str | None]:
    return {
        "X-Goog-Channel-ID": channel.id,
        "X-Goog-Channel-Token": channel.token,
        "X-Goog-Resource-ID": channel.resource_id,
        "X-Goog-Resource-URI": "https://www.googleapis.com/calendar/v3/calendars/chair@example.com/events?alt=json",
        "X-Goog-Resource-State": state,
        "X-Goog-Message-Number": "7",
    }


def whole(answer: TestResponse) -> tuple[str, list[tuple[str, str]], bytes]:
    return answer.status, list(answer.headers), answer.data


@pytest.fixture
def receiver(database: Database) -> Receiver:
    return Receiver(database)


@pytest.fixture
def writes(database: Database) -> Callable[[], list[str]]:
    """The statements that changed something since the last call."""
    sent: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(CHANGES):
            sent.append(statement)

    def since() -> list[str]:
        taken, sent[:] = list(sent), []
        return taken

    return since


def forged(receiver: Receiver) -> dict[str, dict[str, str | None]]:
    """Everything that must not be believed, each by how it differs from a notification that is."""
    return {
        "an unknown channel": {"X_Goog_Channel_ID": str(new_id())},
        "no channel id": {"X_Goog_Channel_ID": None},
        "no id at all": {"X_Goog_Channel_ID": "' OR 1=1 --"},
        "a wrong token": {"X_Goog_Channel_Token": receiver.channel.token[:-1] + "?"},
        "the beginning of the token": {"X_Goog_Channel_Token": receiver.channel.token[:20]},
        "no token": {"X_Goog_Channel_Token": None},
        "a token of strange letters": {"X_Goog_Channel_Token": "ä" * 100},
        "another resource": {"X_Goog_Resource_ID": "another"},
        "no resource": {"X_Goog_Resource_ID": None},
        "no state": {"X_Goog_Resource_State": None},
    }


def test_a_notification_of_a_calendar_that_is_to_be_read_anyway_changes_nothing(
    receiver: Receiver, writes: Callable[[], list[str]]
) -> None:
    receiver.announce(receiver.channel)
    writes()

    answers = {receiver.announce(receiver.channel).status for _ in range(3)}

    assert (answers, writes()) == ({"204 NO CONTENT"}, [])


def test_a_change_marks_its_calendar_and_says_nothing(receiver: Receiver) -> None:
    answer = receiver.announce(receiver.channel)

    assert (answer.status_code, answer.data, receiver.is_dirty()) == (204, b"", True)
    assert "Set-Cookie" not in answer.headers


def test_the_first_message_confirms_the_channel_and_asks_for_no_reading(receiver: Receiver) -> None:
    """It came before `watch` had returned, so nobody knew the resource yet."""
    [known] = receiver.here.channels()

    assert (known.confirmed_at, receiver.is_dirty()) == (receiver.here.now, False)


def test_a_thousand_at_once_are_one_write(receiver: Receiver, writes: Callable[[], list[str]]) -> None:
    writes()

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(lambda _: receiver.announce(receiver.channel).status_code, range(1000)))

    assert (answers, len(writes()), receiver.is_dirty()) == ({204}, 1, True)


def test_two_that_find_the_calendar_unmarked_at_the_same_moment_mark_it_once(
    receiver: Receiver, writes: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_read = threading.Barrier(2, timeout=30)
    real = notifications.channels.changes_something

    def together(*given: object) -> bool:
        both_have_read.wait()
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(notifications.channels, "changes_something", together)
    writes()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: receiver.announce(receiver.channel).status_code, range(2)))

    assert (answers, len(writes())) == ([204, 204], 1)


def test_one_that_arrives_while_the_calendar_is_read_asks_for_another_reading(receiver: Receiver) -> None:
    receiver.announce(receiver.channel)
    receiver.here.read()

    receiver.announce(receiver.channel)

    assert receiver.is_dirty()


def test_one_channel_marks_only_its_own_calendar(receiver: Receiver) -> None:
    crowd(receiver.here.database, 1)

    receiver.announce(receiver.channel)

    with receiver.here.database.reading() as session:
        assert {one.id for one in all_calendars(session) if one.dirty} == {receiver.here.calendar_id}


def test_doubled_late_and_reordered_ones_mark_and_do_no_more(receiver: Receiver) -> None:
    before = receiver.here.channels()[0]

    numbers = ("9", "3", "3", "1", "none")
    states = ("exists", "not_exists", "exists", "sync", "exists")
    answers = [
        receiver.announce(receiver.channel, state, X_Goog_Message_Number=number).status_code
        for state, number in zip(states, numbers, strict=True)
    ]

    after = receiver.here.channels()[0]
    assert answers == [204] * 5
    assert (after.confirmed_at, after.replaced_at, after.expires_at) == (before.confirmed_at, None, before.expires_at)


def test_whatever_is_not_to_be_believed_gets_the_identical_answer_and_does_nothing(
    receiver: Receiver, writes: Callable[[], list[str]]
) -> None:
    writes()

    answers = {name: receiver.announce(receiver.channel, **changed) for name, changed in forged(receiver).items()}

    assert {name: whole(one) for name, one in answers.items()} == dict.fromkeys(
        answers, whole(answers["a wrong token"])
    )
    assert answers["a wrong token"].status_code == 404
    assert (writes(), receiver.is_dirty()) == ([], False)


def test_an_expired_and_a_stopped_channel_are_like_one_that_never_was(receiver: Receiver) -> None:
    unknown = whole(receiver.announce(receiver.channel, X_Goog_Channel_ID=str(new_id())))
    receiver.here.later(days=6)
    receiver.here.tend()
    stopped = receiver.announce(receiver.channel)
    _, newer = receiver.here.google.channels
    receiver.here.later(days=7)
    expired = receiver.announce(newer)

    assert [whole(stopped), whole(expired)] == [unknown, unknown]
    assert not receiver.is_dirty()


def test_a_token_opens_no_other_channel(receiver: Receiver) -> None:
    receiver.here.later(days=6)
    receiver.here.tend()
    _, newer = receiver.here.google.channels

    assert receiver.announce(newer, X_Goog_Channel_Token=receiver.channel.token).status_code == 404


def test_where_push_is_off_nothing_is_believed(database: Database) -> None:
    there = Receiver(database, push=False)
    unknown = there.announce(there.channel, X_Goog_Channel_ID=str(new_id()))

    good = there.announce(there.channel)

    assert whole(good) == whole(unknown)
    assert (good.status_code, there.is_dirty()) == (404, False)


def test_an_unknown_channel_and_a_wrong_token_cost_the_same_statements_and_a_malformed_one_none(
    receiver: Receiver, statements: Callable[[], list[str]]
) -> None:
    """The work is counted, because time on a busy machine proves nothing."""
    changed = forged(receiver)
    receiver.announce(receiver.channel, **changed["a wrong token"])

    def sent(name: str) -> list[str]:
        statements()
        receiver.announce(receiver.channel, **changed[name])
        return statements()

    assert sent("an unknown channel") == sent("a wrong token") == sent("another resource")
    assert len([one for one in sent("an unknown channel") if one.startswith("SELECT")]) == 1
    assert sent("no id at all") == []


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 1024])
def test_a_small_body_is_not_looked_at(receiver: Receiver, body: bytes) -> None:
    answer = receiver.send(_strings(headers_of(receiver.channel)), data=body, content_type="application/json")

    assert (answer.status_code, receiver.is_dirty()) == (204, True)


@pytest.mark.parametrize("token", ["", "guessed", None])
def test_a_large_body_is_not_google_s_and_is_never_read_whatever_the_token(
    receiver: Receiver, token: str | None
) -> None:
    class Bomb:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    headers = _strings(headers_of(receiver.channel)) | ({} if token is None else {"X-Goog-Channel-Token": token})
    length = {"wsgi.input": Bomb(), "CONTENT_LENGTH": "1025"}
    answer = receiver.send(headers, environ_overrides=length)

    assert (answer.status_code, answer.data, receiver.is_dirty()) == (413, b"", False)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_it_asks_for_no_form_and_no_session_but_for_the_token(receiver: Receiver, headers: dict[str, str]) -> None:
    good = receiver.send({**_strings(headers_of(receiver.channel)), **headers})
    bad = receiver.send({**_strings(headers_of(receiver.channel)), **headers, "X-Goog-Channel-Token": "guessed"})

    assert (good.status_code, bad.status_code) == (204, 404)


def test_another_host_is_refused_as_everywhere(receiver: Receiver) -> None:
    answer = receiver.browser().post(PATH, base_url="https://evil.example", headers=headers_of(receiver.channel))

    assert (answer.status_code, receiver.is_dirty()) == (400, False)


def test_looking_at_the_address_shows_nothing(receiver: Receiver) -> None:
    assert receiver.browser().get(PATH, base_url=PUBLIC_URL).status_code == 401


def test_a_channel_that_was_claimed_and_never_recorded_learns_its_resource(receiver: Receiver) -> None:
    receiver.here.later(days=6)
    receiver.here.google.announces_at_once = False
    receiver.here.google.answer_lost = OutcomeUnclear("Wait", "no answer")
    receiver.here.tend()
    [lost] = receiver.here.google.waiting

    answer = receiver.announce(lost)

    known = next(one for one in receiver.here.channels() if one.id == UUID(lost.id))
    assert (answer.status_code, known.resource_id, known.confirmed_at) == (204, lost.resource_id, receiver.here.now)


def test_while_the_database_is_away_google_is_asked_to_come_again(sqlite_database: Database) -> None:
    """Google repeats what was answered with 503, and nothing else."""
    receiver = Receiver(sqlite_database)
    file = Path(str(sqlite_database.engine.url.database))
    sqlite_database.dispose()
    file.rename(file.with_suffix(".away"))

    assert receiver.announce(receiver.channel).status_code == 503


def _strings(headers: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value is not None}
