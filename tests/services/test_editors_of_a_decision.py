"""Eight processes edit one draft a hundred times each: nothing that was acknowledged is lost."""

from __future__ import annotations

import subprocess
import sys

import pytest

from governance.database import Database
from governance.models import Decision
from tests.web.conftest import Pages, config_for
from tests.web.deciding import AtTheTable, begin
from tests.web.scenes import SLUG, Scene
from web import create_app

EDITORS, EDITS = "abcdefgh", 100


@pytest.mark.soak
def test_of_eight_hundred_edits_by_eight_processes_none_is_lost_unseen(database: Database) -> None:
    scene = Scene(database)
    scene.adopt()
    scene.roster()
    scene.cycle()
    draft = begin(scene)
    table = AtTheTable(Pages(create_app(config_for(), database, clock=lambda: scene.now), scene))
    browser, csrf = table.browser("amara.okafor@example.com")
    cookie = browser.get_cookie("governance")
    assert cookie is not None
    url = database.engine.url.render_as_string(hide_password=False)
    told = [f"{url}@{scene.now.isoformat()}", f"/m/{SLUG}/decisions/{draft}/edit", cookie.decoded_value, csrf]

    editors = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.services.editing", *told, name, str(EDITS)], stdout=subprocess.PIPE, text=True
        )
        for name in EDITORS
    ]
    acknowledged = [editor.communicate(timeout=1800)[0].split() for editor in editors]

    assert [editor.returncode for editor in editors] == [0] * len(EDITORS)
    with database.reading() as session:
        saved = session.get(Decision, draft)
        assert saved is not None
        words = saved.question.split()
    every = [word for some in acknowledged for word in some]
    assert len(every) == len(EDITORS) * EDITS
    assert sorted(word for word in words if word in set(every)) == sorted(every)
    assert saved.version == 1 + len(every)
