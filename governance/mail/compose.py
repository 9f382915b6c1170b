"""The finished bytes of a mail, written plainly from what is meant.

`Intent` is what is meant; `composed` writes it, `reading_back` reads it again with a parser that this module does not
use. Every value has been made safe before. Nothing here depends on chance or a clock: the same intent gives the same
bytes, so a mail that is built a second time is the same mail.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime

from governance.mail.addresses import Mailbox

CRLF = "\r\n"
_SHORT_LINE = 76
_TRICKY_LINES = re.compile(rb"(?m)^(?:From |\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """`recipient` is None where there is no address to write to. `plain` are further headers, in ASCII and short.

    `boundary` is what tells the parts of this mail apart; it occurs in no text, because `=` is encoded there.
    """

    sender: Mailbox
    recipient: Mailbox | None
    reply_to: Mailbox | None
    subject: str
    date: datetime
    message_id: str
    plain: tuple[tuple[str, str], ...]
    text: str
    boundary: str
    html: str | None = None
    calendar: bytes | None = None
    file_name: str = "meeting.ics"

    @property
    def parts(self) -> tuple[tuple[str, bytes], ...]:
        """Content type and decoded content of each part, in order."""
        html = [("text/html", lines_of_mail(self.html))] if self.html is not None else []
        calendar = [("text/calendar", self.calendar)] if self.calendar is not None else []
        return (("text/plain", lines_of_mail(self.text)), *html, *calendar)


def composed(intent: Intent) -> bytes:
    headers = CRLF.join(f"{name}: {value}" for name, value in _headers(intent))
    return headers.encode() + CRLF.encode() + _body(intent)


def header_names(intent: Intent) -> list[str]:
    """Those above all parts, in order."""
    replies = ["Reply-To"] if intent.reply_to else []
    plain = [name for name, _ in intent.plain]
    own = ["From", "To", *replies, "Subject", "Date", "Message-ID", *plain, "MIME-Version"]
    has_parts = intent.html is not None or intent.calendar is not None
    return [*own, "Content-Type"] if has_parts else [*own, "Content-Type", "Content-Transfer-Encoding"]


def lines_of_mail(text: str) -> bytes:
    return text.replace("\n", CRLF).encode()


def _headers(intent: Intent) -> Iterator[tuple[str, str]]:
    yield "From", intent.sender.header("From")
    yield "To", intent.recipient.header("To") if intent.recipient else "undisclosed-recipients:;"
    if intent.reply_to:
        yield "Reply-To", intent.reply_to.header("Reply-To")
    yield "Subject", _unstructured("Subject", intent.subject)
    yield "Date", format_datetime(intent.date.astimezone(UTC))
    yield "Message-ID", intent.message_id
    yield from intent.plain
    yield "MIME-Version", "1.0"


def _unstructured(name: str, value: str) -> str:
    """As it is where everybody can read that, else in encoded words, folded."""
    if value.isascii() and len(name) + len(value) + 2 <= _SHORT_LINE:
        return value
    return Header(value, "utf-8", header_name=name).encode(linesep=CRLF)


def _body(intent: Intent) -> bytes:
    text = _text_part("plain", intent.text)
    if intent.html is not None:
        text = _together("alternative", f"{intent.boundary}a", [text, _text_part("html", intent.html)])
    if intent.calendar is not None:
        text = _together("mixed", f"{intent.boundary}m", [text, _calendar_part(intent.calendar, intent.file_name)])
    return text


def _text_part(subtype: str, text: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"{CRLF}Content-Transfer-Encoding: quoted-printable{CRLF * 2}'
    return head.encode() + _quoted(lines_of_mail(text))


def _calendar_part(content: bytes, file_name: str) -> bytes:
    head = (
        f'Content-Type: text/calendar; charset="utf-8"; method="PUBLISH"; name="{file_name}"{CRLF}'
        f'Content-Disposition: attachment; filename="{file_name}"{CRLF}Content-Transfer-Encoding: base64{CRLF * 2}'
    )
    return head.encode() + base64.encodebytes(content).replace(b"\n", CRLF.encode())


def _together(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"{CRLF * 2}'.encode()
    between = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return head + between + line + b"--\r\n"


def _quoted(content: bytes) -> bytes:
    """Quoted-printable without a line that begins with a dot or with `From `, which mail programs have mangled."""
    quoted = binascii.b2a_qp(content, istext=True)
    return _TRICKY_LINES.sub(lambda match: f"={match[0][0]:02X}".encode() + match[0][1:], quoted)
