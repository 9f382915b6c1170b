"""One mail to many: round trips and connections as a real mail server counts them, and the rate beside smtplib's."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator
from contextlib import closing

from governance.calendar.deadlines import Deadlines
from governance.config.model import Smtp
from governance.mail.ports import Sent
from governance.mail.ready import Ready
from governance.mail.transports.smtp import SmtpTransport
from tests.benchmarks.interleaving import interleaved
from tests.benchmarks.rows import Bound, Kind, Row, count
from tests.support.mail_server import MailServer, mail_server

FEW = 20
ROUND_TRIP_SECONDS = 0.02
LEAST = 1.2


def mails(*, number: int) -> list[Row]:
    return [*(row for plain in (False, True) for row in trips(number=number, plain=plain)), *_rates()]


def trips(*, number: int, plain: bool) -> Iterator[Row]:
    """So many mails on one connection, as a worker sends what is due."""
    with mail_server(*(["--plain"] if plain else [])) as server:
        _send(server, number)
        counted, kept = server.counts, len(server.mails)
    name = f"{number} mails to a mail server {'without' if plain else 'with'} PIPELINING"
    note = f"{counted['round trips']} turns of the conversation in all, greeting and goodbye included"
    yield count(name, "mails kept", kept, number, goal="P16")
    yield count(name, "connections", counted["connections"], 1, goal="P16")
    yield Row(
        about=name,
        name="round trips a mail",
        kind=Kind.RATIO,
        measured=counted["round trips"] / number,
        limit=4.5 if plain else 2.5,
        goal="P16",
        note=note,
    )


def _rates() -> Iterator[Row]:
    """With nothing between the two, and with 20 ms a round trip."""
    with mail_server() as server:
        for delay, rounds in ((0.0, 9), (ROUND_TRIP_SECONDS, 3)):
            server.delay(delay)
            measured = interleaved(
                lambda: _send(server, FEW),
                lambda: _send_by_hand(server, FEW),
                rounds=rounds,
                clock=time.perf_counter,
            )
            yield Row(
                about=f"{FEW} mails on one connection, {delay * 1000:.0f} ms a round trip",
                name="rate / smtplib on one connection",
                kind=Kind.RATIO,
                measured=1 / measured.ratio,
                limit=LEAST,
                bound=Bound.AT_LEAST,
                goal="P16",
                note=measured.note("ours", "smtplib"),
            )


def _send(server: MailServer, number: int) -> None:
    with closing(Deadlines()) as deadlines:
        smtp = Smtp(host="127.0.0.1", port=server.port, security="none")
        with SmtpTransport(smtp, deadlines, local_name="bench.example.com").connect() as connection:
            outcomes = [connection.send(_ready(one)) for one in range(number)]
    if not all(isinstance(one, Sent) for one in outcomes):
        raise RuntimeError("Look at the mail server: it did not take every mail.")


def _send_by_hand(server: MailServer, number: int) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, local_hostname="bench.example.com") as connection:
        for one in range(number):
            ready = _ready(one)
            connection.sendmail(ready.sender, [ready.recipient], ready.content)


def _ready(number: int) -> Ready:
    message_id = f"<{number:032x}@example.com>"
    head = f"Message-ID: {message_id}\r\nTo: a@example.com\r\nSubject: x\r\n\r\n".encode()
    return Ready(message_id, "b@example.com", "a@example.com", head + b"A line of a mail.\r\n" * 200)
