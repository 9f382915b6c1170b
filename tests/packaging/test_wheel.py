"""The wheel holds all that the product needs, and works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, project_files

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Installation:
    """An environment that holds the wheel, and beside it only what the product depends on."""

    programs: Path

    def run(self, *command: str, folder: Path) -> str:
        done = subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            cwd=folder,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}: {done.stderr}{done.stdout}"
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("installation")
    venv.create(folder, with_pip=False)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    installed = subprocess.run(pip, capture_output=True, text=True, check=False, env=clean_environment())
    assert installed.returncode == 0, installed.stderr
    lend_dependencies(python)
    return Installation(programs)


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    """Compared with the tree, so that a new folder of templates or migrations cannot be forgotten."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.partition("/")[0] in PACKAGES}

    assert packed == {name for name in project_files() if name.partition("/")[0] in PACKAGES}


def test_the_wheel_holds_nothing_but_the_packages_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    [about] = {name.partition("/")[0] for name in names} - set(PACKAGES)
    assert about.endswith(".dist-info")
    assert f"{about}/licenses/LICENSE" in names


def test_the_installed_product_is_not_the_checkout(installation: Installation, tmp_path: Path) -> None:
    ask = f"from importlib.util import find_spec; [print(find_spec(name).origin) for name in {PACKAGES}]"

    found = installation.run("python", "-c", ask, folder=tmp_path).splitlines()

    environment = installation.programs.parent
    assert [Path(origin).is_relative_to(environment) for origin in found] == [True, True, True]


def test_the_installed_command_explains_itself(installation: Installation, tmp_path: Path) -> None:
    assert "init" in installation.run("governance", "--help", folder=tmp_path)


def test_an_empty_folder_becomes_an_installation(installation: Installation, tmp_path: Path) -> None:
    installation.run("governance", "init", folder=tmp_path)
    installation.run("governance", "migrate", folder=tmp_path)

    assert {"config.toml", "governance.db"} <= {path.name for path in tmp_path.iterdir()}


def lend_dependencies(python: str) -> None:
    """Lets an environment see what is installed beside the tests, after what it holds itself.

    A folder added this way is searched, but its own .pth files are not followed: the checkout stays out of sight.
    """
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "lent.pth").write_text("".join(f"{folder}\n" for folder in sorted(lent)))


def clean_environment() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("GOVERNANCE_", "PYTHON"))}
