"""The demo as a visitor has it: one command, a page, and repairs that show within moments."""

from __future__ import annotations

import contextlib
import html
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
from governance.seed.cast import EVERYBODY

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

    def press(self, act: str, slug: str = SLUG) -> None:
        """Send the form of one act, as the page does."""
        form = {"csrf": self.value("csrf", slug), "act": act, "slug": slug}
        assert self._ask("POST", "/demo/act", form)[0] == 303

    def text(self, slug: str = SLUG) -> str:
        """The words of the page's changing part."""
        return " ".join(html.unescape(re.sub("<[^>]*>", " ", self.get(f"/m/{slug}/live"))).split())

    def approve(self, slug: str) -> int:
        form = {name: self.value(name, slug) for name in ("csrf", "checksum")}
        return self._ask("POST", f"/m/{slug}/approve", form)[0]

    def value(self, name: str, slug: str) -> str:
        """The first field of that name on the meeting's page."""
        found = re.search(f'name="{name}" value="([^"]+)"', self.get(f"/m/{slug}"))
        assert found is not None
        return found[1]

    def guests(self, calendar: str = CALENDAR, event: str = EVENT) -> set[str]:
        with self.control() as control:
            return {guest["email"] for guest in control.event(calendar, event)["attendees"]}

    def last_added(self) -> str:
        """Whom the last forward has brought in, whether or not they are still there."""
        with self.control() as control:
            forwarded = [row for row in control.effects() if row["act"] == "forward"]
        [added] = set(forwarded[-1]["after"]) - set(forwarded[-1]["before"])
        return str(added)

    @contextlib.contextmanager
    def control(self) -> Iterator[SandboxControl]:
        config = load_config(self.folder / "config.toml", {})
        with contextlib.closing(SandboxControl(str(config.google.api_root))) as opened:
            yield opened

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

    assert "Claire Dubois stands in this time" in demo.text()
    assert "Forward the invitation" in in_order
    assert "/m/product-council/approve" in waiting
    assert f"/m/{SLUG}/approve" not in in_order


def test_a_forwarded_invitation_is_put_right_and_shown_with_rule_reason_and_person(demo: Demo) -> None:
    invited = demo.guests()

    demo.press("forward")

    address = demo.last_added()
    person = next(who.name for who in EVERYBODY if who.address == address)
    shown = re.compile(
        f"Took ({address}|{person}) off the invitation "
        f"(I01 ({address}|{person}) is not entitled to this meeting|I02 ({address}|{person}) is a second person)"
    )
    wait_until(lambda: bool(shown.search(demo.text())), "the repair is not shown")
    assert demo.guests() == invited


def test_declining_swaps_the_deputy_in_and_coming_after_all_takes_it_back(demo: Demo) -> None:
    def stands_in() -> bool:
        return "Łucja Wiśniewska stands in this time" in demo.text()

    demo.press("decline")
    wait_until(stands_in, "the deputy of Legal does not stand in")

    demo.press("accept")
    wait_until(lambda: not stands_in(), "the deputy of Legal still stands in")


def test_a_write_whose_answer_is_lost_is_found_out(demo: Demo) -> None:
    invited = demo.guests()

    demo.press("cut")

    wait_until(lambda: demo.guests() == invited, "the stranger is still invited")


def test_approving_the_first_plan_brings_the_council_in_order_and_opens_its_panel(demo: Demo) -> None:
    calendar, event = "tomas.novak@halvorsen.example", "productcouncil"
    strangers = {"lars.ostby@halvorsen.example", "walter.huber@brightbay.example", "product-team@halvorsen.example"}
    assert strangers < demo.guests(calendar, event)
    assert 'value="forward"' not in demo.get("/m/product-council")

    assert demo.approve("product-council") == 303

    wait_until(lambda: not strangers & demo.guests(calendar, event), "the strangers are still invited")
    wait_until(lambda: 'value="forward"' in demo.get("/m/product-council"), "the panel is not shown")
    assert "ismael.ortega@halvorsen.example" in demo.guests(calendar, event)
    demo.press("decline", "product-council")
    wait_until(
        lambda: "Henrik Sørensen stands in this time" in demo.text("product-council"),
        "the deputy of Legal does not stand in",
    )


def test_a_taken_port_is_said_with_the_remedy(demo: Demo, tmp_path: Path) -> None:
    port = str(urlsplit(demo.url).port)
    command = [sys.executable, "-m", "governance.cli", "demo", "--no-browser", "--dir", str(tmp_path / "other")]

    ended = subprocess.run([*command, "--port", port], capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert (ended.returncode, ended.stderr) == (1, f"Choose another port with --port: {port} is taken.\n")


def test_a_folder_in_which_the_demo_runs_is_not_used_twice(demo: Demo) -> None:
    command = [sys.executable, "-m", "governance.cli", "demo", "--no-browser", "--dir", str(demo.folder)]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert (ended.returncode, ended.stderr) == (
        1,
        f"Open {demo.url}, or choose another folder with --dir: the demo runs there already.\n",
    )


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
        first.press("add-group")
        wait_until(lambda: "is a mailing list or group" in first.text(), "no repair is shown")

        code = first.stop()

    assert (code, len(children)) == (0, 3)
    assert [pid for pid in children if _lives(pid)] == []
    with running(folder, "--port", "0") as second:
        assert "is a mailing list or group" in second.text()
        second.press("plus-ones")
        wait_until(lambda: "brings 2 more" in second.text(), "the service does not go on")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
