"""The finished bytes: the same for the same row, read back before they go out, and never missing."""

from __future__ import annotations

import email.policy
import quopri
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, cast

import pytest
from icalendar import Calendar

from governance.mail import facts as about
from governance.mail.addresses import Mailbox, configured, mailbox
from governance.mail.building import Mail, build
from governance.mail.compose import Intent, composed
from governance.mail.reading_back import differences
from governance.seed import cast as people
from governance.seed.letters import Example, examples
from tests.letters.reading import read

EXAMPLES = pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
NOW = datetime(2026, 11, 19, 8, tzinfo=UTC)
INTENT = Intent(
    sender=Mailbox("Meeting governance", "meetings@example.com"),
    recipient=Mailbox("Béatrice Fournier", "beatrice@example.com"),
    reply_to=Mailbox("", "scribe@example.com"),
    subject="Customer Decisions, 26 Nov 2026: größer",
    date=NOW,
    message_id="<1@example.com>",
    plain=(("Auto-Submitted", "auto-generated"),),
    text="Hello\n.\nFrom here – to there\n",
    html="<p>Hello</p>\n",
    calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    boundary="=_1",
)


def named(name: str) -> Mail:
    return next(one.mail for one in examples() if one.name == name)


def parsed(content: bytes) -> EmailMessage:
    """As a mail program of today reads it."""
    return cast(EmailMessage, BytesParser(policy=email.policy.default).parsebytes(content))


@EXAMPLES
def test_the_same_row_gives_the_same_bytes(example: Example) -> None:
    assert build(example.mail) == build(example.mail)


def test_a_mail_that_is_built_anew_tomorrow_is_the_same_mail() -> None:
    mail = named("mandate-confirmed")

    tomorrow = replace(mail, context=replace(mail.context, now=mail.context.now + timedelta(days=1)))

    assert build(tomorrow) == build(mail)


@EXAMPLES
def test_a_mail_holds_text_and_html_and_the_date_to_come_where_there_is_one(example: Example) -> None:
    facts, is_over = example.mail.facts, example.kind in ("summary", "brief")
    has_date = not is_over and (getattr(facts, "next_end", None) or getattr(facts, "end", None))

    parts = [part.kind for part in read(build(example.mail).content).parts]

    assert parts == ["text/plain", "text/html", *(["text/calendar"] if has_date else [])]


def test_the_headers_of_a_mail_that_can_be_muted() -> None:
    ready = build(named("removals"))

    assert [(name, value) for name, value in read(ready.content).headers if name != "Content-Type"] == [
        ("From", "Meeting governance <meetings@halvorsen.example>"),
        ("To", "Ingrid Halvorsen <ingrid.halvorsen@halvorsen.example>"),
        ("Reply-To", "tomas.novak@halvorsen.example"),
        ("Subject", "Customer Decisions, 19 Nov 2026: 3 people were taken off the invitation"),
        ("Date", "Thu, 19 Nov 2026 08:00:00 +0000"),
        ("Message-ID", ready.message_id),
        ("In-Reply-To", "<meeting.customer-decisions@halvorsen.example>"),
        ("References", "<meeting.customer-decisions@halvorsen.example>"),
        ("List-Id", "<customer-decisions.meetings.halvorsen.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Unsubscribe", f"<{named('removals').context.one_click}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("MIME-Version", "1.0"),
    ]
    assert ready.message_id == f"<{named('removals').id.hex}@halvorsen.example>"
    assert (ready.sender, ready.recipient) == ("meetings@halvorsen.example", people.CHAIR.address)


@pytest.mark.parametrize("name", ["seat", "mandate-requested", "held"])
def test_what_cannot_be_muted_cannot_be_left_by_one_click(name: str) -> None:
    assert [one for one in read(build(named(name)).content).names if one.startswith("List-Unsub")] == []


def test_somebody_from_outside_is_on_no_list_of_the_meeting() -> None:
    content = build(named("removed-outsider")).content

    assert {"List-Id", "References", "In-Reply-To", "List-Unsubscribe"} & set(read(content).names) == set()
    assert b"customer-decisions" not in content


@EXAMPLES
def test_a_mail_program_reads_what_was_meant(example: Example) -> None:
    mail = parsed(build(example.mail).content)

    assert [one.addr_spec for one in mail["To"].addresses] == [example.mail.recipient]
    expected = example.mail.context.recipient if "@" not in example.mail.context.recipient else ""
    assert [one.display_name for one in mail["To"].addresses] == [expected]
    start = "Meeting governance: " if example.mail.context.meeting is None else "Customer Decisions, "
    assert str(mail["Subject"]).startswith(start)


def test_the_date_lies_beside_it_as_a_file_for_the_own_calendar() -> None:
    ready = build(named("seat"))
    [file] = parsed(ready.content).iter_attachments()
    calendar = Calendar.from_ical(file.get_payload(decode=True))
    [entry] = calendar.walk("VEVENT")

    assert (file.get_content_type(), file.get_param("method"), file.get_filename()) == (
        "text/calendar",
        "PUBLISH",
        "customer-decisions-2026-11-26.ics",
    )
    assert calendar["METHOD"] == "PUBLISH"
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (
        datetime(2026, 11, 26, 9, tzinfo=UTC),
        datetime(2026, 11, 26, 10, tzinfo=UTC),
    )
    assert entry["UID"] == "20261126T090000Z-customer-decisions@meetings.halvorsen.example"
    assert (entry["SUMMARY"], entry["URL"]) == (
        "Customer Decisions",
        "https://meetings.halvorsen.example/m/customer-decisions/next",
    )
    assert not {"ATTENDEE", "ORGANIZER"} & set(entry)


def test_the_same_date_has_the_same_uid_in_every_mail_and_zone() -> None:
    oslo = timezone(timedelta(hours=1))
    moved = replace(cast(about.Declined, named("declined").facts), start="2026-11-26T10:00:00+01:00")
    mail = replace(named("declined"), facts=moved, date=NOW.astimezone(oslo) + timedelta(days=1))

    assert [uid(build(one).content) for one in (named("seat"), mail)] == [uid(build(named("declined")).content)] * 2


@pytest.mark.parametrize("text", ["a, b; c\\d\ne", "END:VEVENT\r\nBEGIN:VEVENT", "x" * 300, "ü" * 80])
def test_a_title_stays_one_line_of_the_calendar_file(text: str) -> None:
    mail = replace(named("seat"), context=replace(named("seat").context, meeting=text))

    content = next(part.content for part in read(build(mail).content).parts if part.kind == "text/calendar")

    assert [line for line in content.split(b"\r\n") if line.startswith((b"BEGIN", b"END"))] == [
        *(b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"END:VCALENDAR")
    ]
    assert max(map(len, content.split(b"\r\n"))) <= 75
    [entry] = Calendar.from_ical(content).walk("VEVENT")
    assert str(entry["SUMMARY"]).startswith(" ".join(text.split())[:50])


def test_what_was_composed_says_what_was_meant() -> None:
    assert differences(INTENT, composed(INTENT)) == []


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b"Subject: ", b"Bcc: evil@example.com\r\nSubject: "),
        (b"Auto-Submitted: auto-generated\r\n", b""),
        (b"To: =?utf-8", b"To: evil@example.com, =?utf-8"),
        (b"beatrice@example.com", b"evil@example.com"),
        (b"scribe@example.com", b"evil@example.com"),
        (b"From: Meeting governance", b"From: Somebody"),
        (b"<1@example.com>", b"<2@example.com>"),
        (b"auto-generated", b"no"),
        (b"gr=C3=B6=C3=9Fer", b"gr=C3=B6=C3=9Ferer"),
        (b"Hello", b"Bye"),
        (b"<p>", b"<b>"),
        (b"text/html", b"text/plain"),
        (b"--=_1a--", b"--=_1a\r\nContent-Type: text/plain\r\n\r\nmore\r\n--=_1a--"),
        (b"Hello\r\n", b"Hello\n"),
        (b"Hello", b"Hello" * 300),
        (b"--=_1m--", b""),
    ],
)
def test_every_byte_that_says_something_else_is_noticed(found: bytes, put: bytes) -> None:
    content = composed(INTENT)
    assert found in content or found == b"gr=C3=B6=C3=9Fer"
    changed = (
        content.replace(found, put) if found in content else content.replace(b"Subject: =?utf-8", b"Subject: x=?utf-8")
    )

    assert differences(INTENT, changed) != []


def test_a_line_break_in_a_subject_would_be_noticed_and_not_sent() -> None:
    broken = replace(INTENT, subject="x\r\nBcc: evil@example.com")

    assert differences(broken, composed(broken)) == ["other headers"]


@pytest.mark.parametrize(
    "facts",
    [
        about.Removals(people=cast(Any, ["no dict"])),
        about.SignIn(minutes=cast(Any, "soon")),
        about.Held(checksum="x", whys=cast(Any, 7), changes=[]),
    ],
)
def test_what_cannot_be_said_goes_out_in_a_plain_form_with_its_links(facts: about.Facts) -> None:
    mail = replace(named("sign-in"), facts=facts, kind=facts.KIND)

    ready = build(mail)

    mail_as_read = read(ready.content)
    [part] = mail_as_read.parts
    text = part.content.decode("ascii")
    assert (part.kind, mail_as_read.header("Subject")) == ("text/plain", "A message about your meeting")
    assert mail.context.links["sign-in"] in text
    assert "https://meetings.halvorsen.example/" in text
    assert (ready.recipient, ready.message_id) == (mail.recipient, build(named("sign-in")).message_id)
    assert build(mail) == ready


def test_a_plain_form_holds_no_link_that_is_not_one() -> None:
    links = {"sign-in": "https://a.example/\r\nBcc: x", "x\r\ny": "https://a.example/"}
    facts = about.SignIn(minutes=cast(Any, "soon"))
    mail = replace(named("sign-in"), facts=facts, context=replace(named("sign-in").context, links=links))

    assert b"a.example" not in build(mail).content


@pytest.mark.parametrize(
    "line", [".", "..", "From me to you", ">From", "\t", "a ", "=", "--=_x", "é" * 500, "x" * 5_000]
)
def test_every_line_arrives_as_it_was_written(line: str) -> None:
    intent = replace(INTENT, text=f"{line}\nand on\n", html=None, calendar=None)

    content = composed(intent)

    assert differences(intent, content) == []
    raw = content.partition(b"\r\n\r\n")[2]
    assert not any(one.startswith((b".", b"From ")) for one in raw.split(b"\r\n"))
    assert quopri.decodestring(raw).decode() == f"{line}\r\nand on\r\n"


@pytest.mark.parametrize(
    ("written", "box"),
    [
        ("Meetings <m@example.com>", Mailbox("Meetings", "m@example.com")),
        ("m@example.com", Mailbox("", "m@example.com")),
        ('"Board, weekly" <m@example.com>', Mailbox("Board weekly", "m@example.com")),
        ("Größe <m@bücher.example>", Mailbox("Größe", "m@xn--bcher-kva.example")),
        ("nonsense", None),
    ],
)
def test_the_sender_of_the_configuration_is_read_by_the_address_library(written: str, box: Mailbox | None) -> None:
    assert configured(written) == box


def test_an_address_in_other_letters_is_written_as_it_is() -> None:
    """Servers that take such mailboxes take them in UTF-8 (RFC 6532); the domain is the one that name servers know."""
    assert mailbox("jörg@bücher.example") == Mailbox("", "jörg@xn--bcher-kva.example")

    ready = build(replace(named("note"), recipient="jörg@bücher.example"))

    assert ready.recipient == "jörg@xn--bcher-kva.example"
    assert [part.kind for part in read(ready.content).parts] == ["text/plain", "text/html"]


@pytest.mark.parametrize("name", ["Ångström " * 9, "会議" * 40, 'O\'Brien "Bob" <x@y.example>', "A, B"])
def test_a_long_or_strange_name_stays_one_name(name: str) -> None:
    box = mailbox("a@example.com", name)
    assert box is not None

    content = composed(replace(INTENT, recipient=box))

    assert differences(replace(INTENT, recipient=box), content) == []
    assert [one.addr_spec for one in parsed(content)["To"].addresses] == ["a@example.com"]


def uid(content: bytes) -> str:
    [part] = [part for part in read(content).parts if part.kind == "text/calendar"]
    [entry] = Calendar.from_ical(part.content).walk("VEVENT")
    return str(entry["UID"])
