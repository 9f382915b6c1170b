"""The post office on both databases."""

from __future__ import annotations

import pytest

from governance.database import Database
from tests.mail.rig import Rig, office


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database, office())


@pytest.fixture
def sqlite_rig(sqlite_database: Database) -> Rig:
    return Rig(sqlite_database, office())
