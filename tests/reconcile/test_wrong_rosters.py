"""A wrong roster file of any kind costs one clear answer: not one guest is added or removed."""

from __future__ import annotations

import pytest

from governance.domain.errors import GovernanceError
from governance.domain.roster_file import read_roster_file
from governance.services import roster_import, seats
from tests.support.governed import DELEGATES, Governed

HEAD = "department,delegate_name,delegate_email,mandate_scope\n"
GOOD = "".join(f"{department},Somebody,{address},all\n" for department, address in DELEGATES.items())

REFUSED = {
    "empty": b"",
    "a header alone": HEAD.encode(),
    "a department twice": (HEAD + GOOD + "Finance,Vera,vera@example.com,all\n").encode(),
    "a person on two seats": (HEAD + GOOD + "Sales,Amara,amara@example.com,all\n").encode(),
    "more holders than the cap": (HEAD + GOOD + "Sales,Vera,vera@example.com,all\n").encode(),
    "a malformed address": (HEAD + "Finance,Amara,amara(at)example.com,all\n").encode(),
    "two addresses in a cell": (HEAD + "Finance,Amara,amara@example.com; vera@example.com,all\n").encode(),
    "an unknown column": ("department,boss\n" + "Finance,Amara\n").encode(),
    "no department column": (b"delegate_email\namara@example.com\n"),
    "Windows encoding": (HEAD + "Finanças,Amara,amara@example.com,all\n").encode("cp1252"),
    "UTF-16": (HEAD + GOOD).encode("utf-16"),
    "a spreadsheet, not text": b"PK\x03\x04" + bytes(range(256)) * 8,
    "columns shifted by one": b"department,delegate_name,delegate_email\namara@example.com,Finance,Amara\n",
    "a day that does not exist": b"department,delegate_email,mandate_scope,mandate_from\nFinance,a@b.de,x,2026-02-30\n",
    "100,000 rows": (HEAD + "".join(f"D{n},P{n},p{n}@example.com,all\n" for n in range(100_000))).encode(),
}


@pytest.mark.parametrize("kind", REFUSED, ids=str)
def test_a_refused_file_changes_nothing(kind: str, governed: Governed) -> None:
    governed.bring_in_order()
    with governed.database.writing() as session:
        seats.set_cap(session, governed.meeting(session), 3, actor="test", now=governed.now)
    governed.cycle()
    before, roster = governed.guests(), governed.roster()

    with pytest.raises(GovernanceError) as refused:
        import_roster(governed, REFUSED[kind])

    assert str(refused.value)[:1].isupper()
    governed.cycle()
    assert before == governed.guests()
    assert roster == governed.roster()
    assert [] == governed.writes()


ONE_OF_THREE = (HEAD + "Finance,Amara,amara@example.com,all\n").encode()
OTHER_PEOPLE = (HEAD + GOOD.replace("@example.com", "@example.org")).encode()


def test_the_same_file_in_capitals_changes_nothing(governed: Governed) -> None:
    governed.bring_in_order()
    file = HEAD + "".join(f"{department},,{address.upper()},\n" for department, address in DELEGATES.items())

    import_roster(governed, file.encode(), replace_all=True)
    governed.cycle()

    assert [] == governed.writes()


def test_a_file_that_replaces_everybody_waits_for_a_person(governed: Governed) -> None:
    governed.bring_in_order()
    before = governed.guests()

    import_roster(governed, OTHER_PEOPLE, replace_all=True)
    report = governed.cycle()

    assert report is not None
    assert 0 == report.applied
    assert report.held > 0
    assert before == governed.guests()


def test_two_of_three_vacated_seats_are_carried_out_and_the_third_delegate_stays(governed: Governed) -> None:
    """Two people are within the limit of a day; the file was valid and somebody asked for it with --replace."""
    governed.bring_in_order()

    import_roster(governed, ONE_OF_THREE, replace_all=True)
    governed.cycle()

    assert {"amara@example.com"} == governed.guests() & set(DELEGATES.values())


def import_roster(governed: Governed, content: bytes, *, replace_all: bool = False) -> None:
    file = read_roster_file(content)
    with governed.database.writing() as session:
        meeting = governed.meeting(session)
        shown = roster_import.preview(session, meeting, file, replace_all=replace_all, today=governed.now.date())
        roster_import.apply_import(session, meeting, shown, actor="test", now=governed.now)
