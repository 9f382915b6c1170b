"""The roster as a file, in and out: faults by cell, what would follow, and the same file back."""

from __future__ import annotations

import csv
import io
import re

import pytest
from werkzeug.test import TestResponse

from tests.web.acting import PAGE, AtTheForms, everything, fields_of, words_of
from tests.web.conftest import Pages
from tests.web.scenes import CHAIR

HEADER = "department,delegate_name,delegate_email,sponsor_email,mandate_scope,mandate_limit,mandate_from,mandate_until"


@pytest.fixture
def chair(lively_pages: Pages) -> AtTheForms:
    return AtTheForms(lively_pages.signed_in(CHAIR))


def test_the_file_that_is_downloaded_imports_as_nothing_to_do(chair: AtTheForms, lively_pages: Pages) -> None:
    before = everything(lively_pages)

    file = chair.browser.get(f"{PAGE}.csv")
    looked = send_file(chair, file.data)

    assert file.headers["Content-Disposition"] == 'attachment; filename="leadership-roster-2026-11-23.csv"'
    assert [row[0] for row in csv.reader(io.StringIO(file.data.decode("utf-8-sig")))][:3] == [
        "department", "Customer Support", "Finance",
    ]  # fmt: skip
    assert "Nothing: the roster says so already" in words_of(looked.text)
    assert everything(lively_pages) == before


def test_an_import_shows_its_changes_and_what_follows_and_does_exactly_that(
    chair: AtTheForms, lively_pages: Pages
) -> None:
    text = f"{HEADER}\nMarketing,Nora Nyberg,nora@example.com,,All of marketing,,,\nSales,,,,,,,\n"

    looked = chair.look("import", text=text)
    chair.confirm("import", looked)
    lively_pages.scene.cycle()

    assert "Marketing: Nora Nyberg is appointed" in words_of(looked.text)
    assert "Sales: the seat is opened" in words_of(looked.text)
    assert "Nora Nyberg nora @example.com Add to the invitation, every week" in words_of(looked.text)
    assert "Marketing NN Nora Nyberg Recorded" in words_of(chair.page())


def test_every_fault_of_a_broken_file_is_named_by_its_cell_and_the_text_can_be_corrected(
    chair: AtTheForms, lively_pages: Pages
) -> None:
    text = f"{HEADER}\nMarketing,Nora Nyberg,nora,,All,a lot,,\n,,,,,,,\nFinance,,,,,,tomorrow,\n"
    before = everything(lively_pages)

    answer = chair.look("import", text=text)

    assert answer.status_code == 422
    table = answer.text[answer.text.index("cells-title") : answer.text.index("<form class")]
    cells = re.findall(r"<tr><td>(\d+)</td><td><code>(\w+)</code>", table)
    assert cells == [
        ("2", "delegate_email"),
        ("2", "mandate_limit"),
        ("4", "mandate_from"),
        ("4", "mandate_scope"),
    ]
    assert fields_of(answer.text)["text"].strip() == text.strip()
    assert everything(lively_pages) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("department\nZürich\n".encode("latin-1"), "Save the file as UTF-8"),
        ("department\nZürich\n".encode("utf-16"), "this one is UTF-16"),
        (b"", "Choose a file, or paste its text"),
        (b"\x00\x01\x02", "Remove the NUL character"),
        (b'department\n"Fin', "Correct the quotation marks"),
        (b"who,what\n1,2\n", "Remove or rename this column"),
    ],
)
def test_a_file_that_is_none_is_told_in_words(chair: AtTheForms, content: bytes, told: str) -> None:
    answer = send_file(chair, content)

    assert answer.status_code == 422
    assert told in words_of(answer.text)


def test_only_replace_vacates_what_the_file_does_not_name(chair: AtTheForms) -> None:
    text = "department\nFinance\n"

    added, replaced = (chair.look("import", text=text, others=others) for others in ("add", "replace"))

    assert "Nothing: the roster says so already" in words_of(added.text)
    assert "Research: the seat is vacated, Dr. Elif Aydın held it" in words_of(replaced.text)


def send_file(chair: AtTheForms, content: bytes) -> TestResponse:
    form = {**chair.form("import"), "text": "", "file": (io.BytesIO(content), "roster.csv")}
    return chair.browser.post(f"{PAGE}/import", data=form, content_type="multipart/form-data")
