"""`governance mail`, and the mails in `status`: what waits for a person, and the person's word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from governance.mail.facts import Removed
from governance.models import LedgerEntry, LedgerPayload, Meeting, Outbox, Undeliverable
from governance.services import outbox
from tests.cli.conftest import Run, site_here
from tests.support.cast import ANN, adopt_weekly

NOW = datetime.now(UTC)


def mail(about: str, state: str, *, meeting: bool = False, to: str = ANN.address, **more: object) -> str:
    database = site_here().database
    with database.writing() as session:
        there = session.query(Meeting).first()
        chosen = (there or adopt_weekly(session)) if meeting else None
        facts = Removed(when=None, department=None, delegate=None, delegate_address=None, why="no seat")
        row = outbox.post(session, facts, about=about, to=to, now=NOW - timedelta(days=3), meeting=chosen)
        assert row is not None
        row.state = state
        for name, value in more.items():
            setattr(row, name, value)
        found = str(row.id)
    database.dispose()
    return found


def stored(id_: str) -> Outbox:
    database = site_here().database
    with database.reading() as session:
        row = session.query(Outbox).filter_by(id=UUID(id_)).one()
    database.dispose()
    return row


def refuse(address: str) -> None:
    database = site_here().database
    with database.writing() as session:
        session.add(Undeliverable(address=address, problem_code="550", problem_text="no such user", since=NOW))
    database.dispose()


def codes(run: Run) -> list[str]:
    return [one["code"] for one in run("status", "--json").document["problems"]]


class TestListing:
    def test_nothing_waits_in_a_new_installation(self, run: Run) -> None:
        assert run("mail", "list").out == "No mail waits for your word.\n"
        assert run("mail", "list", "--state", "failed").out == "No mail is failed.\n"
        assert run("mail", "list", "--json").document == {"schema": 1, "mails": []}
        assert run("mail", "undeliverable").out == "No address is set aside.\n"

    def test_what_is_on_its_way_or_over_is_not_listed(self, run: Run) -> None:
        for state in ("waiting", "sending", "sent", "dropped"):
            mail(state, state)

        assert run("mail", "list", "--json").document["mails"] == []
        assert len(run("mail", "list", "--state", "waiting", "--json").document["mails"]) == 1

    def test_what_waits_for_a_person_is_listed_with_why(self, run: Run) -> None:
        held = mail("one", "held", meeting=True, hold="late")
        mail("two", "unclear", begun_at=NOW, problem_text="the line went dead")

        [first, second] = run("mail", "list", "--json").document["mails"]

        assert (first["id"], first["state"], first["hold"], first["meeting"]) == (held, "held", "late", "weekly")
        assert (first["to"], first["kind"], first["may_be_out"]) == (ANN.address, "removed", False)
        assert (second["state"], second["may_be_out"], second["problem"]) == ("unclear", True, "the line went dead")
        assert "may have gone out already; the line went dead" in run("mail", "list").out


class TestSending:
    @pytest.mark.parametrize("state", ["held", "unclear", "failed", "waiting"])
    def test_a_released_mail_waits_again_with_the_word_of_a_person(self, run: Run, state: str) -> None:
        given = mail("one", state, hold="late" if state == "held" else None, attempts=5, begun_at=NOW)

        outcome = run("mail", "send", given)

        row = stored(given)
        assert (outcome.code, outcome.out) == (0, "One mail is to be sent.\n")
        assert (row.state, row.hold, row.settled_by, row.attempts) == ("waiting", None, "operator", 0)
        assert row.due_at > NOW - timedelta(hours=1)
        assert row.begun_at is not None, "whether it went out already is still to be asked"

    def test_all_that_is_held_is_released_and_nothing_else(self, run: Run) -> None:
        held = [mail(str(number), "held", hold="restored") for number in range(3)]
        failed = mail("failed", "failed")

        outcome = run("mail", "send", "--all-held", "--json")

        assert outcome.document == {"schema": 1, "sent": 3}
        assert {stored(one).state for one in held} == {"waiting"}
        assert stored(failed).state == "failed"
        assert run("mail", "send", "--all-held").out == "No mail is held.\n"

    def test_an_address_that_was_refused_is_to_be_cleared_first(self, run: Run) -> None:
        given = mail("one", "failed")
        refuse(ANN.address)

        outcome = run("mail", "send", given)
        assert outcome.code == 1
        assert outcome.err.startswith(f"Run `governance mail undeliverable --clear {ANN.address}` first")
        assert stored(given).state == "failed"

        assert run("mail", "undeliverable", "--clear", "Ann@Example.com").code == 0
        assert run("mail", "send", given).code == 0
        assert run("mail", "undeliverable", "--clear", ANN.address).out.endswith("was not set aside.\n")

    @pytest.mark.parametrize("state", ["sent", "dropped", "sending"])
    def test_what_is_settled_stays_and_the_others_with_it(self, run: Run, state: str) -> None:
        settled, held = mail("one", state), mail("two", "held", hold="late")

        for verb in ("send", "drop"):
            outcome = run("mail", verb, held, settled)
            assert (outcome.code, "nothing to decide" in outcome.err) == (1, True)

        assert (stored(settled).state, stored(held).state) == (state, "held")


class TestDropping:
    def test_a_dropped_mail_is_over_and_the_ledger_says_why_without_an_address(self, run: Run) -> None:
        given = mail("one", "held", meeting=True, hold="restored")

        assert run("mail", "drop", given, "--reason", "out of date").out == "One mail is dropped.\n"

        assert (stored(given).state, stored(given).settled_by) == ("dropped", "operator")
        database = site_here().database
        with database.reading() as session:
            entry = session.query(LedgerEntry).filter_by(act="mail-dropped").one()
            body = session.query(LedgerPayload).filter_by(entry_id=entry.id).one().body_json
        database.dispose()
        assert (entry.subject, entry.chain != "site") == (f"mail:{given}", True)
        assert "out of date" in body
        assert ANN.address in body
        assert run("ledger", "verify").code == 0


class TestNaming:
    def test_an_id_may_be_shortened_as_long_as_it_is_one_alone(self, run: Run) -> None:
        given = mail("one", "held", hold="late")

        assert run("mail", "drop", given.replace("-", "")[:20].upper()).code == 0
        assert stored(given).state == "dropped"

    def test_the_beginning_of_several_is_none(self, run: Run) -> None:
        first, _second = mail("one", "held", hold="late"), mail("two", "held", hold="late")

        outcome = run("mail", "send", first[:4])

        assert (outcome.code, outcome.err) == (
            1,
            "Choose an id that `governance mail list` shows, or enough of its beginning: "
            f"{first[:4]} begins several.\n",
        )

    @pytest.mark.parametrize("given", ["abc", "no-id", "ffffffff", "'; --", "0" * 40])
    def test_what_is_no_id_is_refused(self, run: Run, given: str) -> None:
        outcome = run("mail", "send", given)

        assert (outcome.code, outcome.err.endswith(" is none.\n")) == (1, True)

    def test_neither_or_both_ways_of_naming_is_not_understood(self, run: Run) -> None:
        assert run("mail", "send").code == 64
        assert run("mail", "drop", "abcd", "--all-held").code == 64
        assert run("mail", "list", "--state", "lost").code == 64
        assert run("backup", "x", "--compress").code == 64


class TestStatus:
    def test_mails_on_their_way_are_no_problem_and_counted(self, run: Run) -> None:
        mail("one", "waiting")
        mail("two", "sent", sent_at=NOW)
        mail("three", "unclear", retry_at=NOW + timedelta(minutes=1))

        outcome = run("status", "--json")

        assert (outcome.code, outcome.document["queue"], outcome.document["problems"]) == (0, 1, [])

    @pytest.mark.parametrize(
        ("state", "hold", "code"),
        [
            ("held", "late", "mail-held-late"),
            ("held", "restored", "mail-held-restored"),
            ("unclear", None, "mail-unclear"),
            ("failed", None, "mail-failed"),
        ],
    )
    def test_what_waits_for_a_person_is_a_problem(self, run: Run, state: str, hold: str | None, code: str) -> None:
        mail("one", state, hold=hold)
        mail("two", state, hold=hold)

        outcome = run("status", "--json")

        [problem] = outcome.document["problems"]
        assert (outcome.code, problem["code"], problem["meeting"]) == (2, code, None)
        assert problem["text"].startswith("2 mails are ")
        assert "governance mail list --state" in problem["remedy"]

    def test_a_refused_address_is_a_problem_until_it_is_cleared(self, run: Run) -> None:
        refuse(ANN.address)
        assert codes(run) == ["mail-address-refused"]

        run("mail", "undeliverable", "--clear", ANN.address)

        assert codes(run) == []

    def test_check_says_it_too(self, run: Run) -> None:
        mail("one", "failed")

        checks = {one["name"]: one["remedy"] for one in run("check", "--json").document["checks"]}

        assert "governance mail list --state failed" in checks["mail-failed"]


class TestCopies:
    def test_a_backup_is_put_back_by_the_commands(self, run: Run, folder: Path) -> None:
        given = mail("one", "waiting", meeting=True)
        assert run("backup", "copy").out == f"Wrote {folder / 'copy'}.\n"
        run("mail", "drop", given)

        refused = run("restore", "copy")
        done = run("restore", "copy", "--yes")

        assert (refused.code, refused.err.startswith("Add --yes")) == (1, True)
        assert done.code == 0, done.err
        assert "One mail waits for your word: `governance mail list`." in done.out
        assert "The one before is kept as " in done.out
        assert (stored(given).state, stored(given).hold) == ("held", "restored")
        assert {"restored-copy", "mail-held-restored"} <= set(codes(run))
        assert run("ledger", "verify").code == 0

    def test_without_rights_one_sentence_says_which(self, run: Run, folder: Path) -> None:
        run("migrate")

        missing = run("backup", "no/such/folder/copy")
        a_folder = run("backup", ".")

        assert (missing.code, missing.err.startswith("Create the folder ")) == (1, True)
        assert (a_folder.code, a_folder.err) == (1, f"Name a file: {folder} is a folder.\n")
