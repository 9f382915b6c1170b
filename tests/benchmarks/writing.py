"""Mails for 1,000 people, beside the same built and read back by hand with the library's own classes."""

from __future__ import annotations

import email.policy
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from functools import partial
from statistics import median
from typing import cast
from uuid import uuid5

from governance.mail.building import Mail, build
from governance.mail.laid_down import LaidDown, read_mail
from governance.seed.letters import examples
from tests.benchmarks.rows import Kind, Row

AT_ONCE = 100
AT_MOST = 1.3
NAMES = ("mandate-ending", "seat")
"""A short one with an unsubscribe link, and one with a charter and a calendar file."""


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    address: str


def mails(people: int = 1_000) -> list[Row]:
    return [_row(name, people) for name in NAMES]


def _row(name: str, people: int) -> Row:
    chosen = next(one.mail for one in examples() if one.name == name)
    readers = [Reader(f"Reader {number}", f"reader{number}@halvorsen.example") for number in range(people)]
    ours = [_for(chosen, reader) for reader in readers]
    shown = read_mail(build(chosen).content, name=name, at=chosen.date)
    _build_all(ours[:20])  # what is loaded and compiled once
    ratios, own = [], 0.0
    for start in range(0, people, AT_ONCE):
        by_hand = _seconds(partial(write_and_read, chosen, shown, readers[start : start + AT_ONCE]))
        built = _seconds(partial(_build_all, ours[start : start + AT_ONCE]))
        ratios.append(built / by_hand)
        own += built
    return Row(
        about=f"{people:,} mails",
        name=f"building “{name}” and reading it back, beside doing so by hand",
        kind=Kind.RATIO,
        measured=round(median(ratios), 2),
        limit=AT_MOST,
        goal="P17",
        note=f"{1000 * own / people:.2f} ms a mail, {len(shown.html.encode()) / 1000:.0f} kB of HTML",
    )


def _for(mail: Mail, reader: Reader) -> Mail:
    context = replace(mail.context, recipient=reader.name)
    return replace(mail, id=uuid5(mail.id, reader.address), recipient=reader.address, context=context)


def _build_all(some: list[Mail]) -> None:
    for mail in some:
        build(mail)


def write_and_read(mail: Mail, shown: LaidDown, readers: list[Reader]) -> None:
    """The texts are there already; only the reader's name is put in."""
    for reader in readers:
        text = shown.text.replace(mail.context.recipient, reader.name)
        html = shown.html.replace(mail.context.recipient, reader.name)
        content = _written(mail, shown.subject, reader, text, html)
        parsed = cast(EmailMessage, BytesParser(policy=email.policy.default).parsebytes(content))
        bodies = [parsed.get_body((kind,)) for kind in ("plain", "html")]
        assert [one.get_content().replace("\r\n", "\n").rstrip() for one in bodies if one] == [
            text.rstrip(),
            html.rstrip(),
        ]
        assert [one.addr_spec for one in parsed["To"].addresses] == [reader.address]


def _written(mail: Mail, subject: str, reader: Reader, text: str, html: str) -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = Address("Meeting governance", addr_spec="meetings@halvorsen.example")
    message["To"] = Address(reader.name, addr_spec=reader.address)
    message["Subject"] = subject
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = f"<{mail.id.hex}@halvorsen.example>"
    message["List-Id"] = "<customer-decisions.meetings.halvorsen.example>"
    message["References"] = "<meeting.customer-decisions@halvorsen.example>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


def _seconds(work: Callable[[], None]) -> float:
    """Of the processor, so that a busy machine changes nothing."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun
