"""Through Gmail's API, by the real client: sent once, found by Message-ID, and every refusal with its remedy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string
from pathlib import Path

import pytest

from governance.calendar import calling
from governance.config import Config, load_config
from governance.domain.errors import ConfigurationError
from governance.mail.ports import Connection, Later, Refused, Sent, Unclear, Unreachable
from governance.mail.ready import Ready
from governance.mail.transports.opening import Post, open_post
from tests.support.sandbox import SandboxForTests

MAILBOX = "meetings@example.com"


@pytest.fixture
def config(sandbox: SandboxForTests, tmp_path: Path) -> Config:
    sandbox.control.seed(users=[MAILBOX])
    file = tmp_path / "config.toml"
    file.write_text(
        f"""
        [site]
        secret_key = "0123456789abcdef0123456789abcdef"
        [google]
        credentials = "{sandbox.credentials_file(tmp_path)}"
        services = ["calendar", "gmail"]
        api_root = "{sandbox.url}"
        [mail]
        transport = "gmail"
        sender = "Decisions <{MAILBOX}>"
        [mail.gmail]
        subject = "{MAILBOX}"
        """
    )
    return load_config(file, {})


@pytest.fixture
def post(config: Config) -> Iterator[Post]:
    opened = open_post(config)
    yield opened
    opened.close()


@pytest.fixture
def gmail(post: Post) -> Iterator[Connection]:
    with post.transport.connect() as connection:
        yield connection


def ready(number: int = 1, *, to: str = "ada@example.com") -> Ready:
    message_id = f"<{number:032x}@example.com>"
    content = f"Message-ID: {message_id}\r\nTo: {to}\r\nSubject: J=C3=B6rg\r\n\r\n.Hällo\r\n".encode()
    return Ready(message_id, MAILBOX, to, content)


def test_what_was_never_sent_is_not_found(gmail: Connection) -> None:
    assert gmail.find(ready().message_id) is None


def test_a_mail_arrives_as_it_was_written_and_is_found_again(gmail: Connection, sandbox: SandboxForTests) -> None:
    outcome = gmail.send(ready())

    [kept] = sandbox.control.mails()
    assert outcome == Sent(kept["id"])
    assert kept["raw"] == ready().content.decode()
    assert message_from_string(kept["raw"])["Message-ID"] == ready().message_id
    assert gmail.find(ready().message_id) == outcome
    assert gmail.find(ready(2).message_id) is None


TOO_MANY = ["429", "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"]


@pytest.mark.parametrize("kind", TOO_MANY)
def test_too_many_is_not_now_and_not_before_the_server_says(
    gmail: Connection, sandbox: SandboxForTests, kind: str
) -> None:
    sandbox.control.fault(kind, route="messages.send", retry_after=77)

    outcome = gmail.send(ready())

    assert (type(outcome), getattr(outcome, "retry_after", None)) == (Later, 77)
    assert getattr(outcome, "is_server", False)
    assert sandbox.control.mails() == []


@pytest.mark.parametrize(("kind", "arrived"), [("close_after", 1), ("close_before", 0), ("500", 0), ("503", 0)])
def test_a_lost_answer_is_unclear_until_it_is_asked_for(
    gmail: Connection, sandbox: SandboxForTests, kind: str, arrived: int
) -> None:
    sandbox.control.fault(kind, route="messages.send")

    outcome = gmail.send(ready())

    assert isinstance(outcome, Unclear)
    assert (gmail.find(ready().message_id) is not None) == bool(arrived)
    assert len(sandbox.control.mails()) == arrived


@pytest.mark.parametrize("kind", ["empty_object", "html_ok", "invalid_json", "list_body", "empty_body"])
def test_an_answer_that_cannot_be_true_leaves_it_unclear(
    gmail: Connection, sandbox: SandboxForTests, kind: str
) -> None:
    sandbox.control.fault(kind, route="messages.send")

    assert isinstance(gmail.send(ready()), Unclear)


@pytest.mark.parametrize("kind", ["empty_object", "html_ok", "list_body", "empty_body", "503", "close_after", "429"])
def test_an_answer_that_says_nothing_is_no_not_there(gmail: Connection, sandbox: SandboxForTests, kind: str) -> None:
    """On a *not there* the mail would be sent once more."""
    gmail.send(ready())
    sandbox.control.fault(kind, route="messages.list", count=2)

    with pytest.raises(Unreachable):
        gmail.find(ready().message_id)


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [
        ("accessNotConfigured", "Enable the Gmail API"),
        ("forbidden", f"Switch Gmail on for {MAILBOX}"),
        ("insufficientPermissions", "Add the scopes https://www.googleapis.com/auth/gmail.send"),
    ],
)
def test_what_is_wrong_with_the_account_is_no_mails_fault_and_has_its_remedy(
    gmail: Connection, sandbox: SandboxForTests, kind: str, remedy: str
) -> None:
    sandbox.control.fault(kind, route="messages.send")

    outcome = gmail.send(ready())

    assert isinstance(outcome, Later)
    assert outcome.is_server
    assert outcome.text.startswith(remedy)


def test_a_mail_that_gmail_does_not_take_is_refused_by_itself(gmail: Connection, sandbox: SandboxForTests) -> None:
    sandbox.control.fault("400", route="messages.send")

    assert isinstance(gmail.send(ready()), Refused)


def test_its_token_has_its_own_scopes_and_none_of_the_calendars(gmail: Connection, sandbox: SandboxForTests) -> None:
    gmail.send(ready())

    [asked] = sandbox.control.log("token")
    assert asked["status"] == 200
    with pytest.raises(Exception, match="insufficient"):
        sandbox.service(
            MAILBOX, api="gmail", scopes=("https://www.googleapis.com/auth/calendar.events",)
        ).users().messages().list(userId="me").execute()


def test_a_worker_that_has_lost_the_row_sends_nothing(config: Config, sandbox: SandboxForTests) -> None:
    opened = open_post(config, may_send=lambda: False)

    with opened.transport.connect() as connection:
        assert isinstance(connection.send(ready()), Later)

    opened.close()
    assert sandbox.control.mails() == []


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_silence_and_dripping_end_in_time(
    config: Config, sandbox: SandboxForTests, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(calling, "DEFAULT_SECONDS", 1.0)
    monkeypatch.setitem(calling.Caller.__init__.__kwdefaults__, "seconds", 1.0)
    opened = open_post(config)
    sandbox.control.fault(kind, route="messages.send", seconds=20)
    begun = time.monotonic()

    with opened.transport.connect() as connection:
        outcome = connection.send(ready())

    assert isinstance(outcome, Unclear)
    assert time.monotonic() - begun < 3
    opened.close()


def test_somebody_has_to_be_named(config: Config) -> None:
    nobody = replace(config, mail=replace(config.mail, gmail=replace(config.mail.gmail, subject=None)))

    with pytest.raises(ConfigurationError, match="Enter whose mailbox sends"):
        open_post(nobody)
