"""A worker is killed while it posts and sends summaries: each reader gets one, and a restored copy tells nobody."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import func, select

from governance.backups.keeping import back_up, restore
from governance.database import Database
from governance.models import Brief, Outbox, SummaryDone
from governance.services.approvals import confirm_copy
from governance.store.meetings import all_meetings
from tests.conftest import IS_SOAK
from tests.faults.posting import PATIENCE, Fate, PostOffice, opened
from tests.faults.summing import READERS, look, took_place, work
from tests.support import copies
from tests.support.sandbox import SandboxForTests
from tests.support.tracing import attach, why_not_traced

pytestmark = pytest.mark.slow

COMMITS = range(1, 120, 3) if IS_SOAK else (1, 4, 17)
"""While it posts, five mails at a time, and while it sends."""

ONCE = Fate("sent", None, 1)


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a meeting that is over and that nobody has been told of."""
    file = tmp_path_factory.mktemp("over") / "over.db"
    took_place(f"sqlite:///{file.as_posix()}")
    return file


def office(folder: Path, over: Path, sandbox: SandboxForTests) -> AbstractContextManager[PostOffice]:
    shutil.copyfile(over, folder / "run.db")

    def arrivals() -> Counter[str]:
        files = [one.read_bytes() for one in (folder / "mail").glob("*.eml")]
        return Counter(str(message_from_bytes(one)["Message-ID"]) for one in files)

    return opened(folder, f"sqlite:///{(folder / 'run.db').as_posix()}", sandbox, arrivals, transport="folder")


def summaries(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Outbox.address).where(Outbox.kind == "summary")))


def counted(database: Database) -> tuple[int, int]:
    """Briefs, and periods that are done."""
    with database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(Brief)) or 0,
            session.scalar(select(func.count()).select_from(SummaryDone)) or 0,
        )


@pytest.mark.parametrize("commit", COMMITS)
def test_killed_at_any_write_each_reader_gets_one(
    over: Path, sandbox: SandboxForTests, tmp_path: Path, commit: int
) -> None:
    reason = why_not_traced()
    if reason is not None:
        pytest.skip(reason)
    with office(tmp_path, over, sandbox) as post_office:
        dying = copies.start(work, str(post_office.config.path), stderr=copies.DEVNULL, is_held=True)
        attach(dying.pid, "fdatasync", commit)
        dying.go()
        assert dying.wait(PATIENCE) == -9, f"it was not killed at write {commit}: {dying.returncode}"
        dying.close()

        look(post_office.database)
        post_office.settle()

        told = {address: fate for address, fate in post_office.fates().items() if address in READERS}
        assert summaries(post_office.database) == READERS
        assert Counter(told.values()) == {ONCE: len(READERS)}
        assert counted(post_office.database) == (1, 1)


@pytest.mark.parametrize("made", ["before", "after"])
def test_a_restored_copy_tells_nobody_again(over: Path, sandbox: SandboxForTests, tmp_path: Path, made: str) -> None:
    """Of a copy that was made before, or after the summaries were posted; also once a person goes on with it."""
    with office(tmp_path, over, sandbox) as post_office:
        database, copy = post_office.database, tmp_path / "copy"
        if made == "after":
            look(database)
        back_up(database, copy, may_replace=False, now=datetime.now(UTC))
        look(database)
        post_office.settle()
        sent = len(list((tmp_path / "mail").glob("*.eml")))
        database.dispose()

        restore(database, copy, may_replace=True, now=datetime.now(UTC))
        while_it_waits = look(database)
        go_on(database)
        once_confirmed = look(database)
        post_office.settle()

        assert sent >= len(READERS)
        assert (while_it_waits, once_confirmed) == (0, 0)
        assert len(list((tmp_path / "mail").glob("*.eml"))) == sent
        assert summaries(database) == (READERS if made == "after" else [])


def go_on(database: Database) -> None:
    with database.writing() as session:
        [meeting] = all_meetings(session)
        assert confirm_copy(session, meeting, [], source="test", now=datetime.now(UTC))
