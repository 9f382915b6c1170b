"""Scores our pages with the MDN HTTP Observatory: `python -m tests.observatory`, part of `dev.py audit`.

Fails where a page scores below 130. Where there is no node, or its package cannot be had, it says so and lets the
other judgements stand: a test compares the exact headers in every run of the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.observatory.doors import open_doors
from tests.web.scenes import SLUG

PACKAGE = "@mdn/mdn-http-observatory@1.4.8"
ENOUGH = 130
PATHS = ("/", "/sign-in", "/sign-in/spent", "/sessions", f"/m/{SLUG}", f"/m/{SLUG}/live", "/m/none", "/healthz")


def main() -> int:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("Install node with npm to have the security headers scored: no page was scored here.")
        return 0
    with tempfile.TemporaryDirectory(prefix="observatory-") as folder:
        home = _installed(npm, Path(folder))
        return 0 if home is None else _score(node, home, Path(folder))


def _installed(npm: str, folder: Path) -> Path | None:
    # Without scripts: they would load lists from elsewhere, which say nothing about a page on this machine.
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or "npm gave no reason").splitlines()[0]
        print(f"Run this where npm gets {PACKAGE}: no page was scored here ({reason}).")
        return None
    home = folder / "node_modules" / "@mdn" / "mdn-http-observatory"
    (home / "conf" / "hsts-preload.json").write_text("{}", encoding="utf-8")
    return home


def _score(node: str, home: Path, folder: Path) -> int:
    with open_doors(folder) as doors:
        scan = str(Path(__file__).with_name("scan.mjs"))
        command = [node, scan, str(home), str(doors.http), str(doors.https), doors.cookie, *PATHS]
        environment = os.environ | {"NODE_EXTRA_CA_CERTS": str(doors.certificate)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"See why the scan broke off, and mend it: {done.stderr.strip()}")
        return 1
    results = [json.loads(line) for line in done.stdout.splitlines()]
    for one in results:
        print(f"{one['score']:>4}  {one['status']}  {one['path']}  {' '.join(one['lost'])}".rstrip())
    lowest = min(one["score"] for one in results)
    print(f"MDN HTTP Observatory: {lowest} is the lowest score of {len(results)} pages; {ENOUGH} is asked for.")
    return 0 if lowest >= ENOUGH and len(results) == len(PATHS) else 1


if __name__ == "__main__":
    sys.exit(main())
