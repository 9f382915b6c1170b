"""What is sent to Google: what a write names, and nothing else."""

from __future__ import annotations

from governance.calendar.translation import written_fields
from governance.reconcile.ports import EventWrite


def test_a_write_that_names_nothing_writes_nothing() -> None:
    assert written_fields(EventWrite(event_id="e", etag="1")) == {}
