"""The roster as a file: what it would change is shown before, every fault by row and column."""

from __future__ import annotations

from governance.domain.department import fold_department
from governance.domain.roster_file import COLUMNS, read_roster_file
from governance.services import roster_import
from web.forms.acts import WEB, Asked, Doing, RosterAct
from web.forms.fields import Field, Kind, Typed

FILE, TEXT = "file", "text"
_ADD, _REPLACE = "add", "replace"


def _import_fields(asked: Asked) -> tuple[Field, ...]:
    return (
        Field(
            FILE, "File", Kind.FILE, is_required=False,
            hint="CSV in UTF-8, with commas or semicolons. “Download as CSV” on the roster gives one to begin with.",
        ),
        Field(
            TEXT, "Or its text", Kind.TABLE,
            hint=f"The columns are {', '.join(COLUMNS)}; only department must be there.",
        ),
        Field(
            "others", "Seats that the file does not name", Kind.CHOICE, value=_ADD,
            choices=((_ADD, "Stay as they are"), (_REPLACE, "Are vacated")),
        ),
    )  # fmt: skip


def _import(doing: Doing, typed: Typed) -> tuple[str, ...]:
    """The bytes of the file come back from how they were carried, so that faults of its encoding are told as such."""
    file = read_roster_file(typed.values[TEXT].encode("utf-8", "surrogateescape"), currency=doing.currency)
    shown = roster_import.preview(
        doing.session, doing.meeting, file, replace_all=typed.values["others"] == _REPLACE, today=doing.today
    )
    roster_import.apply_import(doing.session, doing.meeting, shown, actor=doing.actor, now=doing.now, source=WEB)
    ordered = sorted(shown.changes, key=lambda one: fold_department(one.department))
    return tuple(str(change) for change in ordered)


FILE_ACTS = (
    RosterAct(
        "import", lambda a: "Import a roster", "Import", _import_fields, _import, of_seat=False,
        intro="Rows add departments or bring them up to date. All of the file is taken, or nothing.",
    ),
)  # fmt: skip
