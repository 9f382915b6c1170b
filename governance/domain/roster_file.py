"""The roster as a CSV file: bytes become rows, or every fault with its row and column.

Nothing is guessed: a file that is not UTF-8, a column nobody knows or a date in another form is named, and then
nothing of the file is used. Cells are plain text, whatever a spreadsheet would make of them. Rows are numbered as a
spreadsheet numbers them, the header being row 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from governance.domain.department import fold_department, tidy_name
from governance.domain.errors import GovernanceError
from governance.domain.money import MalformedLimit, to_minor_units
from governance.domain.people import MalformedAddress, checked_address

COLUMNS = (
    "department",
    "delegate_name",
    "delegate_email",
    "sponsor_email",
    "mandate_scope",
    "mandate_limit",
    "mandate_from",
    "mandate_until",
    "deputy_name",
    "deputy_email",
)
SHOWN_FAULTS = 20
MOST_ROWS = 10_000
LARGEST_FILE = 32 * 1024 * 1024
_LONGEST_NAME = 200
_LONGEST_SCOPE = 2000
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
_AS_UTF_8 = "Save the file as UTF-8 (in Excel: Save as, “CSV UTF-8”)"


@dataclass(frozen=True, slots=True, order=True)
class CellError:
    """One fault of a file; without a row it is about the file, without a column about the row."""

    row: int | None
    column: str | None
    sentence: str

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row is not None else []
        where += [self.column] if self.column is not None else []
        return f"{', '.join(where)}: {self.sentence}" if where else self.sentence


class RosterFileRefused(GovernanceError):
    """The file cannot be used: `faults` holds every fault, the sentence the first of them and how many there are."""

    def __init__(self, faults: Iterable[CellError]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        remedy = f"Correct {count:,} faults in the file" if count > 1 else "Correct the file"
        super().__init__(f"{remedy} and import it again, nothing was changed", "; ".join(self.shown_faults()))

    def shown_faults(self) -> list[str]:
        """As many faults as a person can read, and how many there are beyond them."""
        shown = [str(fault).rstrip(".") for fault in self.faults[:SHOWN_FAULTS]]
        beyond = len(self.faults) - len(shown)
        return [*shown, f"and {beyond:,} more"] if beyond else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One department's row; what the file leaves blank is None, and None leaves things as they are."""

    row: int
    department: str
    delegate_email: str | None = None
    delegate_name: str | None = None
    sponsor_email: str | None = None
    mandate_scope: str | None = None
    mandate_limit: int | None = None
    mandate_from: date | None = None
    mandate_until: date | None = None
    deputy_email: str | None = None
    deputy_name: str | None = None

    @property
    def folded_department(self) -> str:
        return fold_department(self.department)

    def addresses(self) -> dict[str, str]:
        """Folded addresses by column."""
        cells = {
            "delegate_email": self.delegate_email,
            "sponsor_email": self.sponsor_email,
            "deputy_email": self.deputy_email,
        }
        return {column: address for column, address in cells.items() if address}


@dataclass(frozen=True, slots=True)
class RosterFile:
    """`columns` are those that the header names: a missing column and a blank cell are two things."""

    rows: tuple[RosterRow, ...]
    columns: frozenset[str] = frozenset(COLUMNS)

    def addresses(self) -> frozenset[str]:
        """Every folded address the file names."""
        return frozenset(address for row in self.rows for address in row.addresses().values())


def read_roster_file(content: bytes, *, currency: str = "EUR") -> RosterFile:
    """The rows of the file; limits become minor units of the currency.

    Raises:
        RosterFileRefused: with every fault that the file shows by itself.
    """
    text = _decoded(content)
    records = _records(text)
    columns = _columns_of(next(records, (1, []))[1])
    faults: list[CellError] = []
    rows = [_RowReader(number, columns, cells, currency, faults).read() for number, cells in records if any(cells)]
    if not rows and not faults:
        raise _refused(None, None, "Add a row for each department, because the file has no rows below its header")
    if len(rows) > MOST_ROWS:
        faults.append(CellError(None, None, f"Keep one row a department, at most {MOST_ROWS:,} and not {len(rows):,}"))
    faults.extend(_doubles(rows))
    if faults:
        raise RosterFileRefused(sorted(faults, key=lambda fault: fault.row or 0))
    return RosterFile(tuple(rows), frozenset(columns))


def _refused(row: int | None, column: str | None, sentence: str) -> RosterFileRefused:
    return RosterFileRefused([CellError(row, column, sentence)])


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _refused(None, None, f"Choose a file of at most {LARGEST_FILE // 1024 // 1024} MB")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(None, None, f"{_AS_UTF_8}, because this one is UTF-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise _refused(
            row, None, f"{_AS_UTF_8}, because the byte 0x{content[error.start]:02X} is none of UTF-8"
        ) from error
    if "\0" in text:
        raise _refused(text.count("\n", 0, text.index("\0")) + 1, None, "Remove the NUL character")
    return text


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered records with stripped cells. Strict, or a forgotten quotation mark would swallow all rows below it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [plain_cell(cell) for cell in cells]
    except csv.Error as error:
        sentence = f"Correct the quotation marks, each one inside a cell is written twice ({error})"
        raise _refused(number + 1, None, sentence) from error


def plain_cell(cell: str) -> str:
    """The text of a cell, without the mark that `guarded_cell` puts in front of what looks like a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS else text


def guarded_cell(text: str) -> str:
    """The cell, so that no spreadsheet takes it for a formula (OWASP, CSV injection); `plain_cell` reads it back."""
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text


def _delimiter(text: str) -> str:
    """Whichever of the two gives more known columns; header cells hold neither."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(",;", key=lambda mark: sum(_column_name(cell) in COLUMNS for cell in header.split(mark)))


def _column_name(cell: str) -> str:
    return cell.strip().strip('"').strip().casefold()


def _columns_of(header: list[str]) -> list[str]:
    columns = [_column_name(cell) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise _refused(None, None, f"Begin the file with a header such as {','.join(COLUMNS[:3])}, the file is empty")
    faults = [CellError(1, column or "(blank)", _unknown_column(column)) for column in columns if column not in COLUMNS]
    twice = sorted({column for column in columns if column in COLUMNS and columns.count(column) > 1})
    faults += [CellError(1, column, "Keep this column once") for column in twice]
    if "department" not in columns:
        faults.append(CellError(1, "department", "Add this column, every row is found by it"))
    if faults:
        raise RosterFileRefused(faults)
    return columns


def _unknown_column(column: str) -> str:
    import difflib

    close = difflib.get_close_matches(column, COLUMNS, n=1)
    expected = f"did you mean {close[0]}" if close else f"known are {', '.join(COLUMNS)}"
    return f"Remove or rename this column, it is not known ({expected})"


class _RowReader:
    """Reads the cells of one record; every fault goes to `faults`, and a cell at fault reads as blank."""

    def __init__(
        self, number: int, columns: list[str], cells: list[str], currency: str, faults: list[CellError]
    ) -> None:
        self._number = number
        self._cells = dict(zip(columns, cells, strict=False))
        self._extra = any(cells[len(columns) :])
        self._currency = currency
        self._faults = faults

    def read(self) -> RosterRow:
        if self._extra:
            self._fault(
                None, "Remove the cells beyond the last column of the header, or put text with a delimiter in quotes"
            )
        row = RosterRow(
            row=self._number,
            department=self._name("department") or "",
            delegate_email=self._address("delegate_email"),
            delegate_name=self._name("delegate_name"),
            sponsor_email=self._address("sponsor_email"),
            mandate_scope=self._text("mandate_scope", _LONGEST_SCOPE),
            mandate_limit=self._limit(),
            mandate_from=self._day("mandate_from"),
            mandate_until=self._day("mandate_until"),
            deputy_email=self._address("deputy_email"),
            deputy_name=self._name("deputy_name"),
        )
        self._judge(row)
        return row

    def _judge(self, row: RosterRow) -> None:
        """What is wrong only together with another cell of the row."""
        if not self._cells.get("department"):
            self._fault("department", "Enter the department")
        for whose in ("delegate", "deputy"):
            if self._cells.get(f"{whose}_name") and not self._cells.get(f"{whose}_email"):
                self._fault(f"{whose}_email", f"Enter the address of {self._cells[f'{whose}_name'][:80]}")
        for column in ("mandate_limit", "mandate_from", "mandate_until"):
            if self._cells.get(column) and not self._cells.get("mandate_scope"):
                self._fault("mandate_scope", f"Say what the delegate may decide, or leave {column} blank")
        if row.mandate_from and row.mandate_until and row.mandate_until < row.mandate_from:
            self._fault("mandate_until", f"Choose a day from {row.mandate_from} on")
        if row.deputy_email and row.deputy_email == row.delegate_email:
            self._fault("deputy_email", "Name somebody else than the delegate")

    def _fault(self, column: str | None, sentence: str) -> None:
        self._faults.append(CellError(self._number, column, sentence))

    def _text(self, column: str, longest: int) -> str | None:
        cell = self._cells.get(column) or None
        if cell is not None and _CONTROL.search(cell):
            self._fault(column, "Remove the control character")
            return None
        if cell is not None and len(cell) > longest:
            self._fault(column, f"Shorten this to {longest} characters")
            return None
        return cell

    def _name(self, column: str) -> str | None:
        text = self._text(column, _LONGEST_NAME)
        return tidy_name(text) if text else None

    def _address(self, column: str) -> str | None:
        cell = self._cells.get(column)
        try:
            return checked_address(cell) if cell else None
        except MalformedAddress as malformed:
            self._fault(column, str(malformed))
            return None

    def _limit(self) -> int | None:
        cell = self._cells.get("mandate_limit")
        try:
            return to_minor_units(cell, self._currency) if cell else None
        except MalformedLimit as malformed:
            self._fault("mandate_limit", str(malformed))
            return None

    def _day(self, column: str) -> date | None:
        cell = self._cells.get(column)
        try:
            return read_day(cell) if cell else None
        except MalformedDay as malformed:
            self._fault(column, str(malformed))
            return None


class MalformedDay(GovernanceError):
    """A day that is not written as 2026-03-31, or that no calendar has."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(f"Write the day as 2026-03-31 instead of “{given[:40]}”")


def read_day(given: str) -> date:
    """The day; only the extended ISO form, because `fromisoformat` alone takes week dates as well."""
    if not _ISO_DAY.fullmatch(given):
        raise MalformedDay(given)
    try:
        return date.fromisoformat(given)
    except ValueError as no_such_day:
        raise MalformedDay(given) from no_such_day


def _doubles(rows: Iterable[RosterRow]) -> Iterator[CellError]:
    """A department or a delegate named twice, or one address with two names; reported where it comes again."""
    yield from _second_names(rows)
    departments: dict[str, RosterRow] = {}
    delegates: dict[str, RosterRow] = {}
    for row in rows:
        if row.department:
            first = departments.setdefault(row.folded_department, row)
            if first is not row:
                yield CellError(
                    row.row, "department", f"Keep one row for {row.department}, it is in row {first.row} already"
                )
        if row.delegate_email:
            first = delegates.setdefault(row.delegate_email, row)
            if first is not row:
                whose = f"{row.delegate_email} is the delegate of {first.department} in row {first.row}"
                sentence = f"Name another delegate, {whose}"
                yield CellError(row.row, "delegate_email", sentence)


def _second_names(rows: Iterable[RosterRow]) -> Iterator[CellError]:
    names: dict[str, tuple[str, int]] = {}
    for row in rows:
        for column, address, name in (
            ("delegate_name", row.delegate_email, row.delegate_name),
            ("deputy_name", row.deputy_email, row.deputy_name),
        ):
            if address and name:
                first, number = names.setdefault(address, (name, row.row))
                if first != name:
                    yield CellError(row.row, column, f"Give {address} one name, in row {number} it is {first}")
