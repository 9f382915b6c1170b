"""The minutes of an occurrence as a PDF."""

from __future__ import annotations

from collections.abc import Iterator

from governance.services.agenda.values import AgendaLine
from governance.services.minutes.reading import Minutes
from web.printing.paper import Paper
from web.wording import agenda as agenda_words
from web.wording import minutes as words
from web.wording.times import clock, day, span


def as_pdf(minutes: Minutes, *, site_name: str) -> bytes:
    """The same whenever it is asked for: it is dated by the approval, or by the start while it is a draft."""
    title = f"{minutes.name}: minutes of {day(minutes.day)}"
    paper = Paper(
        title,
        site_name,
        foot=f"{minutes.name} · {day(minutes.day)}",
        mark=words.DRAFT if minutes.is_draft else "",
        made_at=minutes.approval.at if minutes.approval else minutes.start,
    )
    paper.title_line(
        f"Minutes: {minutes.name}",
        span(minutes.start, minutes.end, minutes.time_zone),
        clock(minutes.time_zone),
        words.standing(minutes),
    )
    if minutes.is_cancelled:
        paper.words("The occurrence was called off: it counts for nobody.")
    _attendance(paper, minutes)
    _agenda(paper, minutes)
    _decisions(paper, minutes)
    _promises(paper, minutes)
    return paper.finished()


def _attendance(paper: Paper, minutes: Minutes) -> None:
    paper.heading("Attendance")
    if not minutes.seats:
        paper.words("No seat was held on that day.", is_soft=True)
        return
    paper.words(words.numbers(minutes), is_soft=True)
    rows = [(one.department, words.sat(one), words.attendance_of(one)) for one in minutes.seats]
    paper.rows(("Department", "Who", "How"), rows, (32, 34, 34))


def _agenda(paper: Paper, minutes: Minutes) -> None:
    paper.heading("Agenda")
    if not minutes.lines:
        paper.words("Nothing was on the agenda.", is_soft=True)
        return
    for number, one in enumerate(minutes.lines, start=1):
        paper.words(f"{number}. {one.item.title}", is_bold=True)
        paper.words(_became(one))
        for line in _about(one):
            paper.words(line, is_soft=True)
        paper.ln(1.5)


def _about(line: AgendaLine) -> Iterator[str]:
    item = line.item
    yield f"{agenda_words.purpose(item.purpose).word}, brought by {item.brought_by}"
    if item.customer:
        yield f"Customer: {item.customer}"
    if item.papers:
        yield f"Papers: {', '.join(item.papers)}"


def _became(line: AgendaLine) -> str:
    if line.became is None:
        return "Not said yet"
    more = agenda_words.fate(line.became)
    return f"{agenda_words.outcome(line.became).word}{': ' if more else ''}{more}"


def _decisions(paper: Paper, minutes: Minutes) -> None:
    paper.heading("Decisions")
    if not minutes.decisions:
        paper.words("No decision was closed.", is_soft=True)
    for one in minutes.decisions:
        paper.words(f"{one.number} {one.title}", is_bold=True)
        paper.words(one.text)
        if one.customer_effect:
            paper.words(f"For customers: {one.customer_effect}")
        paper.words(f"Owner: {words.owner(one)}", is_soft=True)
        paper.ln(2)


def _promises(paper: Paper, minutes: Minutes) -> None:
    paper.heading("Promises")
    if not minutes.promises:
        paper.words("Nothing was promised.", is_soft=True)
        return
    rows = [(one.text, words.promise(one)) for one in minutes.promises]
    paper.rows(("What", "Who, by when"), rows, (60, 40))
