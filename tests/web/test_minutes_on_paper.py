"""Minutes as a PDF, whatever people have written: no text breaks it, and what the font lacks is seen to be lacking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

from pypdf import PdfReader

from governance.domain.agenda import Outcome, Place, Purpose
from governance.services.agenda.values import AgendaLine, Became, Item
from governance.services.minutes.reading import Approval, DecidedLine, Minutes, PromisedLine
from tests.letters.hostile import texts
from tests.web.attended import start_of
from web.printing.minutes import as_pdf
from web.printing.paper import printable

DAY = date(2026, 11, 26)
END = start_of(0) + timedelta(hours=1)


def test_what_the_font_has_is_printed_as_it_is_and_what_it_lacks_as_a_box() -> None:
    assert "Łucja Ελένη Дмитрий שלום محمد" == printable("Łucja Ελένη Дмитрий שלום محمد")
    assert "□□ b" == printable("田中 b")
    assert "a b" == printable("a\x07\u2028b"), "without what has no shape"
    assert "gpj.exe" == printable("\u202egpj.exe"), "nor what turns the others round"


def test_minutes_of_an_occurrence_of_which_nothing_is_known_are_a_page() -> None:
    text = _read(_minutes(lines=(), decisions=(), promises=()))

    for part in ("No seat was held", "Nothing was on the agenda", "No decision was closed", "Page 1 of 1"):
        assert part in text


def test_no_text_that_somebody_writes_breaks_the_document() -> None:
    hostile = [*texts()[:40], "שלום" + "!?" * 1000 + "עולם"]
    minutes = _minutes(
        name=hostile[0][:200],
        lines=tuple(_line(one[:200], one[:2000]) for one in hostile),
        decisions=tuple(DecidedLine("D-2026-001", one, one, one, one, DAY) for one in hostile[-12:]),
        promises=(PromisedLine("W" * 500, "M" * 200, DAY, "D-2026-001"),),
    )

    assert "D-2026-001" in _read(minutes)


def test_an_item_that_is_longer_than_a_page_goes_on_on_the_next() -> None:
    minutes = _minutes(lines=(_line("W" * 200, "\n".join("W" * 30 for _ in range(64)), "M" * 300),))

    text = _read(minutes)

    assert "Page 2 of" in text
    assert 200 + 64 * 30 <= text.count("W")


def test_it_is_dated_by_its_approval_and_the_same_whenever_it_is_made() -> None:
    draft = _minutes()
    approved = replace(draft, approval=Approval("Helena Marsh", END))
    changed = replace(approved, changed_at=END + timedelta(hours=1))

    assert as_pdf(draft, site_name="Site") == as_pdf(draft, site_name="Site")
    assert "DRAFT" in _read(draft)
    assert "DRAFT" not in _read(approved)
    assert "DRAFT" in _read(changed)
    assert "since they were approved by Helena Marsh" in _read(changed)


def _read(minutes: Minutes) -> str:
    pages = PdfReader(BytesIO(as_pdf(minutes, site_name="Site"))).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def _minutes(**more: object) -> Minutes:
    values: dict[str, object] = {
        "id": UUID(int=1), "slug": "leadership", "name": "Group Steering Meeting", "time_zone": "Europe/Berlin",
        "day": DAY, "key": start_of(0).isoformat(), "start": start_of(0), "end": END, "is_cancelled": False,
        "is_over": True, "seats": (), "lines": (_line("Refund", "Figures"),), "decisions": (), "promises": (),
    }  # fmt: skip
    return Minutes(**{**values, **more})


def _line(title: str, papers: str, words: str = "") -> AgendaLine:
    place = Place(UUID(int=2), start_of(0), END, 1, Outcome.TREATED)
    item = Item(
        UUID(int=3), 1, title, Purpose.DECIDE, None, tuple(papers.splitlines()), title, title, None, None, (place,), {}
    )
    return AgendaLine(item, place, 0, Became(Outcome.TREATED, words))
