"""From a row to its end: once, in its order, whatever happens to the others, and only by whose it is."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from governance.mail.ports import Later, Outcome, Refused, Sent, Unclear, Unreachable
from governance.mail.ready import Ready
from governance.mail.transports.folder import FolderTransport
from governance.models.outbox import Outbox, Undeliverable
from governance.services import delivery
from tests.mail.rig import URGENT, Rig, Way, people

# Nothing changes


def test_without_a_row_nobody_is_called_and_nothing_is_written(rig_on_both: Rig) -> None:
    way = Way()

    assert rig_on_both.deliver(way) == 0

    assert way.connections == 0


def test_looking_writes_nothing(rig_on_both: Rig) -> None:
    rig_on_both.post(*people(2))
    before = [vars(row) | {"_sa_instance_state": None} for row in rig_on_both.rows()]

    with rig_on_both.database.reading() as session:
        assert delivery.look(session, rig_on_both.office)

    assert [vars(row) | {"_sa_instance_state": None} for row in rig_on_both.rows()] == before


def test_what_was_sent_is_not_sent_again(rig_on_both: Rig) -> None:
    rig_on_both.post(*people(3))
    way = Way()
    rig_on_both.deliver(way)

    rig_on_both.deliver(way)

    assert way.recipients == people(3)
    assert rig_on_both.states() == {"sent": 3}


def test_what_is_due_later_waits(rig: Rig) -> None:
    with rig.database.reading() as session:
        later = delivery.moment_of(session).now + timedelta(hours=1)
    rig.post("a@example.com", due_at=later)

    assert rig.deliver(Way()) == 0


# It leaves


def test_a_row_becomes_a_file_of_the_folder(rig: Rig, tmp_path: Path) -> None:
    [row_id] = rig.post("ada@example.com")

    rig.deliver(FolderTransport(tmp_path / "mail"))

    [file] = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(file.read_bytes())
    assert file.name.endswith(f"-{row_id.hex}.eml")
    assert "ada@example.com" in mail["To"]
    assert mail["Message-ID"] == f"<{row_id.hex}@example.com>"
    assert rig.row("ada@example.com").transport_id == file.name


def test_many_share_one_connection(rig: Rig) -> None:
    rig.post(*people(delivery.AT_ONCE))
    way = Way()

    rig.deliver(way)

    assert way.connections == 1


def test_a_mail_is_due_at_once_although_the_clock_of_its_writer_is_ahead(rig_on_both: Rig) -> None:
    with rig_on_both.database.reading() as session:
        ahead = delivery.moment_of(session).now + timedelta(days=1)
    rig_on_both.post("a@example.com", now=ahead)
    way = Way()

    rig_on_both.deliver(way)

    assert way.recipients == ["a@example.com"]


def test_who_waits_to_sign_in_overtakes_a_round(rig: Rig) -> None:
    rig.post(*people(5))
    way = Way()

    def answer(ready: Ready) -> Outcome:
        if not way.sent:
            rig.post("ops@example.com", facts=URGENT)
        return Sent()

    way.answer = answer
    rig.deliver(way)

    assert way.recipients[1] == "ops@example.com"
    assert len(way.recipients) == 6


# What the server says


def test_not_now_is_tried_again_with_a_growing_rest(rig: Rig) -> None:
    rig.post("a@example.com")
    way = Way(answer=lambda _: Later("smtp-451", "Wait."))
    waits = []

    for _ in range(3):
        rig.deliver(way)
        row = rig.row("a@example.com")
        with rig.database.reading() as session:
            waits.append((row.retry_at - delivery.moment_of(session).now).total_seconds())
        rig.let_time_pass()

    assert (row.state, row.attempts, row.problem_code, row.begun_at) == ("waiting", 3, "smtp-451", None)
    assert 40 < waits[0] < 80 < waits[1] < 160 < waits[2] < 320


def test_a_refusal_of_the_mail_ends_it_and_leaves_the_address_alone(rig: Rig) -> None:
    rig.post("a@example.com")

    rig.deliver(Way(answer=lambda _: Refused("smtp-554", "No.")))

    assert rig.states() == {"failed": 1}
    assert undeliverable(rig) == []


def test_a_refusal_of_the_address_sets_it_aside_and_later_mails_there_are_not_tried(rig: Rig) -> None:
    rig.post("a@example.com")
    way = Way(answer=lambda _: Refused("smtp-550", "No such user.", is_address=True))
    rig.deliver(way)
    rig.post("a@example.com", "b@example.com", facts=URGENT)
    way.answer = lambda _: Sent()

    rig.deliver(way)

    assert way.recipients == ["b@example.com"]
    assert [row.problem_code for row in rig.rows() if row.address == "a@example.com"] == [
        "smtp-550",
        "address-set-aside",
    ]
    assert undeliverable(rig) == ["a@example.com"]


def test_a_server_that_is_away_costs_no_row_an_attempt_and_says_why_they_wait(rig: Rig) -> None:
    rig.post(*people(2))
    deliverer = rig.deliverer(Way(away=Unreachable(Later("mail-login", "Correct the password.", is_server=True))))

    deliverer.deliver()

    assert deliverer.is_resting()
    assert {(row.state, row.attempts, row.problem_code) for row in rig.rows()} == {("waiting", 0, "mail-login")}


def test_a_storm_of_429_costs_few_calls_and_loses_nothing(rig: Rig) -> None:
    rig.post(*people(40))
    calls = []
    way = Way(can_be_asked=True, answer=lambda ready: calls.append(ready) or Later("429", "Wait.", 30.0, True))  # type: ignore[func-returns-value]
    deliverer = rig.deliverer(way)

    deliverer.deliver()
    deliverer.deliver()

    assert len(calls) == 1
    assert 25 < deliverer.rests_until - deliverer._monotonic() <= 30
    way.answer, deliverer.rests_until = (lambda _: Sent()), 0.0
    rig.let_time_pass()
    deliverer.deliver()
    assert sorted(way.recipients) == people(40)


# An answer is lost


def test_an_unclear_mail_is_sent_once_more_and_says_so(rig: Rig) -> None:
    rig.post("a@example.com")
    way = Way(answer=lambda _: Unclear("lost"))
    rig.deliver(way)
    first = rig.row("a@example.com")
    rig.deliver(way)
    not_yet = rig.row("a@example.com")
    rig.let_time_pass()
    way.answer = lambda _: Sent()

    rig.deliver(way)

    again = rig.row("a@example.com")
    assert (first.state, first.problem_code) == ("unclear", "unclear")
    assert not_yet.attempts == 1
    assert (again.state, again.problem_code, again.attempts) == ("sent", "unclear-resent", 2)
    assert [one.message_id for one in way.sent] == [f"<{again.id.hex}@example.com>"]


def test_a_second_lost_answer_is_left_to_a_person(rig: Rig) -> None:
    rig.post("a@example.com")
    tried = []
    way = Way(answer=lambda ready: tried.append(ready) or Unclear("lost"))  # type: ignore[func-returns-value]

    for _ in range(4):
        rig.deliver(way)
        rig.let_time_pass()

    row = rig.row("a@example.com")
    assert len(tried) == 2
    assert (row.state, row.problem_code, row.retry_at) == ("unclear", "unclear-resent", None)


def test_where_people_are_to_be_asked_nothing_unclear_is_sent_again(rig: Rig) -> None:
    rig = rig.asking_people()
    rig.post("a@example.com")
    tried = []
    way = Way(answer=lambda ready: tried.append(ready) or Unclear("lost"))  # type: ignore[func-returns-value]

    for _ in range(3):
        rig.deliver(way)
        rig.let_time_pass()

    assert len(tried) == 1
    assert rig.states() == {"unclear": 1}


def test_what_a_person_releases_goes_out(rig: Rig) -> None:
    rig = rig.asking_people()
    rig.post("a@example.com")
    way = Way(answer=lambda _: Unclear("lost"))
    rig.deliver(way)
    rig.change(state="waiting", settled_by="ops@example.com")
    way.answer = lambda _: Sent()

    rig.deliver(way)

    assert (rig.row("a@example.com").state, rig.row("a@example.com").problem_code) == ("sent", "unclear-resent")


@pytest.mark.parametrize("arrived", [True, False])
def test_a_server_that_can_be_asked_is_asked_before_anything_is_sent_again(rig: Rig, arrived: bool) -> None:
    rig.post("a@example.com")
    way = Way(can_be_asked=True)

    def lose(ready: Ready) -> Outcome:
        if arrived:
            way.sent.append(ready)
        return Unclear("lost")

    way.answer = lose
    rig.deliver(way)
    rig.let_time_pass()
    way.answer = lambda _: Sent()

    rig.deliver(way)

    row = rig.row("a@example.com")
    assert (row.state, row.problem_code) == ("sent", None)
    assert (len(way.sent), len(way.asked)) == (1, 1)
    assert row.transport_id == ("found" if arrived else None)


# A worker dies or hangs


def test_a_dead_workers_rows_are_taken_over_when_its_heart_is_silent(rig_on_both: Rig) -> None:
    rig_on_both.post("a@example.com")
    claim(rig_on_both, "worker-2")
    assert rig_on_both.deliver(Way()) == 0

    rig_on_both.note_alive("worker-2", seconds_ago=13)

    assert rig_on_both.deliver(Way()) == 1


def test_a_lease_that_ends_later_than_any_can_was_written_before_the_clock_was_set_back(rig_on_both: Rig) -> None:
    rig_on_both.post("a@example.com")
    claim(rig_on_both, "worker-2")
    with rig_on_both.database.reading() as session:
        rig_now = delivery.moment_of(session).now
    rig_on_both.change(leased_until=rig_now + timedelta(hours=1))

    assert rig_on_both.deliver(Way()) == 1


def test_a_mail_whose_worker_died_in_the_middle_is_unclear(rig_on_both: Rig) -> None:
    rig_on_both.post("a@example.com")
    begin(rig_on_both, "worker-2", Way())
    rig_on_both.note_alive("worker-2", seconds_ago=13)

    rig_on_both.deliver(Way())

    row = rig_on_both.row("a@example.com")
    assert (row.state, row.problem_code, row.retry_at is None) == ("unclear", "unclear", False)


def test_whoever_was_only_slow_says_what_became_of_it(rig_on_both: Rig) -> None:
    """Nobody has taken the row since: its own worker knows better than whoever gave it up."""
    rig_on_both.post("a@example.com")
    held = begin(rig_on_both, "worker-2", Way())
    rig_on_both.note_alive("worker-2", seconds_ago=13)
    rig_on_both.deliver(Way())

    with rig_on_both.database.writing() as session:
        assert delivery.settle(session, held, Sent("late"), rig_on_both.office)

    assert (rig_on_both.row("a@example.com").state, rig_on_both.row("a@example.com").problem_code) == ("sent", None)


def test_a_late_mark_is_refused_by_the_fence(rig_on_both: Rig) -> None:
    rig_on_both.post("a@example.com")
    way = Way(can_be_asked=True)
    held = begin(rig_on_both, "worker-2", way)
    rig_on_both.note_alive("worker-2", seconds_ago=13)
    rig_on_both.deliver(way)

    with rig_on_both.database.writing() as session:
        assert delivery.settle(session, held, Refused("smtp-550", "No.", True), rig_on_both.office) is None

    assert rig_on_both.states() == {"sent": 1}
    assert undeliverable(rig_on_both) == []


def test_a_worker_does_not_begin_what_another_one_has_taken(rig_on_both: Rig) -> None:
    rig_on_both.post("a@example.com")
    [old] = claim(rig_on_both, "worker-2")
    rig_on_both.note_alive("worker-2", seconds_ago=13)
    claim(rig_on_both, "worker-3")

    with rig_on_both.database.writing() as session:
        assert delivery.begin(session, old, rig_on_both.office, worker="worker-2") is None


# What is pointless by now


def test_what_was_due_two_days_ago_waits_for_a_person(rig: Rig) -> None:
    with rig.database.reading() as session:
        long_ago = delivery.moment_of(session).now - timedelta(hours=49)
    rig.post("a@example.com", now=long_ago)
    way = Way()

    rig.deliver(way)

    row = rig.row("a@example.com")
    assert (row.state, row.hold) == ("held", "late")
    rig.change(state="waiting", hold=None, settled_by="ops@example.com")
    rig.deliver(way)
    assert rig.states() == {"sent": 1}


# One does not harm the others


def test_a_poisoned_row_never_stops_the_others(rig: Rig) -> None:
    rig.post(*people(5))
    with rig.database.writing() as session:
        first = session.scalar(select(Outbox).order_by(Outbox.id).limit(1))
        assert first is not None
        first.facts_json = {"facts": {"nonsense": 1}}
    way = Way()

    rig.deliver(way)

    assert rig.states() == {"failed": 1, "sent": 4}
    assert rig.row(people(1)[0]).problem_code == "cannot-be-built"


def test_a_recipient_at_whom_the_server_hangs_up_never_stops_the_others(rig: Rig) -> None:
    rig.post(*people(30))
    bad = people(30)[0]
    way = Way(answer=lambda ready: Later("mail-lost", "x", is_server=True) if ready.recipient == bad else Sent())

    rig.deliver(way)

    assert rig.states() == {"waiting": 1, "sent": 29}
    assert rig.row(bad).retry_at is not None


def test_a_way_out_that_raises_leaves_the_mail_unclear_and_goes_on(rig: Rig) -> None:
    rig.post(*people(3))

    def answer(ready: Ready) -> Outcome:
        if ready.recipient == people(1)[0]:
            raise RuntimeError("boom")
        return Sent()

    rig.deliver(Way(answer=answer))

    assert rig.states() == {"unclear": 1, "sent": 2}


# The day's limit


def test_no_more_than_a_part_of_the_limit_leaves_at_once_and_the_urgent_have_a_reserve(rig_on_both: Rig) -> None:
    rig_on_both = rig_on_both.with_limit(20)
    rig_on_both.post(*people(30))
    way = Way()

    rig_on_both.deliver(way)
    burst = len(way.sent)
    rig_on_both.post(*people(20, first=100), facts=URGENT)
    rig_on_both.deliver(way)

    assert burst == 9
    assert len(way.sent) == 20
    with rig_on_both.database.reading() as session:
        assert not delivery.look(session, rig_on_both.office)


def claim(rig: Rig, worker: str) -> list[delivery.Claim]:
    rig.note_alive(worker)
    with rig.database.writing() as session:
        return delivery.claim(session, worker, rig.office)


def begin(rig: Rig, worker: str, way: Way) -> delivery.Claim:
    [held] = claim(rig, worker)
    with rig.database.writing() as session:
        assert isinstance(delivery.begin(session, held, rig.office, worker=worker), delivery.Begun)
    return held


def undeliverable(rig: Rig) -> list[str]:
    with rig.database.reading() as session:
        return list(session.scalars(select(Undeliverable.address)))
