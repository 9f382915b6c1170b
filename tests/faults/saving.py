"""Decisions that are closed one after the other by a process that can be ended at any of its writes to the disk."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from governance.database import Database
from governance.domain.access import Actor, Held, Who
from governance.domain.decisions.values import Stance
from governance.models import Action, Decision, LedgerEntry
from governance.services.decisions import closing, drafting, options, rounds, voicing
from governance.services.ledger import verify
from tests.support import copies
from tests.support.cast import on_stage
from tests.support.to_close import Made, begun, decided_on, filled
from tests.support.tracing import attach

PATIENCE = 60.0


def close_all(url: str, made: Sequence[Made], told: str) -> int:
    """The process: each closing that the database has confirmed is told, in a file, before the next begins."""
    database = Database(url)
    out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for one in made:
        with database.writing() as session:
            doing = begun(session, one)
            closing.close(doing, filled(doing, one), one.seats.values())
        os.write(out, f"{one.ref}\n".encode())
    return 0


SAVES = 5


def say_all(url: str, made: Sequence[Made], told: str) -> int:
    """The process: for each of them a draft of its own is begun, worded, given an option, opened, and answered."""
    database = Database(url)
    for one in made:
        with database.writing() as session:
            doing = begun(session, one)
            wording = drafting.Wording(title="Saved as it is said")
            row = drafting.begin_draft(session, doing.meeting, wording, actor="test", source="web", now=doing.now)
            own = replace(one, ref=str(row.id))
        with database.writing() as session:
            doing = begun(session, own)
            drafting.reword(doing, replace(drafting.terms_of(doing.row), question="What is kept?"), doing.row.version)
        with database.writing() as session:
            options.add_option(begun(session, own), options.OptionWording(text="All of it"), seat_id=None)
        with database.writing() as session:
            rounds.open_positions(begun(session, own))
        with database.writing() as session:
            doing, seat, person = begun(session, own), one.seats["Finance"], one.people["Finance"]
            doing.who = Actor(person, frozenset({Held(Who.DELEGATE, doing.meeting.id, seat)}))
            voice = voicing.Voice(stance=Stance.FAVOUR, interest="What was acknowledged stays")
            voicing.give(doing, seat, person, voice, round_=1)
    return 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How the process ended, and what is there afterwards."""

    code: int | None
    acknowledged: frozenset[UUID]
    closed: frozenset[UUID]
    numbers: tuple[int, ...]
    promises: Counter[UUID]
    recorded: int
    is_proven: bool


class Closings:
    """`template` is a database in which so many decisions wait to be closed; each run has a copy of its own."""

    def __init__(self, folder: Path, migrated: Path, number: int) -> None:
        self.template = folder / "to-close.db"
        shutil.copyfile(migrated, self.template)
        database = Database(f"sqlite:///{self.template}")
        with on_stage(database) as stage:
            first = decided_on(stage, title="Number 0")
            again = [decided_on(stage, title=f"Number {one}") for one in range(1, number)]
        self.made = (first, *again)
        database.dispose()

    def run(
        self, folder: Path, *, kill: tuple[str, int] | None = None, count: Path | None = None,
        work: Callable[[str, Sequence[Made], str], int] = close_all,
    ) -> Ended:  # fmt: skip
        """Killed at the n-th call of that name, or with every call to make the disk keep something noted in `count`."""
        file, told = folder / "run.db", folder / "told"
        for old in folder.glob("*"):
            old.unlink()
        shutil.copyfile(self.template, file)
        told.touch()
        url = f"sqlite:///{file}"
        process = copies.start(work, url, self.made, str(told), stderr=copies.DEVNULL, is_held=True)
        if kill is not None:
            attach(process.pid, *kill)
        watching = attach(process.pid, "fsync,fdatasync", trace=count) if count is not None else None
        process.go()
        code = process.wait(PATIENCE)
        if watching is not None:
            watching.join(PATIENCE)
        return _ended(url, code, told)


def _ended(url: str, code: int | None, told: Path) -> Ended:
    database = Database(url)
    with database.reading() as session:
        closed = session.execute(select(Decision.id, Decision.number_seq).where(Decision.closed_at.is_not(None))).all()
        promises = Counter(one for one in session.scalars(select(Action.decision_id)) if one is not None)
        recorded = session.scalar(select(func.count()).where(LedgerEntry.act == "decision-closed"))
        is_proven = all(one.first_bad is None for one in verify(session))
    database.dispose()
    return Ended(
        code,
        frozenset(UUID(line) for line in told.read_text().split()),
        frozenset(row.id for row in closed),
        tuple(sorted(row.number_seq for row in closed)),
        promises,
        recorded or 0,
        is_proven,
    )
