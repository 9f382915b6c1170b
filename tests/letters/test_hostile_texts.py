"""Whatever somebody writes into a title, a name, a note or a charter: the mail goes out, as planned."""

from __future__ import annotations

import email.policy
import re
from dataclasses import replace
from email.parser import BytesParser

import pytest

from governance.mail.addresses import mailbox
from governance.mail.building import Mail, build
from governance.seed.letters import examples
from tests.letters.hostile import HOW_MANY, mail_with, texts
from tests.letters.reading import Read, markup, read

_ALWAYS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version"]
_SOMETIMES = ["Reply-To", "In-Reply-To", "References", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"]
_PLANNED = ["text/plain", "text/html"]
_ELEMENTS = frozenset(
    {
        *("html", "head", "title", "meta", "style", "body", "div", "table", "tbody", "tr", "td", "th"),
        *("a", "h1", "h2", "br", "span", "strong", "em", "code"),
    }
)
_NEVER = frozenset({"src", "srcdoc", "background", "action", "formaction", "id", "xlink:href"})


def test_nothing_more_than_planned_is_in_an_ordinary_mail() -> None:
    for example in examples():
        assert faults(example.mail) == []


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b"Subject: ", b"Bcc: evil@evil.example\r\nSubject: "),
        (b"To: Amara", b"To: evil@evil.example, Amara"),
        (b"Auto-Submitted: auto-generated", b"X-Other: yes"),
        (b"Hello Amara", b"<b onclick=3D'x'>Amara</b>"),
        (b"</h1>", b"</h1><img src=3D'https://evil.example/x.png'>"),
        (b"Content-Type: text/plain", b"Content-Type: text/x-plain"),
    ],
)
def test_whoever_looks_for_more_than_planned_would_find_it(found: bytes, put: bytes) -> None:
    mail = next(one.mail for one in examples() if one.name == "seat")
    content = build(mail).content

    assert found in content
    assert faults_of(mail, content.replace(found, put)) != []


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.soak) for part in range(1, 8))])
def test_2000_hostile_texts_in_every_field_change_no_header_part_or_recipient(part: int) -> None:
    chosen = list(enumerate(texts()))[part::8]

    found = [(number, text[:80], fault) for number, text in chosen for fault in faults(mail_with(text, number))]

    assert (found, len(chosen)) == ([], HOW_MANY // 8)


@pytest.mark.soak
def test_every_hostile_text_in_every_kind_changes_nothing_either() -> None:
    found = [
        (text[:80], number, fault)
        for text in texts()
        for number, _ in enumerate(examples())
        for fault in faults(mail_with(text, number))
    ]

    assert found == []


@pytest.mark.parametrize("text", texts()[:120:3])
def test_a_program_that_writes_the_mail_anew_finds_no_other_headers(text: str) -> None:
    """A filter or an archive may decode the headers and write them again; on old Pythons that is where F3 bites."""
    content = build(mail_with(text, 6)).content

    anew = BytesParser(policy=email.policy.SMTP).parsebytes(content).as_bytes()

    assert sorted(read(content).names) == sorted(read(anew).names)


@pytest.mark.parametrize("text", texts()[:240:3])
def test_a_title_adds_nothing_to_the_calendar_file(text: str) -> None:
    seat = next(one.mail for one in examples() if one.name == "seat")
    mail = replace(seat, context=replace(seat.context, meeting=text))

    [calendar] = [part.content.decode() for part in read(build(mail).content).parts if part.kind == "text/calendar"]

    assert [re.split("[:;]", line)[0] for line in calendar.replace("\r\n ", "").splitlines()] == [
        *("BEGIN", "VERSION", "PRODID", "METHOD", "BEGIN", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID"),
        *("DESCRIPTION", "TRANSP", "URL", "END", "END"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "alice@example.com, evil@evil.example",
        "alice@example.com>\r\nRCPT TO:<evil@evil.example",
        '"A" <evil@evil.example>,alice@example.com',
        "alice@example.com;evil@evil.example",
        "alice(evil@evil.example)@example.com",
        "alice@example.com\u2028evil@evil.example",
        "alice@exa\u202emple.com",
        "=?utf-8?q?evil=40evil.example?=@example.com",
        "alice@@example.com",
        "alice@\ud800.example",
        "alice",
        "",
        "@",
        f"{'a' * 300}@example.com",
    ],
)
def test_what_is_no_address_is_written_to_by_nobody(address: str) -> None:
    ready = build(replace(examples()[1].mail, recipient=address))

    assert ready.recipient == ""
    assert read(ready.content).header("To") == "undisclosed-recipients:;"


@pytest.mark.parametrize("name", [text for text in texts()[:110] if text.strip()])
def test_a_name_adds_no_recipient_and_replaces_none(name: str) -> None:
    [first, *_] = (one.mail for one in examples())
    ready = build(replace(first, context=replace(first.context, recipient=name)))

    parsed = BytesParser(policy=email.policy.default).parsebytes(ready.content)

    assert ready.recipient == first.recipient
    assert [one.addr_spec for one in parsed["To"].addresses] == [first.recipient]


def faults(mail: Mail) -> list[str]:
    return faults_of(mail, build(mail).content)


def faults_of(mail: Mail, content: bytes) -> list[str]:
    """What is in the finished mail and was not planned, or was planned and is missing."""
    found = read(content)
    return [*_faults_of_headers(mail, found), *_faults_of_parts(found)]


def _faults_of_headers(mail: Mail, found: Read) -> list[str]:
    extra = [name for name in found.names if name not in (*_ALWAYS, *_SOMETIMES, "Content-Type")]
    missing = [name for name in _ALWAYS if found.names.count(name) != 1]
    double = [name for name in _SOMETIMES if found.names.count(name) > 1]
    box = mailbox(mail.recipient)
    assert box is not None
    to = found.header("To")
    is_alone = to.endswith(box.address) or to.endswith(f"<{box.address}>")
    recipients = [] if is_alone and to.count("@") == 1 else [f"To: {to}"]
    values = [f"{name}: {value}" for name, value in found.headers if not value.isascii() or not value.isprintable()]
    return [*extra, *missing, *double, *recipients, *values]


def _faults_of_parts(found: Read) -> list[str]:
    kinds = [part.kind for part in found.parts]
    if kinds not in (_PLANNED, [*_PLANNED, "text/calendar"]):
        return [f"parts {kinds}"]
    made = markup(found.text("text/html"))
    elements = made.elements - _ELEMENTS
    attributes = {name for name in made.attributes if name.startswith("on")} | made.attributes & _NEVER
    links = [link for link in made.links if not link.startswith("https://meetings.halvorsen.example/")]
    return [*map(str, (*elements, *attributes)), *links]
