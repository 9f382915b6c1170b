"""A governed meeting whose calls pass a crossing, where their answers can be distorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from governance.models.calendar import Calendar
from governance.reconcile.ports import CalendarAddress
from tests.calendar.raw_server import Request
from tests.support.crossing import Crossing, Distortion
from tests.support.governed import CHAIR, DELEGATES, SERIES, STRANGER, Governed, make_governed
from tests.support.sandbox import SandboxForTests

OTHER = "other@example.com"


@dataclass(slots=True)
class Distorted:
    """In order but for one stranger on the series, so that whoever believes an answer has something to write."""

    governed: Governed
    crossing: Crossing

    def listings_are(self, distorted: Distortion) -> None:
        """Every listing of the chair's calendar is answered so, given its content; what else passes is true."""

        def on_the_way(request: Request, whole: bytes) -> bytes | None:
            is_listing = request.path == f"/calendar/v3/calendars/{CHAIR}/events" and request.method == "GET"
            return distorted(request, whole.partition(b"\r\n\r\n")[2]) if is_listing else whole

        self.crossing.distortion = on_the_way

    def is_true_again(self) -> None:
        self.crossing.distortion = None

    @property
    def calendar(self) -> Calendar:
        with self.governed.database.reading() as session:
            return session.get_one(Calendar, self.governed.calendar_id)

    @property
    def listings(self) -> int:
        return sum(1 for one in self.governed.control.log("events.list") if CHAIR in one["names"])


@pytest.fixture
def crossing(sandbox: SandboxForTests) -> Iterator[Crossing]:
    made = Crossing(sandbox.url)
    yield made
    made.close()


@pytest.fixture
def governed(
    migrated_sqlite_template: Path, sandbox: SandboxForTests, crossing: Crossing, tmp_path: Path
) -> Iterator[Governed]:
    with make_governed(migrated_sqlite_template, SandboxForTests(crossing.url, sandbox.control), tmp_path) as made:
        yield made


@pytest.fixture
def distorted(governed: Governed, crossing: Crossing) -> Distorted:
    """The other calendar has been asked for as well, as a worker that keeps both does."""
    governed.control.seed(users=[{"email": OTHER}])
    governed.control.create_series(
        OTHER, "Other", "2026-01-08T10:00:00Z", "2026-01-08T11:00:00Z", "UTC", ["RRULE:FREQ=WEEKLY"], [STRANGER]
    )
    governed.google.calendar.list_changes(CalendarAddress(OTHER, OTHER), sync_token=None, concerns=lambda *_: False)
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, next(iter(DELEGATES.values())), STRANGER)
    governed.control.clear_log()
    return Distorted(governed, crossing)
