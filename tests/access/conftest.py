"""Built once and copied: once a module for those who only look, once a test for those who change it."""

from __future__ import annotations

import copy
import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.database import Database
from tests.access.situation import Situation, build, over
from tests.web.scenes import Scene


@pytest.fixture(scope="package")
def built_once(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    path = tmp_path_factory.mktemp("access") / "built.db"
    shutil.copyfile(_sqlite_template, path)
    database = _opened(path)
    scene = build(database).scene
    # Closed, so that the file is complete by itself.
    database.dispose()
    return path, scene


@pytest.fixture(scope="module")
def situation(built_once: tuple[Path, Scene], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Situation]:
    yield from _copied(built_once, tmp_path_factory.mktemp("looked-at"))


@pytest.fixture
def changing(built_once: tuple[Path, Scene], tmp_path: Path) -> Iterator[Situation]:
    yield from _copied(built_once, tmp_path)


def _copied(built: tuple[Path, Scene], folder: Path) -> Iterator[Situation]:
    path, scene = built
    database = _opened(shutil.copyfile(path, folder / "governance.db"))
    yield over(dataclasses.replace(scene, database=database, calendar=copy.deepcopy(scene.calendar)))
    database.dispose()


def _opened(path: Path) -> Database:
    return Database(f"sqlite:///{path.as_posix()}")
