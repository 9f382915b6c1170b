"""The conversation with a real mail server: what every answer means, and what is left open when it breaks off."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from governance.calendar import connections
from governance.calendar.deadlines import Deadlines
from governance.config.model import Smtp
from governance.mail.ports import Later, Outcome, Refused, Sent, Unclear, Unreachable
from governance.mail.ready import Ready
from governance.mail.transports import smtp
from governance.mail.transports.smtp import SmtpTransport
from tests.calendar.encrypted_server import certificate  # noqa: F401  # a fixture
from tests.support.mail_server import POINTS, MailServer, mail_server

BEFORE_THE_DOT = ("MAIL", "RCPT", "DATA")
LOGIN = "meeting:secret"


@pytest.fixture(scope="module")
def plain_process() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


@pytest.fixture
def server(plain_process: MailServer) -> MailServer:
    plain_process.reset()
    return plain_process


@pytest.fixture
def deadlines() -> Iterator[Deadlines]:
    with closing(Deadlines(grace_seconds=0.3)) as watching:
        yield watching


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # noqa: F811
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    connections.trust.cache_clear()
    yield certificate
    connections.trust.cache_clear()


def transport(server: MailServer, deadlines: Deadlines, **settings: str) -> SmtpTransport:
    configured = Smtp(**{"host": "127.0.0.1", "port": server.port, "security": "none", **settings})  # type: ignore[arg-type]
    return SmtpTransport(configured, deadlines, local_name="meetings.example.com")


def ready(number: int = 1, *, recipient: str = "ada@example.com", body: bytes = b"Hello.\r\n") -> Ready:
    message_id = f"<{number:032x}@example.com>"
    head = f"Message-ID: {message_id}\r\nTo: {recipient}\r\nSubject: x\r\n\r\n".encode()
    return Ready(message_id, "meetings@example.com", recipient, head + body)


def send(server: MailServer, deadlines: Deadlines, *mails: Ready) -> list[Outcome]:
    with transport(server, deadlines).connect() as connection:
        return [connection.send(one) for one in mails]


# It is sent


def test_many_mails_take_one_connection_and_two_round_trips_each(server: MailServer, deadlines: Deadlines) -> None:
    mails = [ready(number) for number in range(20)]

    outcomes = send(server, deadlines, *mails)

    assert [type(one) for one in outcomes] == [Sent] * 20
    assert [one["message_id"] for one in server.mails] == [one.message_id for one in mails]
    counts = server.counts
    assert counts["connections"] == 1
    assert counts["round trips"] <= 2 * 20 + 3


def test_without_pipelining_a_mail_takes_four_round_trips(deadlines: Deadlines) -> None:
    with mail_server("--plain") as plain:
        outcomes = send(plain, deadlines, *[ready(number) for number in range(10)])

        assert [type(one) for one in outcomes] == [Sent] * 10
        assert plain.counts["round trips"] <= 4 * 10 + 3


def test_what_arrives_is_what_was_sent_dots_and_odd_line_ends_included(
    server: MailServer, deadlines: Deadlines
) -> None:
    body = b".\r\n..two\r\nbare\nand\rold\r\n.\r\nMAIL FROM:<x@example.com>\r\nlast"
    send(server, deadlines, ready(body=body))

    [mail] = server.mails

    text = base64.b64decode(mail["raw"]).partition(b"\r\n\r\n")[2]
    assert text == b".\r\n..two\r\nbare\r\nand\r\nold\r\n.\r\nMAIL FROM:<x@example.com>\r\nlast\r\n"


@pytest.mark.parametrize("recipient", ["a b@example.com", "a@example.com>\r\nRCPT TO:<b@example.com", "nobody", ""])
def test_an_address_that_is_none_never_reaches_the_wire(
    server: MailServer, deadlines: Deadlines, recipient: str
) -> None:
    [refused, sent] = send(server, deadlines, ready(1, recipient=recipient), ready(2))

    assert isinstance(refused, Refused)
    assert refused.is_address
    assert isinstance(sent, Sent)
    assert server.recipients == {"ada@example.com": 1}


def test_an_address_beyond_ascii_is_said_where_the_server_takes_it(server: MailServer, deadlines: Deadlines) -> None:
    [outcome] = send(server, deadlines, ready(recipient="jörg@example.com"))

    assert isinstance(outcome, Sent)


# What it answers


@pytest.mark.parametrize("point", [*BEFORE_THE_DOT, "dot"])
@pytest.mark.parametrize("answer", ["450 4.2.1 x", "451 4.3.0 x", "452 4.2.2 x"])
def test_a_passing_refusal_waits_and_the_next_mail_goes_out(
    server: MailServer, deadlines: Deadlines, point: str, answer: str
) -> None:
    server.order(point, "reply", text=answer)

    [first, second] = send(server, deadlines, ready(1), ready(2))

    assert (type(first), getattr(first, "code", "")) == (Later, f"smtp-{answer[:3]}")
    assert not getattr(first, "is_server", True)
    assert isinstance(second, Sent)
    assert len(server.mails) == 1


@pytest.mark.parametrize("point", [*BEFORE_THE_DOT, "dot"])
@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "552 too large", "554 5.7.1 policy"])
def test_a_final_refusal_is_final_and_the_next_mail_goes_out(
    server: MailServer, deadlines: Deadlines, point: str, answer: str
) -> None:
    server.order(point, "reply", text=answer)

    [first, second] = send(server, deadlines, ready(1), ready(2))

    assert isinstance(first, Refused)
    assert first.is_address == (point == "RCPT" and "5.7.1" not in answer)
    assert isinstance(second, Sent)
    assert len(server.mails) == 1


@pytest.mark.parametrize("point", [*BEFORE_THE_DOT, "dot"])
def test_a_server_that_closes_down_is_left_alone(server: MailServer, deadlines: Deadlines, point: str) -> None:
    server.order(point, "reply", text="421 4.3.2 closing")

    [outcome] = send(server, deadlines, ready())

    assert (type(outcome), getattr(outcome, "is_server", False)) == (Later, True)


@pytest.mark.parametrize(
    ("point", "act"),
    [(point, act) for point in ("greeting", "EHLO") for act in ("drop", "421 4.3.2 busy")]
    + [("greeting", "554 5.3.2 no")],
)
def test_a_server_that_lets_nobody_in_is_unreachable(
    server: MailServer, deadlines: Deadlines, point: str, act: str
) -> None:
    server.order(point, "drop" if act == "drop" else "reply", text="" if act == "drop" else act)

    with pytest.raises(Unreachable), transport(server, deadlines).connect():
        pass


def test_nobody_there_is_unreachable_and_says_what_to_do(deadlines: Deadlines) -> None:
    nowhere = SmtpTransport(Smtp(host="127.0.0.1", port=1, security="none"), deadlines, local_name="x.example.com")

    with pytest.raises(Unreachable, match=r"Correct mail\.smtp"), nowhere.connect():
        pass


# It breaks off


@pytest.mark.parametrize("point", BEFORE_THE_DOT)
def test_broken_off_before_the_dot_nothing_has_gone_out(server: MailServer, deadlines: Deadlines, point: str) -> None:
    server.order(point, "drop")

    [outcome] = send(server, deadlines, ready())

    assert (type(outcome), getattr(outcome, "is_server", False)) == (Later, True)
    assert server.mails == []


@pytest.mark.parametrize(("point", "arrived"), [("dot", 0), ("kept", 1)])
def test_broken_off_after_the_dot_nobody_knows(
    server: MailServer, deadlines: Deadlines, point: str, arrived: int
) -> None:
    server.order(point, "drop")

    [outcome] = send(server, deadlines, ready())

    assert isinstance(outcome, Unclear)
    assert len(server.mails) == arrived


def test_a_worker_that_has_lost_the_row_sends_no_dot(server: MailServer, deadlines: Deadlines) -> None:
    lost = SmtpTransport(
        Smtp(host="127.0.0.1", port=server.port, security="none"),
        deadlines,
        local_name="x.example.com",
        may_send=lambda: False,
    )

    with lost.connect() as connection:
        outcome = connection.send(ready())

    assert (type(outcome), getattr(outcome, "code", "")) == (Later, "lease-lost")
    assert server.mails == []


@pytest.mark.parametrize("act", ["silence", "drip"])
@pytest.mark.parametrize("point", [point for point in POINTS if point not in ("body", "answered")])
def test_silence_and_dripping_end_in_time(
    server: MailServer, deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch, point: str, act: str
) -> None:
    """A tenth of the time that it has in life."""
    monkeypatch.setattr(smtp, "SECONDS", smtp.SECONDS / 40)
    server.order(point, act)
    begun = time.monotonic()

    outcome: Outcome | None = None
    why = ""
    try:
        [outcome] = send(server, deadlines, ready())
    except Unreachable as away:
        why = away.later.code

    assert time.monotonic() - begun < 1.7
    after_the_dot = (Unclear, Sent) if act == "drip" else (Unclear,)  # the number may have come
    never_in = (type(None),)
    expected = {"greeting": never_in, "EHLO": never_in, "dot": after_the_dot, "kept": after_the_dot}
    assert isinstance(outcome, expected.get(point, (Later,)))
    assert why == ("mail-silent" if outcome is None else "")


def test_a_stop_cuts_a_conversation_that_does_not_end(server: MailServer, deadlines: Deadlines) -> None:
    server.order("dot", "silence")
    with transport(server, deadlines).connect() as connection:
        deadlines.stop()
        begun = time.monotonic()

        outcome = connection.send(ready())

    assert (type(outcome), getattr(outcome, "code", "")) == (Later, "stopping")
    assert time.monotonic() - begun < 2


# Encrypted and signed in


def test_starttls_and_login(trusted: Path, deadlines: Deadlines) -> None:
    with mail_server("--tls", str(trusted), "--login", LOGIN) as protected:
        way = transport(protected, deadlines, security="starttls", username="meeting", password="secret")

        with way.connect() as connection:
            outcomes = [connection.send(ready(number)) for number in range(3)]

        assert [type(one) for one in outcomes] == [Sent] * 3
        assert protected.counts["logins"] == 1


def test_tls_from_the_first_byte(trusted: Path, deadlines: Deadlines) -> None:
    with mail_server("--tls", str(trusted), "--implicit-tls", "--login", LOGIN) as protected:
        way = transport(protected, deadlines, security="tls", username="meeting", password="secret")

        with way.connect() as connection:
            assert isinstance(connection.send(ready()), Sent)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"security": "starttls", "username": "meeting", "password": "wrong"}, "mail-login"),
        ({"security": "none", "username": "meeting", "password": "secret"}, "mail-security"),
        ({"security": "tls"}, "mail-unreachable"),
    ],
)
def test_what_is_configured_wrongly_has_its_remedy(
    trusted: Path, deadlines: Deadlines, settings: dict[str, str], code: str
) -> None:
    with (
        mail_server("--tls", str(trusted), "--login", LOGIN) as protected,
        pytest.raises(Unreachable) as refused,
        transport(protected, deadlines, **settings).connect(),
    ):
        pass

    assert refused.value.later.code == code


@pytest.mark.parametrize("point", ["STARTTLS", "AUTH"])
@pytest.mark.parametrize("act", ["drop", "454 4.7.0 not now"])
def test_a_fault_on_the_way_in_is_no_mails_fault(trusted: Path, deadlines: Deadlines, point: str, act: str) -> None:
    with mail_server("--tls", str(trusted), "--login", LOGIN) as protected:
        # Of two ways to sign in, the second one is tried as well.
        tries = 1 if act == "drop" or point == "STARTTLS" else 2
        protected.order(point, "drop" if act == "drop" else "reply", text="" if act == "drop" else act, count=tries)
        way = transport(protected, deadlines, security="starttls", username="meeting", password="secret")

        with pytest.raises(Unreachable), way.connect():
            pass

        with way.connect() as connection:
            assert isinstance(connection.send(ready()), Sent)


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, deadlines: Deadlines) -> None:  # noqa: F811
    with mail_server("--tls", str(certificate)) as protected:
        way = transport(protected, deadlines, security="starttls")

        with pytest.raises(Unreachable, match="Let this machine trust the certificate"), way.connect():
            pass
