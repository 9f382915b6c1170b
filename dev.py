#!/usr/bin/env python3
"""Everything a fresh checkout can do: python3 dev.py demo | test | bench | soak | pictures | audit

Needs Python 3.11 or newer with pip, nothing else. Installs into .venv from the hashed lock files in requirements/,
once; as long as those do not change, the next start takes a moment. What follows the verb is handed on, for example
`python3 dev.py test -k roster` or `python3 dev.py demo --port 9000`.
"""

from __future__ import annotations  # lets an older Python read this far, to be told that it is too old

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")

# Verb: what it does, the lock file it needs, the part of the project it needs, the modules it runs, one by one.
VERBS = {
    "demo": ("starts the demo and opens it in the browser", "runtime", "governance/cli.py", ["governance.cli demo"]),
    "test": ("runs the tests", "test", "tests", ["pytest -n 3 --dist loadfile --no-loadscope-reorder"]),
    "bench": ("measures, with ratios and exact counts", "test", "tests/benchmarks/__main__.py", ["tests.benchmarks"]),
    "soak": ("runs the long tests", "test", "tests", ["pytest -m soak"]),
    "pictures": ("takes the pictures for the documents", "test", "tests/e2e/pictures.py", ["tests.e2e.pictures"]),
    "audit": (
        "judges style, types, known vulnerabilities and security headers",
        "dev",
        "pyproject.toml",
        [
            "ruff check .",
            "ruff format --check .",
            "mypy",
            "tests.observatory",
            "pip_audit --strict --disable-pip -r requirements/runtime.txt",
        ],
    ),
}
# Each lock file holds all of the one before it.
LOCKS = ["runtime", "test", "dev"]


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        return fail(f"Use Python 3.11 or newer: this is Python {sys.version.split()[0]}.")
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print("\n".join(f"python3 dev.py {verb:<9} {about}" for verb, (about, *_) in VERBS.items()))
        return 0
    verb, *rest = arguments
    if verb not in VERBS:
        return fail(f"Choose one of {', '.join(VERBS)}: {verb} is none of them.", code=64)
    _, lock, part, modules = VERBS[verb]
    if not (ROOT / part).exists():
        return fail(f"Take a checkout that has {part}: `dev.py {verb}` needs it, and it is not here.")
    if (code := install(lock)) != 0:
        return code
    if lock == "test":
        install_tools()
    os.environ["PATH"] = os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", "")])
    if lock == "test":
        # The tests start many processes: each would compile the whole project, and pytest every test, anew.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if verb == "soak":
        os.environ["GOVERNANCE_SOAK"] = "1"
    code = run_all([[str(PYTHON), "-m", *module.split()] for module in modules], rest)
    return max(code, look_up_vulnerabilities()) if verb == "audit" else code


def install(lock: str) -> int:
    """Brings .venv to what the lock file says, the project itself included; does nothing when it is there already."""
    stamp = VENV / f".installed-{lock}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == digest(lock):
        return 0
    print(f"Installing what `{lock}` needs into .venv; this takes a minute, once.", flush=True)
    if not PYTHON.exists() or any(python_of(old) != sys.version for old in VENV.glob(".installed-*")):
        # Without pip: some systems ship the venv module but not the wheels that it would unpack.
        venv.create(VENV, with_pip=False, clear=VENV.exists())
    # The lock files hold everything. Left to look for dependencies, an older pip refuses the hashes of `coverage[toml]`
    # as soon as there is a newer coverage than the locked one.
    for requirements in (
        ["--no-deps", "--require-hashes", "-r", f"requirements/{lock}.txt"],
        ["--no-deps", "--require-hashes", "-r", "requirements/build.txt"],
        ["--no-deps", "--no-build-isolation", "--editable", "."],
    ):
        if pip("install", *requirements) != 0:
            return fail("See what pip says above, mend it and start again: the installation is not complete.")
    for held in LOCKS[: LOCKS.index(lock) + 1]:
        (VENV / f".installed-{held}").write_text(digest(held))
    return 0


def digest(lock: str) -> str:
    """What the installation depends on: the lock files, what the project says of itself, where it is, and Python."""
    files = ("pyproject.toml", "requirements/build.txt", f"requirements/{lock}.txt")
    content = b"".join((ROOT / name).read_bytes() for name in files) + str(ROOT).encode()
    return f"{hashlib.sha256(content).hexdigest()}\n{sys.version}"


def python_of(stamp: Path) -> str:
    """The Python that made .venv: with another one it has to be made anew."""
    return stamp.read_text().partition("\n")[2]


def pip(*arguments: str) -> int:
    """Runs this Python's pip on .venv's Python."""
    command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "--disable-pip-version-check", "--no-input"]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0:
        return fail("Install pip for this Python (on Debian: apt-get install python3-pip): it has none.")
    return subprocess.run([*command, arguments[0], "--quiet", *arguments[1:]], cwd=ROOT, check=False).returncode


def install_tools() -> None:
    """The programs that some tests need; those tests are skipped, with the reason, where one cannot be had."""
    packages = [name for name in ("strace", "faketime") if shutil.which(name) is None] if os.name == "posix" else []
    if not has_chromium():
        packages.append("chromium")
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing {', '.join(packages)} for the tests from the system's packages.", flush=True)
        apt_get("update")
        for package in packages:  # one by one: one that does not exist here must not keep the others out
            apt_get("install", "--yes", "--no-install-recommends", package)
    if not has_chromium():
        quietly(str(PYTHON), "-m", "playwright", "install", "chromium")
    for name in ("strace", "faketime"):
        if shutil.which(name) is None and sys.platform == "linux":
            print(f"Install {name} with your system's packages: without it the tests that need it are skipped.")
    if not has_chromium() and not has_playwright_chromium():
        print("Install chromium with your system's packages: without it the browser tests are skipped.")


def has_chromium() -> bool:
    return any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")))


def has_playwright_chromium() -> bool:
    ask = "from playwright.sync_api import sync_playwright as s; p = s().start(); print(p.chromium.executable_path)"
    answer = subprocess.run([str(PYTHON), "-c", f"{ask}; p.stop()"], capture_output=True, text=True, check=False)
    return Path(answer.stdout.strip() or "missing").exists()


def apt_get(*arguments: str) -> None:
    quietly("apt-get", "-qq", *arguments, environment={"DEBIAN_FRONTEND": "noninteractive"})


def quietly(*command: str, environment: dict[str, str] | None = None) -> None:
    """What fails here is named in one sentence afterwards, by what is then still missing."""
    subprocess.run(command, env=os.environ | (environment or {}), capture_output=True, check=False)


def run_all(commands: list[list[str]], rest: list[str]) -> int:
    if len(commands) == 1 and os.name == "posix":
        os.chdir(ROOT)
        os.execv(commands[0][0], [*commands[0], *rest])  # signals then reach the program itself
    codes = [subprocess.run([*command, *rest], cwd=ROOT, check=False).returncode for command in commands]
    return max(codes)


def look_up_vulnerabilities() -> int:
    """Says so where nothing could be looked up: a check that looked at nothing must not seem to have passed."""
    command = [str(PYTHON), "-m", "pip_audit", "--strict", "--disable-pip", "-r", "requirements/runtime.txt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0 and "known vulnerabilit" not in done.stderr:
        reason = (done.stderr.strip() or "pip-audit gave no reason").splitlines()[-1]
        print(f"Run this where the advisory service answers: no vulnerability was looked up here ({reason}).")
        return 0
    print(done.stderr + done.stdout)
    return done.returncode


def fail(sentence: str, *, code: int = 1) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
