"""The demo as a visitor has it: one command, a page, and repairs that show within moments."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from governance.calendar.sandbox.client import SandboxControl
from governance.config import load_config

pytestmark = pytest.mark.slow

SLUG = "customer-decisions"
CALENDAR, EVENT = "ingrid.halvorsen@halvorsen.example", "customerdecisions"
PATIENCE = 60.0
"""Seconds after which a test gives up; nothing is expected to take them."""


@dataclass
class Demo:
    process: subprocess.Popen[str]
    url: str
    folder: Path
    said: str

    def get(self, path: str) -> str:
        return self._ask("GET", path)[1]

    def press(self, act: str) -> int:
        """Send the form of one act, as the page does."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.get(f"/m/{SLUG}"))
        assert token is not None
        return self._ask("POST", "/demo/act", {"csrf": token[1], "act": act, "slug": SLUG})[0]

    def guests(self) -> set[str]:
        control = SandboxControl(str(load_config(self.folder / "config.toml", {}).google.api_root))
        try:
            return {guest["email"] for guest in control.event(CALENDAR, EVENT)["attendees"]}
        finally:
            control.close()

    def children(self) -> list[int]:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        return [pid for pid, parent in pairs if parent == self.process.pid]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


def start(folder: Path, *arguments: str) -> Demo:
    command = [sys.executable, "-m", "governance.cli", "demo", "--no-browser", "--dir", str(folder), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, f"the demo ended with {process.wait()} and said: {said}"
        said += line
    url = re.search(r"runs at (\S+)", said)
    assert url is not None
    return Demo(process, url[1], folder, said)


@contextlib.contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Demo]:
    demo = start(folder, *arguments)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.stop()
        if demo.process.stdout is not None:
            demo.process.stdout.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running(tmp_path_factory.mktemp("demo") / "folder", "--port", "0") as started:
        yield started


def wait_until(condition: Callable[[], bool], why: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, why
        time.sleep(0.05)


def test_it_begins_with_one_meeting_in_order_and_one_whose_first_plan_waits(demo: Demo) -> None:
    in_order, waiting = demo.get(f"/m/{SLUG}"), demo.get("/m/product-council")

    assert "Claire Dubois stands in" in " ".join(in_order.split())
    assert "Forward the invitation" in in_order
    assert "/m/product-council/approve" in waiting
    assert f"/m/{SLUG}/approve" not in in_order


def test_a_forwarded_invitation_is_put_right_and_shown_with_rule_reason_and_person(demo: Demo) -> None:
    before, invited = demo.get(f"/m/{SLUG}/live"), demo.guests()

    status = demo.press("forward")

    assert status == 303
    wait_until(lambda: "is not entitled to this meeting" in demo.get(f"/m/{SLUG}/live"), "the repair is not shown")
    shown = demo.get(f"/m/{SLUG}/live")
    assert shown.count("I01") > before.count("I01")
    assert demo.guests() == invited


def test_declining_swaps_the_deputy_in_and_coming_after_all_takes_it_back(demo: Demo) -> None:
    def stands_in() -> bool:
        return "Łucja Wiśniewska stands in this time" in " ".join(demo.get(f"/m/{SLUG}/live").split())

    demo.press("decline")
    wait_until(stands_in, "the deputy of Legal does not stand in")

    demo.press("accept")
    wait_until(lambda: not stands_in(), "the deputy of Legal still stands in")


def test_a_write_whose_answer_is_lost_is_found_out(demo: Demo) -> None:
    invited = demo.guests()

    demo.press("cut")

    wait_until(lambda: demo.guests() == invited, "the stranger is still invited")


def test_a_taken_port_is_said_with_the_remedy(demo: Demo, tmp_path: Path) -> None:
    port = str(urlsplit(demo.url).port)
    command = [sys.executable, "-m", "governance.cli", "demo", "--no-browser", "--dir", str(tmp_path / "other")]

    ended = subprocess.run([*command, "--port", port], capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert (ended.returncode, ended.stderr) == (1, f"Choose another port with --port: {port} is taken.\n")


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("chapter one")
    command = [sys.executable, "-m", "governance.cli", "demo", "--no-browser", "--dir", str(tmp_path)]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith("Choose an empty folder with --dir: ")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_it_stops_with_all_its_processes_and_goes_on_where_it_ended(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    with running(folder, "--port", "0") as first:
        children = first.children()
        first.press("second-person")
        wait_until(lambda: "is a second person of Finance" in first.get(f"/m/{SLUG}/live"), "no repair is shown")
        told = first.get(f"/m/{SLUG}").count("is a second person of Finance")

        code = first.stop()

    assert (code, len(children)) == (0, 3)
    assert [pid for pid in children if _lives(pid)] == []
    with running(folder, "--port", "0") as second:
        assert second.get(f"/m/{SLUG}").count("is a second person of Finance") == told
        second.press("add-group")
        wait_until(lambda: "is a mailing list or group" in second.get(f"/m/{SLUG}/live"), "the service does not go on")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
