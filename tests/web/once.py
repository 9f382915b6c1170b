"""A scene that was made once is gone back to: the file of its database, its calendar and its time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from sqlalchemy import select

from governance.models.base import Base
from tests.web.memory_calendar import MemoryCalendar

if TYPE_CHECKING:
    from tests.web.scenes import Scene

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: bytes
    calendar: MemoryCalendar
    now: datetime

    @classmethod
    def of(cls, scene: Scene) -> _Kept:
        scene.database.dispose()  # the file is complete by itself then
        assert scene.database.file is not None
        return cls(scene.database.file.read_bytes(), copy.deepcopy(scene.calendar), scene.now)

    def go_back(self, scene: Scene) -> None:
        scene.database.dispose()
        assert scene.database.file is not None
        scene.database.file.write_bytes(self.rows)
        scene.calendar, scene.now = copy.deepcopy(self.calendar), self.now


def once(make: Callable[Concatenate[Scene, P], None]) -> Callable[Concatenate[Scene, P], None]:
    """Make it the first time of a run; later times begin with what came out, where nothing was there before."""
    kept: dict[object, _Kept] = {}

    @wraps(make)
    def made(scene: Scene, *args: P.args, **more: P.kwargs) -> None:
        what = (scene.now, args, tuple(sorted(more.items())))
        if not _is_untouched(scene):
            make(scene, *args, **more)
        elif what in kept:
            kept[what].go_back(scene)
        else:
            make(scene, *args, **more)
            kept[what] = _Kept.of(scene)

    return made


def _is_untouched(scene: Scene) -> bool:
    if scene.database.file is None or scene.calendar.changes or scene.calendar.events:
        return False
    with scene.database.reading() as session:
        return not any(
            session.execute(select(1).select_from(one).limit(1)).first() for one in Base.metadata.tables.values()
        )
