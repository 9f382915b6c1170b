"""How mails say days, times, numbers and names, and how they begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from governance.domain.days import said_day, said_place
from governance.mail.kinds import KINDS, Topic
from governance.mail.letter import Block, Button, Context, Event, Footer, Letter, Paragraph
from governance.mail.safety import shortened

_LONGEST_NAME = 60
_MUTABLE = {
    Topic.REPAIRS: "mails about people taken off the invitation",
    Topic.REMINDERS: "reminders of this meeting",
    Topic.APPLICATIONS: "mails about people who ask for a seat",
    Topic.SUMMARIES: "weekly summaries",
}
_MANDATORY = {
    "sign-in": "It comes only when somebody asks, so it cannot be muted.",
    "removed": "It comes at most once a week, so it cannot be muted.",
    "attention": "It comes only when something is wrong, so it cannot be muted.",
}


def written(
    kind: str,
    context: Context,
    *,
    about: str,
    title: str,
    lead: str,
    blocks: Sequence[Block | None],
    because: str,
    on: str | None = None,
    event: Event | None = None,
    has_page: bool = True,
) -> Letter:
    """A letter in the usual form.

    Args:
        about: the end of the subject, after meeting and date.
        lead: what it is about in one sentence; phones show it beside the subject.
        because: the end of “You get this mail because …”.
        on: the day or instant that the subject names; None is the day on which the mail is written.
        has_page: whether the reader may see the meeting's page.
    """
    return Letter(
        subject=subject(context, about, on),
        preheader=lead,
        heading=context.site if KINDS[kind].is_of_site else meeting_of(context),
        title=title,
        blocks=(
            *greeting(context),
            Paragraph(lead),
            *_without_rivals([one for one in blocks if one is not None], context),
        ),
        footer=footer(kind, context, because, has_page=has_page),
        event=event,
    )


def subject(context: Context, about: str, on: str | None = None) -> str:
    """“Customer Decisions, 26 Nov 2026: …”; without a meeting “Meeting governance: …”."""
    if context.meeting is None:
        return f"{shortened(context.site, _LONGEST_NAME)}: {about}"
    return f"{shortened(context.meeting, _LONGEST_NAME)}, {day(on or context.now.isoformat(), context)}: {about}"


def greeting(context: Context) -> tuple[Block, ...]:
    """Somebody whose name is not known is not called by their address."""
    name = context.recipient
    return (
        (Paragraph(f"Hello {shortened(name, _LONGEST_NAME)},"),) if name and "@" not in name else (Paragraph("Hello,"),)
    )


def footer(kind: str, context: Context, because: str, *, has_page: bool = True) -> Footer:
    topic = KINDS[kind].topic
    links = []
    choices = context.preferences or (f"{context.public_url.rstrip('/')}/preferences" if KINDS[kind].is_of_site else "")
    if topic is None:
        standing = _MANDATORY.get(kind, "The meeting needs it, so it cannot be muted.")
    elif choices:
        standing = f"You can mute {_MUTABLE[topic]} whenever you like, and your seat or role stays as it is."
        links.append(("Mute mails like this one, or choose again", choices))
    else:
        standing = f"You can mute {_MUTABLE[topic]} on the meeting’s page."
    if has_page and context.slug:
        links.append(("The meeting’s page", page_of(context)))
    return Footer((f"You get this mail because {because}. {standing}",), tuple(links))


def meeting_of(context: Context) -> str:
    return shortened(context.meeting or "The meeting", _LONGEST_NAME)


def button(context: Context, link: str, label: str, *, is_first: bool = False) -> Button | None:
    """None where the mail carries no such link."""
    address = context.links.get(link)
    return Button(label, address, is_first) if address else None


def page_button(context: Context) -> Button | None:
    """For a mail that asks for nothing: where there is a button to act, the footer's link to the page is enough."""
    return Button("Open the meeting’s page", page_of(context)) if context.slug else None


def waiting_button(context: Context) -> Button | None:
    return Button("Open the waiting list", f"{page_of(context)}/waiting") if context.slug else None


def decision_button(context: Context, ref: str) -> Button | None:
    """To a decision by its number, or by its identifier as long as it has none."""
    return Button("Open the decision", f"{page_of(context)}/decisions/{ref}") if context.slug else None


def page_of(context: Context) -> str:
    return f"{context.public_url.rstrip('/')}/m/{context.slug}"


def _without_rivals(blocks: Sequence[Block], context: Context) -> list[Block]:
    pages = (page_button(context), waiting_button(context))
    has_act = any(isinstance(one, Button) and one not in pages for one in blocks)
    return [one for one in blocks if not has_act or one not in pages]


def day(iso: str | None, context: Context) -> str:
    """“26 Nov 2026”; what is no day or instant is said as it stands."""
    moment = _moment(iso, context)
    return said_day(moment) if moment else shortened(iso or "an unknown day", 40)


def weekday(iso: str | None, context: Context) -> str:
    """“Thursday 26 Nov 2026”."""
    moment = _moment(iso, context)
    return f"{moment:%A} {said_day(moment)}" if moment else day(iso, context)


def when(start: str | None, context: Context, end: str | None = None) -> str:
    """“Thursday 26 Nov 2026, 10:00–11:00 (Oslo)”, in the meeting's zone; of a day only the day."""
    begins, ends = _moment(start, context), _moment(end, context)
    if not isinstance(begins, datetime):
        return weekday(start, context)
    until = ""
    if isinstance(ends, datetime):
        until = f"–{ends:%H:%M}" if ends.date() == begins.date() else f" until {weekday(end, context)}, {ends:%H:%M}"
    return f"{weekday(start, context)}, {begins:%H:%M}{until} ({place(context)})"


def place(context: Context) -> str:
    zone = _zone(context)
    return said_place(str(zone)) if isinstance(zone, ZoneInfo) else "UTC"


def period(first: str | None, last: str | None, context: Context) -> str:
    """“from 1 Sep 2026 until 28 Feb 2027”."""
    begins = f"from {day(first, context)}" if first else ""
    ends = f"until {day(last, context)}" if last else "without an end" if first else ""
    return " ".join(filter(None, (begins, ends)))


def money(limit: str | None) -> str:
    """A blank limit is no authority over money, and is said as that."""
    return f"up to {limit}" if limit else "nothing that costs money"


def count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def listed(names: Sequence[str]) -> str:
    """“Amara, Jonas and Mei”."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"


def person(name: str | None, address: str | None) -> str:
    """“Walter Huber (walter@example.com)”."""
    return f"{name} ({address})" if name and address and name != address else name or address or "somebody unknown"


def sentence_start(text: str) -> str:
    """With a capital, as a sentence begins; the rest stays."""
    return text[:1].upper() + text[1:]


def event(context: Context, start: str | None, end: str | None) -> Event | None:
    """The date as a file, when it has both ends. Its uid follows from meeting and start alone."""
    begins, ends = _instant(start), _instant(end)
    if begins is None or ends is None or ends <= begins or not context.slug:
        return None
    host = urlsplit(context.public_url).hostname or "localhost"
    uid = f"{begins:%Y%m%dT%H%M%SZ}-{context.slug}@{host}"
    return Event(uid, begins, ends, meeting_of(context), f"{page_of(context)}/next")


def _moment(iso: str | None, context: Context) -> date | None:
    """A day as it is, an instant in the meeting's zone, None for everything else."""
    instant = _instant(iso)
    if instant is not None:
        try:
            return instant.astimezone(_zone(context))
        except (OverflowError, ValueError):
            return None
    try:
        return date.fromisoformat(iso or "")
    except ValueError:
        return None


def _instant(iso: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(iso) if iso and len(iso) > len("2026-11-26") else None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
    except (OverflowError, ValueError):
        return None


def _zone(context: Context) -> tzinfo:
    """What is no zone is UTC, and said to be."""
    try:
        return ZoneInfo(context.time_zone)
    except (KeyError, ValueError, OSError):
        return UTC
