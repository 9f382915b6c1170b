"""From a row of the outbox to finished bytes: words, both readings, the mail, and the proof that it says so.

    ready = build(mail)

`build` never raises, and the same mail gives the same bytes. What cannot be said safely is not dropped: it goes out in
a plain form, in ASCII, with what the mail is about, its links, and the page that says the rest.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from governance.mail.addresses import Mailbox, configured, mailbox
from governance.mail.compose import Intent, composed
from governance.mail.facts import Facts
from governance.mail.kinds import KINDS
from governance.mail.letter import Context
from governance.mail.reading_back import differences
from governance.mail.ready import Ready
from governance.mail.safety import safe_link, safe_values

if TYPE_CHECKING:
    from governance.mail.render import Rendered

log = logging.getLogger(__name__)

_SLUG = re.compile(r"[a-z0-9-]{2,40}")
_NOBODY = Mailbox("", "meeting-governance@localhost.localdomain")
_OUTSIDERS = frozenset({"removed-outsider"})
"""Kinds for people who are none of ours: nothing in them names the meeting's list or thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A row of the outbox with all that it takes to write it; `date` is when the row was written."""

    id: UUID
    kind: str
    facts: Facts
    context: Context
    recipient: str
    sender: str
    """As configured: `Name <name@example.com>`."""
    reply_to: str | None
    date: datetime


class _Differs(Exception):
    """The bytes do not say what was meant."""


def build(mail: Mail) -> Ready:
    """The finished mail. Its recipient is empty where the address cannot be one: every mail server refuses that."""
    try:
        intent = _whole(mail)
        return _ready(intent, _proven(intent))
    except Exception as problem:
        # Not only what we know: whatever comes from outside must not keep a mail from going out.
        why = str(problem) if isinstance(problem, _Differs) else type(problem).__name__
        log.warning("wrote a mail in its plain form", extra={"kind": mail.kind, "mail": str(mail.id), "why": why})
        return _plain(mail)


def shown_again(mail: Mail) -> Rendered:
    """What a mail that went out said, for its reader to look at once more.

    The links that act are left out: they were for who has the mail in hand, and for a while. Which mails one gets is
    chosen signed in.
    """
    preferences = f"{mail.context.public_url.rstrip('/')}/preferences"
    context = replace(mail.context, links={}, preferences=preferences, one_click=None)
    return _rendered(replace(mail, context=context))


def page_of(context: Context) -> str:
    """The meeting's page, or the site's where there is no meeting."""
    root = context.public_url.rstrip("/")
    return f"{root}/m/{context.slug}" if context.slug and _SLUG.fullmatch(context.slug) else f"{root}/"


def _whole(mail: Mail) -> Intent:
    from governance.mail.calendar_file import calendar_file, file_name

    rendered = _rendered(mail)
    event = rendered.letter.event
    return _intent(
        mail,
        subject=rendered.letter.subject,
        text=rendered.text,
        html=rendered.html,
        calendar=calendar_file(event, stamp=mail.date) if event else None,
        file_name=file_name(event) if event else "",
    )


def _rendered(mail: Mail) -> Rendered:
    from governance.mail.render import render
    from governance.mail.words import letter

    # The day of the row, and not of the attempt: a mail that is built anew tomorrow is the same mail.
    context = replace(safe_values(mail.context), now=mail.date)
    return render(letter(safe_values(mail.facts), context), page_of(context))


def _plain(mail: Mail) -> Ready:
    links = [f"{name}:\n{address}" for name, address in _surely_safe_links(mail.context)]
    for chosen in (links, []):
        intent = _intent(mail, subject="A message about your meeting", text=_plain_text(mail, chosen))
        content = composed(intent)
        if not differences(intent, content):
            break
    return _ready(intent, content)


def _plain_text(mail: Mail, links: list[str]) -> str:
    about = KINDS[mail.kind].about if mail.kind in KINDS else "there is news about a meeting"
    page = safe_link(page_of(mail.context)) or ""
    opening = f"This mail is about: {about}." + (" Open the page to read it:" if page else "")
    return "\n\n".join([opening, *([page] if page else []), *links]) + "\n"


def _surely_safe_links(context: Context) -> Iterator[tuple[str, str]]:
    """The addresses are ours, signed; their names are those that the words use, such as `stand-in:0`."""
    for name, address in [*context.links.items(), ("preferences", context.preferences)]:
        if isinstance(address, str) and safe_link(address) and re.fullmatch(r"[a-z-]{1,30}(?::\d{1,3})?", str(name)):
            yield str(name).replace("-", " "), address


def _intent(
    mail: Mail,
    *,
    subject: str,
    text: str,
    html: str | None = None,
    calendar: bytes | None = None,
    file_name: str = "",
) -> Intent:
    sender = configured(mail.sender) or _NOBODY
    return Intent(
        sender=sender,
        recipient=mailbox(mail.recipient, mail.context.recipient if html else ""),
        reply_to=configured(mail.reply_to) if mail.reply_to else None,
        subject=subject,
        date=mail.date,
        message_id=f"<{mail.id.hex}@{sender.domain}>",
        plain=tuple(_plain_headers(mail, sender)),
        text=text,
        html=html,
        calendar=calendar,
        file_name=file_name,
        boundary=f"=_{mail.id.hex}",
    )


def _plain_headers(mail: Mail, sender: Mailbox) -> Iterator[tuple[str, str]]:
    slug = mail.context.slug
    if slug and _SLUG.fullmatch(slug) and mail.kind not in _OUTSIDERS:
        thread = f"<meeting.{slug}@{sender.domain}>"
        yield "In-Reply-To", thread
        yield "References", thread
        yield "List-Id", f"<{slug}.meetings.{sender.domain}>"
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    if mail.context.one_click and safe_link(mail.context.one_click):
        yield "List-Unsubscribe", f"<{mail.context.one_click}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _proven(intent: Intent) -> bytes:
    content = composed(intent)
    if found := differences(intent, content):
        raise _Differs(", ".join(found))
    return content


def _ready(intent: Intent, content: bytes) -> Ready:
    return Ready(
        message_id=intent.message_id,
        sender=intent.sender.address,
        recipient=intent.recipient.address if intent.recipient else "",
        content=content,
    )
