"""The post office; on both databases where it is about who takes what, which each says in its own way."""

from __future__ import annotations

import pytest

from governance.database import Database
from tests.mail.rig import Rig, office


@pytest.fixture
def rig(sqlite_database: Database) -> Rig:
    return Rig(sqlite_database, office())


@pytest.fixture
def rig_on_both(database: Database) -> Rig:
    return Rig(database, office())
