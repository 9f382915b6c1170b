"""The weekly summary: what the reader owes, then what was decided, and everything leads to its page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from governance.mail.building import Mail, build
from governance.mail.facts_of_summaries import Brief, Summary
from governance.mail.letter import Bar, Bars, Heading, Letter, Line, Lines
from governance.mail.render import LARGEST_HTML, render
from governance.mail.words import letter
from governance.seed import summed
from tests.letters.reading import links_of_html, links_of_text, words_of_html, words_of_text
from tests.letters.situations import PUBLIC_URL, SITUATIONS, WEEK, mail_of, said

PAGE = f"{PUBLIC_URL}/m/customer-decisions"


def written(name: str, **changed: Any) -> Letter:
    mail = mail_of(name)
    return letter(replace(mail.facts, **changed), mail.context)


def headings(of: Letter) -> list[str]:
    return [block.text for block in of.blocks if isinstance(block, Heading)]


def lines(of: Letter) -> list[Line]:
    return [line for block in of.blocks if isinstance(block, Lines) for line in block.lines]


def bars(of: Letter) -> dict[str, Bar]:
    return {bar.label: bar for block in of.blocks if isinstance(block, Bars) for bar in block.bars}


def in_text(of: Letter) -> str:
    return " ".join(render(of, PAGE).text.split())


def test_a_week_without_anything_says_when_the_next_one_is_and_no_empty_section() -> None:
    made = written("only-the-next", next={"start": WEEK.at(7), "end": WEEK.at(7, hours=1)})

    assert headings(made) == ["Next: Thursday 3 Dec 2026, 10:00–11:00 (Oslo)"]
    assert made.subject == "Customer Decisions, 26 Nov 2026: the next one is on 3 Dec 2026"
    assert made.preheader == "You owe nothing. Nothing was closed."


def test_what_the_reader_owes_stands_first_then_what_was_decided() -> None:
    made = written("ordinary-week")

    assert headings(made)[:3] == ["You owe", "Decided", "Not closed yet"]
    assert made.subject.endswith(": 2 promises of yours (1 late), 3 decisions")


def test_the_latest_stands_first_and_leads_to_where_it_is_settled() -> None:
    late, due = lines(written("ordinary-week", owed=summed.owed(WEEK)[::-1]))[:2]

    links = mail_of("ordinary-week").context.links
    assert (late.alarm, late.mark, late.act) == (
        "Late by 5 days",
        "D-2026-011",
        ("Done, or it slips", links["settle:0"]),
    )
    assert (due.alarm, due.note, due.act) == (None, "Due 30 Nov 2026", ("Done, or it slips", links["settle:1"]))
    assert late.address == f"{PAGE}/promises/0192f0a1"


def test_without_its_link_a_promise_still_leads_to_its_page() -> None:
    mail = mail_of("ordinary-week")

    [first, *_] = lines(letter(mail.facts, replace(mail.context, links={})))

    assert (first.act, first.address) == (None, f"{PAGE}/promises/0192f0a1")


def test_every_decision_leads_to_its_page_and_every_section_with_figures_too() -> None:
    made = written("lead-week")

    decisions = {line.mark: line.address for line in lines(made) if line.mark}
    assert decisions == {f"D-2026-{at:03}": f"{PAGE}/decisions/D-2026-{at:03}" for at in (14, 15, 16)}
    without = [block.text for block in made.blocks if isinstance(block, Heading) and block.address is None]
    assert without == ["Waits for you", "A suggestion", "Who has said what they will do"]
    assert bars(made)["Credits for late deliveries in December"].address == f"{PAGE}/decisions/D-2026-014"


def test_attendance_that_is_not_settled_reads_unknown_and_is_no_absence() -> None:
    some, none = written("ordinary-week"), written("unknown-attendance")

    assert bars(some)["Seats that were there"] == Bar("Seats that were there", "7 of 8, 1 unknown", 88)
    assert "Unknown: Human Resources (Siobhán Byrne)" in in_text(some)
    assert bars(none)["Seats that were there"] == Bar("Seats that were there", "unknown", None)
    assert "seats were there" not in none.preheader
    assert "Absent" not in in_text(none)


@pytest.mark.parametrize("state", ["not-here-yet", "", "something new"])
def test_a_state_that_says_nothing_for_sure_is_unknown(state: str) -> None:
    seats = [{"department": "Legal", "who": None, "state": state, "minutes": None}]

    assert "Unknown: Legal" in in_text(written("only-the-next", attendance=seats))


def test_an_empty_seat_is_not_counted() -> None:
    seats = [
        {"department": "Legal", "who": None, "state": "vacant", "minutes": None},
        {"department": "Sales", "who": "Emre Şahin", "state": "on-time", "minutes": None},
    ]

    assert bars(written("only-the-next", attendance=seats))["Seats that were there"].said == "1 of 1"


def test_an_answer_is_there_only_where_it_was_handed_over() -> None:
    question = {"text": "Why?", "takers": [{"name": "Emre Şahin", "outcome": "answered", "turn": "0192f0d1"}]}

    assert "Emre Şahin has answered it" in in_text(written("only-the-next", question=question))
    assert "Because." in in_text(
        written("only-the-next", question={**question, "takers": [{**question["takers"][0], "answer": "Because."}]})
    )


def test_a_cancelled_one_is_two_lines() -> None:
    text, _ = said(mail_of("cancelled"))

    body, _, _ = text.split("\n\n", 2)[2].partition("\n\n-- \n")
    assert body.split("\n\n") == [
        "The meeting on Thursday 26 Nov 2026, 10:00 (Oslo) was cancelled.",
        "The next one is on Thursday 3 Dec 2026, 10:00 (Oslo).",
    ]


def test_a_week_without_a_meeting_says_only_what_is_due() -> None:
    made = written("quiet-week")

    assert headings(made) == ["You owe"]
    assert "Nothing was closed" not in made.preheader


def test_only_whoever_leads_reads_what_wears_thin() -> None:
    own = ["A suggestion", "Seats at risk", "Silent seats", "Mandates that end", "Put right on the invitation"]

    assert [title for title in own if title in headings(written("ordinary-week"))] == []
    assert [title for title in own if title in headings(written("lead-week"))] == own


def test_what_is_held_waits_with_what_the_chair_owes() -> None:
    alone, together = written("lead-week"), written("lead-week", owed=summed.owed(WEEK))

    assert headings(alone)[0] == "Waits for you"
    assert lines(alone)[0].text == "3 changes of the invitation wait for your decision"
    assert alone.preheader.startswith("Decided: ")
    assert (headings(together)[0], lines(together)[2].act) == ("You owe", ("Look and decide", PAGE))


def test_one_mail_about_all_meetings_says_first_what_is_owed_in_any() -> None:
    made = written("several-meetings")

    first, *_ = headings(made)
    chapters = [block.text for block in made.blocks if isinstance(block, Heading) and block.is_chapter]
    assert (first, chapters) == ("You owe", ["Customer Decisions, 26 Nov 2026", "Product Council, 25 Nov 2026"])
    assert lines(made)[0].note == "due 21 Nov 2026 · Customer Decisions"
    assert lines(made)[2].address == f"{PUBLIC_URL}/m/product-council/promises/0192f0b1"
    assert ("Mute mails like this one, or choose again", f"{PUBLIC_URL}/preferences") in made.footer.links


def test_facts_of_a_meeting_from_another_version_say_what_they_know() -> None:
    [one, _] = summed.summaries(WEEK).meetings

    made = written("several-meetings", meetings=[{**one, "facts": {"closed": summed.closed(WEEK), "later": 1}}, {}])

    assert "3 decisions in 2 meetings" in made.subject


def test_the_record_stands_below_in_the_words_of_its_own_check() -> None:
    made = written("ordinary-week")

    assert made.footer.marks == (f"The record stood at customer-decisions:1204:{summed.HASH}",)


def test_200_decisions_fit_and_the_rest_is_a_link_away() -> None:
    facts = summed.summary(
        WEEK,
        closed=summed.many_closed(WEEK, 200),
        open=[{"ref": f"0192f{at:03}", "title": "Who answers", "missing": ["an owner"]} for at in range(200)],
        committed=[{"ref": f"0192f{at:03}", "title": "Who answers", "said": at, "of": 200} for at in range(200)],
    )
    mail: Mail = replace(mail_of("ordinary-week"), facts=facts)

    text, html = said(mail)

    assert len(html.encode()) <= LARGEST_HTML
    assert "Content-Type: text/html" in build(mail).content.decode()
    assert re.search(r"and \d+ more\n  " + re.escape(f"{PAGE}/decisions") + "\n", text)
    assert "You owe" in text
    assert "This mail is shortened" in text
    assert links_of_text(text) == links_of_html(html)


def test_a_mail_about_very_many_meetings_is_shortened_too() -> None:
    [one, _] = summed.summaries(WEEK).meetings
    mail: Mail = replace(mail_of("several-meetings"), facts=replace(summed.summaries(WEEK), meetings=[one] * 60))

    text, html = said(mail)

    assert len(html.encode()) <= LARGEST_HTML
    assert "This mail is shortened" in text
    assert words_of_text(text.split("\n\n", 1)[1]) == words_of_html(html)


@pytest.mark.parametrize(
    ("bar", "drawn"),
    [
        (Bar("Sales", "0 of 8", 0), "Sales  -------------------- 0 of 8"),
        (Bar("Sales", "1 of 99", 1), "Sales  #------------------- 1 of 99"),
        (Bar("Sales", "8 of 8", 100), "Sales  #################### 8 of 8"),
        (Bar("Sales", "12 of 8", 150), "Sales  #################### 12 of 8"),
        (Bar("Sales", "unknown"), "Sales  unknown"),
    ],
)
def test_a_bar_is_as_long_as_its_share_and_never_longer(bar: Bar, drawn: str) -> None:
    rendered = render(Letter(subject="s", preheader="", title="", blocks=(Bars((bar,)),)), PAGE)

    assert rendered.text == f"{drawn}\n"
    assert re.findall(r'class="bar" width="(\d+)%"', rendered.html) == (
        [str(min(bar.percent, 100))] if bar.percent else []
    )


def test_a_line_that_leads_to_no_page_of_ours_leads_nowhere() -> None:
    line = Line("Pay", address="javascript:alert(1)", act=("Now", "data:text/html,x"))

    rendered = render(Letter(subject="s", preheader="", title="", blocks=(Lines((line,), "ftp://x"),)), PAGE)

    assert rendered.letter.blocks == (Lines((Line("Pay"),)),)
    assert links_of_html(rendered.html) == set()


def test_every_colour_of_the_new_blocks_has_another_for_the_dark() -> None:
    _, html = said(mail_of("lead-week"))

    dark = html.partition("prefers-color-scheme: dark")[2].partition("</style>")[0]
    for block in (".bar", ".rail", ".alarm", ".act a", ".chapter h2", ".ink a"):
        assert f"{block} {{" in dark or f"{block}," in dark, block


def test_leadership_reads_nobody_but_owners_and_no_state_of_anybody() -> None:
    facts = mail_of("brief").facts
    assert isinstance(facts, Brief)

    text = in_text(written("brief"))

    assert [one["owner"] for one in facts.closed if one["owner"] not in text] == []
    assert re.findall(r"(?i)\blate(?! deliveries)|absent|objection|reservation|against|silent|unknown", text) == []


def test_below_the_floor_nothing_is_said_of_promises() -> None:
    made = written("brief-below-the-floor")

    assert "romises" not in in_text(made)
    assert "Promises kept, due until 25 Nov 2026" in bars(written("brief"))


def test_a_brief_of_many_decisions_stays_short_and_leads_to_the_rest() -> None:
    made = written("brief-fourteen-decisions")

    [*shown, rest] = [line for line in lines(made) if line.mark or line.text.startswith("and ")][:9]
    assert len(shown) == 8
    assert (rest.text, rest.address) == ("and 6 more", f"{PAGE}/brief")
    assert all("They order later" not in (line.note or "") for line in shown)


def test_a_sponsor_reads_each_decision_under_the_meeting_that_closed_it() -> None:
    made = written("sponsor-week")

    assert headings(made) == ["Customer Decisions", "Product Council"]
    assert lines(made)[2].address == f"{PUBLIC_URL}/m/product-council/decisions/D-2026-003"
    assert made.subject == "Meeting governance: 3 decisions concern your department"


def test_every_situation_has_facts_that_come_back_from_a_row_as_they_were() -> None:
    from governance.mail.facts import from_json, to_json

    for name, situation in SITUATIONS.items():
        facts = situation.facts
        assert from_json(facts.KIND, to_json(facts)) == facts, name
    assert isinstance(SITUATIONS["ordinary-week"].facts, Summary)
