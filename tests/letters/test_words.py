"""What the mails say: to whom, how they begin, what the reader can do, and why they got it."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any, cast

import pytest

from governance.mail import facts as about
from governance.mail.building import Mail
from governance.mail.facts import ALL
from governance.mail.kinds import KINDS, Topic
from governance.mail.letter import Button, Context, Letter, Lines, Paragraph
from governance.mail.render import render
from governance.mail.words import _WRITERS, letter
from governance.seed import cast as people
from governance.seed.letters import PUBLIC_URL, Example, examples

EXAMPLES = pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
PAGE = f"{PUBLIC_URL}/m/customer-decisions"
JARGON = re.compile(
    r"\b(?:drift|reconcil\w*|plan|held|baseline|etag|checksum|entitled|observed|outbox|occurrence|finding|tenure|"
    r"None|True|False|null|[A-Z]\d\d)\b"
)


_TO_THE_APPLICANT = ("offer-over-own-end", "offer-over-withdrawn")


def named(name: str) -> Mail:
    return next(one.mail for one in examples() if one.name == name)


def written(name: str, **changed: Any) -> Letter:
    """The example's letter, with other facts or another context."""
    mail = named(name)
    context = replace(mail.context, **{key: changed.pop(key) for key in list(changed) if key in names_of_context()})
    return letter(replace(mail.facts, **changed), context)


def said(written: Letter) -> str:
    """The whole text on one line."""
    return " ".join(render(written, PAGE).text.split())


def buttons(written: Letter) -> dict[str, str]:
    acts = [line.act for block in written.blocks if isinstance(block, Lines) for line in block.lines if line.act]
    return {
        **{block.label: block.address for block in written.blocks if isinstance(block, Button)},
        **{f"{label} ({number})" if number else label: to for number, (label, to) in enumerate(acts)},
    }


def test_of_a_seat_that_was_given_up_no_place_and_no_waiting_list_is_promised() -> None:
    """A mail that was posted before this was told says what it said."""
    before, closed = written("offer-over-withdrawn"), written("offer-over-withdrawn", is_closed=True)

    assert "You keep your place" in said(before)
    assert "The department has given the seat up." in said(closed)
    assert "waiting" not in said(closed)
    assert buttons(closed) == {}


def test_every_kind_has_its_words_its_facts_and_an_example() -> None:
    kinds = list(KINDS)

    assert sorted(_WRITERS) == sorted(kinds)
    assert sorted(one.KIND for one in ALL) == sorted(kinds)
    assert sorted({one.kind for one in examples()}) == sorted(kinds)
    assert len({one.name for one in examples()}) == len({one.mail.id for one in examples()}) == len(examples())


@EXAMPLES
def test_the_subject_begins_with_meeting_and_day_or_with_the_site(example: Example) -> None:
    subject = letter(example.mail.facts, example.mail.context).subject

    start = (
        r"Meeting governance" if KINDS[example.kind].is_of_site else r"Customer Decisions, \d{1,2} [A-Z][a-z]{2} 2026"
    )
    assert re.match(rf"{start}: \S", subject)
    assert not subject.endswith(".")


@EXAMPLES
def test_no_mail_speaks_as_the_program_thinks(example: Example) -> None:
    text = said(letter(example.mail.facts, example.mail.context))

    assert JARGON.findall(re.sub(r"https?://\S+", "", text)) == []
    assert re.findall(r"\d{4}-\d{2}-\d{2}|!|\s,|\.\.|: :|  ", text.replace(" Thank you!", "")) == []


@EXAMPLES
def test_the_footer_says_why_and_whether_it_can_be_muted(example: Example) -> None:
    if example.kind == "removed-outsider":
        return
    footer = letter(example.mail.facts, example.mail.context).footer
    topic = KINDS[example.kind].topic

    [line] = footer.lines
    assert line.startswith("You get this mail because ")
    assert ("cannot be muted" in line) is (topic is None)
    assert ("You can mute" in line) is (topic is not None)
    mute = [address for label, address in footer.links if label.startswith("Mute")]
    assert mute == ([example.mail.context.preferences] if topic else [])


@EXAMPLES
def test_the_meetings_page_is_named_only_to_those_who_may_see_it(example: Example) -> None:
    addresses = [address for _, address in letter(example.mail.facts, example.mail.context).footer.links]

    is_to_applicant = example.kind in ("offer", "application-declined") or example.name in _TO_THE_APPLICANT
    may_see = not (KINDS[example.kind].is_of_site or example.kind.startswith("removed") or is_to_applicant)
    assert (PAGE in addresses) is may_see


@EXAMPLES
def test_every_link_of_an_example_is_a_button_and_a_missing_one_leaves_it_out(example: Example) -> None:
    context = example.mail.context
    links = set(context.links.values())

    with_them = set(buttons(letter(example.mail.facts, context)).values())
    without = set(buttons(letter(example.mail.facts, replace(context, links={}))).values())

    assert links <= with_them
    assert {one for one in without if not one.startswith(PAGE)} == set()


@EXAMPLES
def test_one_button_stands_out_where_one_act_is_asked_for(example: Example) -> None:
    made = letter(example.mail.facts, example.mail.context)

    first = [block.label for block in made.blocks if isinstance(block, Button) and block.is_first]
    assert len(first) <= 1
    if example.kind in ("sign-in", "held", "mandate-requested", "declined", "deputy-asked", "contested"):
        assert len(first) == 1


def test_what_cannot_be_muted_by_link_is_muted_on_the_page() -> None:
    made = written("removals", preferences=None)

    assert "on the meeting’s page" in made.footer.lines[0]
    assert [label for label, _ in made.footer.links] == ["The meeting’s page"]


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_is_said_in_words(topic: Topic) -> None:
    kinds = [code for code, kind in KINDS.items() if kind.topic is topic]

    assert kinds
    assert all("You can mute " in letter(named(code).facts, named(code).context).footer.lines[0] for code in kinds)


def test_a_colleague_learns_why_who_sits_for_them_how_to_brief_them_and_how_to_ask() -> None:
    made = written("removed")

    text = said(made)
    assert "Finance already has its delegate" in text
    assert f"{people.AMARA.name} sits for Finance. Write to {people.AMARA.address}" in text
    assert list(buttons(made)) == ["Leave Amara Okafor a note", "Ask for a seat"]


def test_a_colleague_without_a_delegate_hears_that_the_place_is_free() -> None:
    made = written("removed-vacant")

    assert "Nobody else sits for Marketing at the moment." in said(made)
    assert list(buttons(made)) == ["Ask for a seat"]


def test_a_colleague_of_an_unknown_department_is_told_nothing_wrong() -> None:
    text = said(written("removed", department=None, delegate=None, delegate_address=None))

    assert "Amara" not in text
    assert "None" not in text


def test_somebody_from_outside_gets_two_lines_and_one_name() -> None:
    made = written("removed-outsider")

    lines = [block.text for block in made.blocks if isinstance(block, Paragraph)]
    assert lines == [
        "You have been taken off the invitation for Thursday 26 Nov 2026, 10:00 (Oslo), which goes to a fixed list of "
        "people.",
        "If you expected to take part, please write to ingrid.halvorsen@halvorsen.example.",
    ]
    assert (len(made.blocks), made.title, made.heading, made.footer.lines) == (2, "", "", ())
    names = {name for one in people.EVERYBODY for name in one.name.split()}
    assert names & set(re.findall(r"\w+", said(made))) == set()


def test_the_chair_can_let_in_everybody_who_was_taken_off() -> None:
    made = written("removals")

    links = named("removals").context.links
    assert list(buttons(made).values()) == list(links.values())
    text = said(made)
    assert "No mail went to them: a mailing list gets no mail of ours." in text
    assert "admit them as a visitor, give them the vacant seat, or undo it for seven days" in text


def test_many_people_are_counted_and_not_all_listed() -> None:
    one = cast(about.Removals, named("removals").facts).people[0]
    made = written("removals", people=[one] * 40)

    assert "40 people were taken off" in made.subject
    assert "And 28 more, on the meeting’s page." in said(made)


def test_one_person_is_called_by_name() -> None:
    one = cast(about.Removals, named("removals").facts).people[1]
    made = written("removals", people=[one])

    assert made.subject == "Customer Decisions, 26 Nov 2026: Walter Huber was taken off the invitation"


def test_without_a_limit_a_mandate_says_that_it_is_no_say_over_money() -> None:
    assert "Money: nothing that costs money" in said(written("mandate-confirmed", limit=None))


def test_without_an_end_a_mandate_says_so() -> None:
    assert "Time: from 19 Nov 2026 without an end" in said(written("mandate-confirmed", last_day=None))


@pytest.mark.parametrize(("days", "words"), [(42, "in 42 days"), (1, "tomorrow"), (0, "today")])
def test_the_end_of_a_mandate_is_counted_in_days(days: int, words: str) -> None:
    assert written("mandate-ending", days=days).subject.endswith(f"your mandate ends {words}")


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("America/New_York", "Thursday 26 Nov 2026, 04:00–05:00 (New York)"),
        ("Pacific/Auckland", "Thursday 26 Nov 2026, 22:00–23:00 (Auckland)"),
        ("nowhere", "Thursday 26 Nov 2026, 09:00–10:00 (UTC)"),
        ("../../etc/passwd", "Thursday 26 Nov 2026, 09:00–10:00 (UTC)"),
        ("", "Thursday 26 Nov 2026, 09:00–10:00 (UTC)"),
    ],
)
def test_times_are_the_meetings_own_and_name_their_zone(zone: str, time: str) -> None:
    assert f"First meeting: {time}" in said(written("seat", time_zone=zone))


def test_a_meeting_over_midnight_names_both_days() -> None:
    made = written("declined", start="2026-11-26T22:30:00+00:00", end="2026-11-26T23:30:00+00:00")

    assert "Thursday 26 Nov 2026, 23:30 until Friday 27 Nov 2026, 00:30 (Oslo)" in said(made)
    assert made.subject.startswith("Customer Decisions, 26 Nov 2026: ")


def test_somebody_without_a_name_is_not_called_by_their_address() -> None:
    assert written("note", recipient="amara@example.com").blocks[0] == Paragraph("Hello,")


@EXAMPLES
def test_facts_as_they_come_back_from_a_row_say_the_same(example: Example) -> None:
    stored = about.from_json(example.kind, about.to_json(example.mail.facts))

    assert letter(stored, example.mail.context) == letter(example.mail.facts, example.mail.context)


def test_facts_of_an_unknown_day_are_said_as_they_stand() -> None:
    text = said(written("mandate-ending", last_day="soon"))

    assert "ends on soon." in text


def names_of_context() -> set[str]:
    return {field.name for field in fields(Context)}
