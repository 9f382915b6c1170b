"""Several processes edit one draft at once: no edit is lost unseen, and who comes too late is shown the other text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from governance.database import Database
from governance.models import Decision
from governance.services.decisions import drafting
from tests.races.editors import edit
from tests.support import copies
from tests.support.cast import NOW, on_stage

PATIENCE = 300.0
FIRST = "As it was"


@pytest.mark.parametrize(
    ("processes", "edits"), [pytest.param(4, 12), pytest.param(8, 100, marks=pytest.mark.soak)], ids=["few", "many"]
)
def test_no_edit_is_lost_unseen(database: Database, tmp_path: Path, processes: int, edits: int) -> None:
    ref, version = _draft(database)
    told, url = tmp_path / "told", database.engine.url.render_as_string(hide_password=False)

    started = [
        copies.start(edit, url, ref, version, who, edits, str(told), stderr=copies.DEVNULL, is_held=True)
        for who in range(processes)
    ]
    for one in started:
        one.go()
    codes = [one.wait(PATIENCE) for one in started]

    assert codes == [0] * processes
    lines: list[dict[str, Any]] = [json.loads(line) for line in told.read_text().splitlines()]
    accepted = {one["version"]: one for one in lines if "version" in one}
    refused = [one for one in lines if "shown" in one]
    assert len(accepted) + len(refused) == len(lines) == processes * edits
    assert len(refused) >= processes - 1, "all began with the same version"
    assert sorted(accepted) == list(range(version + 1, version + 1 + len(accepted)))
    assert all(one["over"] == after - 1 for after, one in accepted.items())
    assert all(
        one["shown"] == accepted[one["shown_version"]]["wrote"] and one["shown_version"] > one["over"]
        for one in refused
    )
    with database.reading() as session:
        row = session.get_one(Decision, UUID(ref))
        assert (row.version, row.question) == (max(accepted), accepted[max(accepted)]["wrote"])


def _draft(database: Database) -> tuple[str, int]:
    with on_stage(database) as stage:
        wording = drafting.Wording(title="Edited by all", question=FIRST)
        row = drafting.begin_draft(stage.session, stage.meeting, wording, actor="test", source="web", now=NOW)
        stage.session.flush()
        return str(row.id), row.version
