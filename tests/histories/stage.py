"""The same beginning for every history, made once: a copied database, and the event as it was when all was well.

One database address serves all histories, so that what SQLAlchemy learnt of the statements is learnt once.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.histories.history import BYSTANDER, History
from tests.histories.oracle import Told
from tests.histories.scene import DELEGATED, STRANGERS
from tests.histories.watching import Watch
from tests.support.governed import CHAIR, DELEGATES, DEPUTIES, NOW, SERIES, ZONE, Governed, make_governed
from tests.support.sandbox import SandboxForTests

_CARRIED = ("description", "guestsCanInviteOthers")


class Stage:
    """A meeting in order, to be set up again and again."""

    def __init__(self, governed: Governed, file: Path) -> None:
        self._governed, self._file = governed, file
        self._kept = file.with_name("in-order.db")
        event.listen(governed.database.engine, "connect", _without_waiting_for_the_disk)
        governed.bring_in_order()
        self._event = governed.event()
        governed.database.dispose()
        shutil.copyfile(file, self._kept)

    def begin(self, seed: int) -> History:
        """Everybody in place, the first plan approved, and another series that is nobody's business here."""
        random.seed(seed)  # the reconciler's jitter: one number gives one history
        self._put_back_the_database()
        self._put_back_the_calendar()
        told = Told({CHAIR})
        first = NOW.date()
        for seat, who in DELEGATES.items():
            told.tenures[seat], told.mandates[(seat, who)] = [(who, (first, None))], [(first, None)]
        for seat, who in DEPUTIES.items():
            told.deputies[seat], told.mandates[(seat, who)] = [who], [(first, None)]
        return History(self._governed, told, Watch(told))

    def _put_back_the_database(self) -> None:
        self._governed.database.dispose()
        for rest in ("-wal", "-shm"):
            self._file.with_name(f"{self._file.name}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._file)

    def _put_back_the_calendar(self) -> None:
        governed, control = self._governed, self._governed.control
        governed.now = NOW
        control.reset()
        control.clock(now=NOW, frozen=True)
        control.seed(users=[{"email": one} for one in (CHAIR, *DELEGATED, *DEPUTIES.values())])
        _weekly(control, SERIES, "Steering", 10, self._event["attendees"], self._event)
        _weekly(control, BYSTANDER, "Another", 14, [STRANGERS[0], DELEGATED[0]], {"description": "Bring tea."})


@contextmanager
def stage(template: Path, sandbox: SandboxForTests, folder: Path) -> Iterator[Stage]:
    with make_governed(template, sandbox, folder) as governed:
        yield Stage(governed, folder / "governance.db")


def _weekly(control: Any, event_id: str, title: str, hour: int, guests: list[Any], like: dict[str, Any]) -> None:
    carried = {name: like[name] for name in _CARRIED if name in like}
    control.create_series(
        CHAIR, title, f"2026-01-08T{hour}:00:00+01:00", f"2026-01-08T{hour + 1}:00:00+01:00", ZONE,
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"], guests, event_id=event_id, location="Room 1",
        extended_properties={"private": {"theirs": "1", **_private(like)}, "shared": {"all": "2"}}, **carried,
    )  # fmt: skip


def _private(event: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = event.get("extendedProperties", {}).get("private", {})
    return kept


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    """Nobody pulls the plug of a test."""
    connection.execute("PRAGMA synchronous=OFF")
