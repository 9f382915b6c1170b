"""Reading a roster file: every fault with its place, and nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.roster_file import (
    COLUMNS,
    MOST_ROWS,
    SHOWN_FAULTS,
    RosterFile,
    RosterFileRefused,
    RosterRow,
    guarded_cell,
    plain_cell,
    read_roster_file,
)

HEADER = ",".join(COLUMNS)
FULL_ROW = (
    "Finance,Ann Adler,Ann@Example.com,fay@example.com,All of it,1000.50,2026-03-02,2026-12-31,Dora Dahl,d@example.com"
)
READ_ROW = RosterRow(
    row=2,
    department="Finance",
    delegate_email="ann@example.com",
    delegate_name="Ann Adler",
    sponsor_email="fay@example.com",
    mandate_scope="All of it",
    mandate_limit=100050,
    mandate_from=date(2026, 3, 2),
    mandate_until=date(2026, 12, 31),
    deputy_email="d@example.com",
    deputy_name="Dora Dahl",
)


def faults(content: bytes | str, *, currency: str = "EUR") -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(RosterFileRefused) as refused:
        read_roster_file(content.encode() if isinstance(content, str) else content, currency=currency)
    return [(fault.row, fault.column, fault.sentence) for fault in refused.value.faults]


def fault_of(cells: dict[str, str]) -> tuple[str | None, str]:
    """The one fault of a file with one row of these cells."""
    content = f"{','.join(cells)}\n{','.join(cells.values())}\n"
    ((row, column, sentence),) = faults(content)
    assert row == 2
    return column, sentence


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{FULL_ROW}\n".encode(),
        f"\ufeff{HEADER}\n{FULL_ROW}\n".encode(),
        f"{HEADER}\r\n{FULL_ROW}\r\n".encode(),
        f"{HEADER}\n{FULL_ROW}".replace(",", ";").encode(),
        f"{HEADER.upper()}\n{FULL_ROW}\n\n,,,\n".encode(),
        (HEADER.replace(",", " , ") + "\n" + FULL_ROW.replace(",", " , ")).encode(),
    ],
    ids=["plain", "byte-order mark", "windows line ends", "semicolons", "capitals and blank rows", "spaces"],
)
def test_a_file_is_read_alike_in_every_form_that_spreadsheets_write(content: bytes) -> None:
    read = read_roster_file(content)

    assert read == RosterFile((READ_ROW,))


def test_only_the_department_is_required() -> None:
    read = read_roster_file(b"department\nFinance\nLegal\n")

    assert read == RosterFile(
        (RosterRow(row=2, department="Finance"), RosterRow(row=3, department="Legal")), frozenset({"department"})
    )


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    read = read_roster_file(b'department,mandate_scope,delegate_email\nFinance,"two\nlines",a@example.com\n\nLegal,,\n')

    assert [(row.row, row.mandate_scope) for row in read.rows] == [(2, "two\nlines"), (4, None)]


def test_a_cell_that_looks_like_a_formula_is_plain_text() -> None:
    read = read_roster_file(b"department,delegate_name,delegate_email\nFinance,=1+1,a@example.com\n")

    assert read.rows[0].delegate_name == "=1+1"


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20).map(str.strip))
def test_what_is_guarded_for_spreadsheets_reads_back_as_it_was(text: str) -> None:
    guarded = guarded_cell(text)

    assert guarded[:1] not in set("=+-@＝＋－＠")
    assert plain_cell(guarded) == text or text.startswith("'")


def test_a_header_alone_is_refused() -> None:
    assert faults(HEADER + "\n") == [
        (None, None, "Add a row for each department, because the file has no rows below its header")
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    ((row, column, sentence),) = faults(content)

    assert (row, column) == (None, None)
    assert sentence.startswith("Begin the file with a header")


def test_a_windows_encoding_is_named_with_its_row_and_what_to_do() -> None:
    ((row, column, sentence),) = faults("department\nFinance\nBüro\n".encode("cp1252"))

    assert (row, column) == (3, None)
    assert sentence == "Save the file as UTF-8 (in Excel: Save as, “CSV UTF-8”), because the byte 0xFC is none of UTF-8"


def test_utf_16_is_named() -> None:
    ((_, _, sentence),) = faults("department\nFinance\n".encode("utf-16"))

    assert sentence == "Save the file as UTF-8 (in Excel: Save as, “CSV UTF-8”), because this one is UTF-16"


def test_a_nul_byte_is_named_with_its_row() -> None:
    assert faults(b"department\nFinance\nLe\x00gal\n") == [(3, None, "Remove the NUL character")]


def test_a_forgotten_quotation_mark_does_not_swallow_the_rows_below() -> None:
    ((row, _, sentence),) = faults('department,delegate_email\n"Finance,a@example.com\nLegal,b@example.com\n')

    assert row == 2
    assert sentence.startswith("Correct the quotation marks")


def test_an_unknown_column_is_named_with_the_one_that_was_meant() -> None:
    assert faults("department,delegate_mail\nFinance,a@example.com\n") == [
        (
            1,
            "delegate_mail",
            "Remove or rename this column, it is not known (did you mean delegate_email)",
        )
    ]


def test_a_column_twice_or_no_department_is_refused() -> None:
    assert faults("delegate_name,delegate_name\nAnn,Ann\n") == [
        (1, "delegate_name", "Keep this column once"),
        (1, "department", "Add this column, every row is found by it"),
    ]


def test_a_missing_department_is_named() -> None:
    assert fault_of({"department": "", "delegate_email": "a@example.com"}) == ("department", "Enter the department")


def test_a_department_twice_is_named_whatever_its_case_and_spaces() -> None:
    assert faults("department\nHuman  Resources\nLegal\nhuman resources\n") == [
        (4, "department", "Keep one row for human resources, it is in row 2 already")
    ]


def test_a_person_on_two_seats_is_named() -> None:
    assert faults("department,delegate_email\nFinance,a@example.com\nLegal,A@EXAMPLE.com\n") == [
        (3, "delegate_email", "Name another delegate, a@example.com is the delegate of Finance in row 2")
    ]


def test_two_names_for_one_address_are_refused() -> None:
    content = "department,delegate_name,delegate_email,deputy_name,deputy_email\nA,Ann,a@x.org,,\nB,,,Anna,a@x.org\n"

    assert faults(content) == [(3, "deputy_name", "Give a@x.org one name, in row 2 it is Ann")]


@pytest.mark.parametrize("address", ["ann", "ann@", "@example.com", "a b@example.com", "ann@example", "a@b@c.org"])
def test_a_malformed_address_is_named(address: str) -> None:
    assert fault_of({"department": "Finance", "delegate_email": address}) == (
        "delegate_email",
        f"Enter an e-mail address like name@example.com instead of “{address}”.",
    )


@pytest.mark.parametrize("limit", ["1e5", "-5", "1 000", "1000.505", "1'000", "ten", "١٢", "0x10", "9" * 30])
def test_a_limit_that_is_no_plain_decimal_is_named(limit: str) -> None:
    column, sentence = fault_of({"department": "A", "mandate_scope": "All", "mandate_limit": limit})

    assert column == "mandate_limit"
    assert sentence.startswith("Write the limit as a plain number of EUR such as 50000 or 49999.50")


@pytest.mark.parametrize(
    ("limit", "currency", "minor"),
    [("0", "EUR", 0), ("1000", "EUR", 100000), ("0.5", "EUR", 50), ("7", "JPY", 7), ("1.234", "KWD", 1234)],
)
def test_a_limit_is_read_in_minor_units_of_the_currency(limit: str, currency: str, minor: int) -> None:
    content = f"department,mandate_scope,mandate_limit\nFinance,All,{limit}\n".encode()

    assert read_roster_file(content, currency=currency).rows[0].mandate_limit == minor


def test_a_currency_without_minor_units_takes_none() -> None:
    ((_, column, _),) = faults("department,mandate_scope,mandate_limit\nA,All,1.5\n", currency="JPY")

    assert column == "mandate_limit"


@pytest.mark.parametrize("day", ["31.12.2026", "2026-02-30", "20260301", "2026-W01-1", "12/31/2026", "today"])
def test_a_day_in_another_form_is_named(day: str) -> None:
    assert fault_of({"department": "A", "mandate_scope": "All", "mandate_until": day}) == (
        "mandate_until",
        f"Write the day as 2026-03-31 instead of “{day}”.",
    )


def test_days_in_the_wrong_order_are_named() -> None:
    cells = {"department": "A", "mandate_scope": "x", "mandate_from": "2026-05-02", "mandate_until": "2026-05-01"}

    assert fault_of(cells) == ("mandate_until", "Choose a day from 2026-05-02 on")


@pytest.mark.parametrize("column", ["mandate_limit", "mandate_from", "mandate_until"])
def test_part_of_a_mandate_without_its_scope_is_named_not_dropped(column: str) -> None:
    value = "5" if column == "mandate_limit" else "2026-12-31"

    assert fault_of({"department": "A", column: value}) == (
        "mandate_scope",
        f"Say what the delegate may decide, or leave {column} blank",
    )


def test_a_name_without_an_address_is_named() -> None:
    assert fault_of({"department": "A", "deputy_name": "Dora"}) == ("deputy_email", "Enter the address of Dora")


def test_a_delegate_is_not_their_own_deputy() -> None:
    cells = {"department": "A", "delegate_email": "a@x.org", "deputy_email": "A@x.org"}

    assert fault_of(cells) == ("deputy_email", "Name somebody else than the delegate")


def test_a_row_with_more_cells_than_the_header_is_named() -> None:
    ((row, column, sentence),) = faults("department,mandate_scope\nFinance,up to 5,000\n")

    assert (row, column) == (2, None)
    assert sentence.startswith("Remove the cells beyond the last column of the header")


def test_control_characters_are_refused() -> None:
    assert fault_of({"department": "Fin\x1bance"}) == ("department", "Remove the control character")


def test_all_faults_are_named_at_once_in_the_order_of_the_rows() -> None:
    content = "department,delegate_email,mandate_scope,mandate_limit\n,a@x.org,,\nB,b,All,x\nB,c@x.org,,\n"

    assert [(row, column) for row, column, _ in faults(content)] == [
        (2, "department"),
        (3, "delegate_email"),
        (3, "mandate_limit"),
        (4, "department"),
    ]


def test_a_hundred_thousand_rows_end_in_one_sentence() -> None:
    content = "department\n" + "".join(f"Department {number}\n" for number in range(100_000))

    assert faults(content) == [(None, None, f"Keep one row a department, at most {MOST_ROWS:,} and not 100,000")]


def test_of_a_hundred_thousand_faults_as_many_are_shown_as_can_be_read() -> None:
    content = "department,delegate_email\n" + "".join(f"D{number},nobody\n" for number in range(100_000))

    with pytest.raises(RosterFileRefused) as refused:
        read_roster_file(content.encode())

    sentence = str(refused.value)
    assert sentence.startswith("Correct 100,001 faults in the file and import it again, nothing was changed: ")
    assert sentence.endswith(f"and {100_001 - SHOWN_FAULTS:,} more.")
    assert len(sentence) < 5_000


@given(st.binary(max_size=400))
def test_whatever_the_bytes_the_file_is_read_or_refused(content: bytes) -> None:
    try:
        read = read_roster_file(content)
    except RosterFileRefused:
        return
    assert read.rows
