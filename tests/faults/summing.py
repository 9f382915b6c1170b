"""A meeting with many seats that took place lately, and a worker whose only work is to tell of it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from governance.config import load_config
from governance.database import Database
from governance.mail.building import build
from governance.mail.delivering import Deliverer
from governance.mail.transports.opening import open_post
from governance.services.office import office_of
from governance.services.summaries import posting
from jobs.summary import Summaries
from tests.conftest import IS_SOAK
from tests.web.scenes import CHAIR, SCRIBE, Scene

SEATS = 200 if IS_SOAK else 20
READERS = sorted([CHAIR, SCRIBE, *(f"person{number:03}@example.com" for number in range(SEATS))])


def took_place(url: str) -> None:
    """It began eight days ago: one occurrence at least is over."""
    database = Database(url)
    database.migrate()
    scene = Scene(database, now=datetime.now(UTC) - timedelta(days=8))
    scene.adopt(cap=SEATS)
    scene.roster(
        tuple(
            (f"Department {number:03}", f"Person {number}", f"person{number:03}@example.com") for number in range(SEATS)
        )
    )
    scene.cycle()
    scene.approve()
    scene.cycle()
    scene.deliver()
    database.dispose()


def look(database: Database) -> int:
    """What the worker does each minute, with few mails in a transaction so that there are several."""
    with patch.object(posting, "AT_ONCE", 5):
        return Summaries(database, zone="UTC", clock=lambda: datetime.now(UTC), monotonic=time.monotonic).look()


def work(config_file: str) -> int:
    """The worker's process: posts, then sends."""
    config = load_config(Path(config_file), {})
    database = Database(config.database.url)
    look(database)
    post = open_post(config)
    office = office_of(config, can_be_asked=post.transport.can_be_asked)
    Deliverer(database, post.transport, build, office, worker="dying", stopping=threading.Event()).deliver()
    return 0
