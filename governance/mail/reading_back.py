"""Finished bytes, read by another hand than wrote them, and compared with what was meant.

The library's parser for mails of the old kind (`compat32`) shares nothing with `compose`: it decodes no header by
itself and finds the parts by itself. Whatever it finds more, fewer or other than was meant is a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses

from governance.mail.addresses import Mailbox
from governance.mail.compose import Intent, header_names

LONGEST_LINE = 998
"""Bytes without the line's end (RFC 5322, 2.1.1)."""


def differences(intent: Intent, content: bytes) -> list[str]:
    """What the bytes say otherwise, in a few words each; empty when they say what was meant."""
    return list(_found(intent, content))


def _found(intent: Intent, content: bytes) -> Iterator[str]:
    yield from _of_bytes(content)
    mail = BytesParser(policy=compat32).parsebytes(content)
    if list(mail.keys()) != header_names(intent):
        yield "other headers"
        return
    yield from _of_addresses(intent, mail)
    if _decoded(mail["Subject"]) != intent.subject:
        yield "another subject"
    yield from (f"another {name}" for name, value in _plain(intent) if mail[name] != value)
    yield from _of_parts(intent, mail)


def _of_bytes(content: bytes) -> Iterator[str]:
    lines = content.split(b"\r\n")
    if any(b"\n" in line or b"\r" in line or b"\0" in line for line in lines):
        yield "a bare line end"
    if max(map(len, lines)) > LONGEST_LINE:
        yield "a line that is too long"


def _of_addresses(intent: Intent, mail: Message) -> Iterator[str]:
    if intent.recipient is None:
        if mail["To"] != "undisclosed-recipients:;":
            yield "a recipient"
    elif _mailboxes(mail, "To") != [intent.recipient]:
        yield "other recipients"
    if _mailboxes(mail, "From") != [intent.sender]:
        yield "another sender"
    if _mailboxes(mail, "Reply-To") != ([intent.reply_to] if intent.reply_to else []):
        yield "another address for replies"


def _mailboxes(mail: Message, field: str) -> list[Mailbox]:
    """An address may hold other letters than those of ASCII (RFC 6532), which this parser keeps as bytes."""
    raw = [str(value) for name, value in mail.raw_items() if name == field]
    values = [_unfolded(value).encode("ascii", "surrogateescape").decode() for value in raw]
    return [Mailbox(_decoded(name), address) for name, address in getaddresses(values)]


def _plain(intent: Intent) -> Iterator[tuple[str, str]]:
    yield "Message-ID", intent.message_id
    yield "MIME-Version", "1.0"
    yield from intent.plain


def _of_parts(intent: Intent, mail: Message) -> Iterator[str]:
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    if any(part.defects for part in mail.walk()):
        yield "defects"
    if [part.get_content_type() for part in leaves] != [kind for kind, _ in intent.parts]:
        yield "other parts"
        return
    for part, (kind, content) in zip(leaves, intent.parts, strict=True):
        if part.get_payload(decode=True) != content:
            yield f"another {kind}"


def _decoded(value: str) -> str:
    return str(make_header(decode_header(_unfolded(value))))


def _unfolded(value: str) -> str:
    return value.replace("\r\n", "").replace("\n", "")
