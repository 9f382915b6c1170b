"""The demo: a sandbox calendar, a worker and the pages as three processes, with a quarter behind them.

    folder/   config.toml  service-account.json  governance.db  calendar.json  demo.json  mail/  *.log

The folder is all there is; a second start with the same one goes on where the first ended.
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from governance.calendar.opening import open_google
from governance.calendar.sandbox.client import SandboxControl
from governance.config import Config, load_config
from governance.database import Database
from governance.domain.errors import GovernanceError
from governance.reconcile.judging import Site
from governance.seed import quarter
from governance.seed.cast import CHAIR, CURRENCY, DOMAIN, ZONE
from governance.seed.panel import SCENES_FILE, Place
from governance.seed.stage import Scene, Stage
from governance.services.adoption import meeting_named
from governance.services.recording import today_of
from governance.store.rosters import load_roster

DEFAULT_PORT = 8765
HOST = "127.0.0.1"
_MORE_PORTS = 20
_READY_SECONDS = 60.0
_STOP_SECONDS = 8.0


class DemoStopped(GovernanceError):
    """The demo could not be started, or one of its processes ended."""


def run_demo(*, port: int = DEFAULT_PORT, directory: Path | None = None, open_browser: bool = True) -> int:
    """Run until Ctrl-C or SIGTERM. Without a directory everything is gone afterwards.

    Raises:
        DemoStopped: the port is taken, the folder is somebody else's, or a process ended by itself.
    """
    stop = _Stop()
    with stop.listening(), _folder(directory) as folder, _Processes(folder) as processes:
        key = _key_of_earlier_start(folder / "config.toml") or secrets.token_hex(32)
        chosen = _free_port(port)
        url = f"http://{HOST}:{chosen}"
        api_root = processes.start_calendar()
        config = _prepare(folder, url, api_root, key)
        _seed(config, api_root)
        processes.start("worker", ["-m", "governance.cli", "--config", str(config.path), "worker"])
        processes.start("web", [*_PAGES, str(config.path), str(chosen)])
        if _wait_until_ready(f"{url}/readyz", processes, stop):
            _welcome(url, folder, chosen, port)
            if open_browser and _has_display():
                webbrowser.open(url)
            _wait_for_the_end(processes, stop)
    return 0


# --- The folder


@contextmanager
def _folder(directory: Path | None) -> Iterator[Path]:
    """The folder to work in; one of our own making is removed at the end."""
    if directory is None:
        made = Path(tempfile.mkdtemp(prefix="governance-demo-"))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return
    folder = directory.expanduser().absolute()
    if folder.exists() and not (folder / SCENES_FILE).exists() and any(folder.iterdir()):
        raise DemoStopped("Choose an empty folder with --dir", f"{folder} has files that are not the demo's")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoStopped("Choose another folder with --dir", f"{folder} cannot be made ({error.strerror})") from error
    yield folder


def _prepare(folder: Path, url: str, api_root: str, key: str) -> Config:
    """Write the configuration for these ports; the key of an earlier start is kept, so that links hold."""
    file = folder / "config.toml"
    (folder / "mail").mkdir(exist_ok=True)
    _write_credentials(folder / "service-account.json", api_root)
    _write_privately(file, _configuration(url, api_root, key))
    if not (folder / SCENES_FILE).exists():
        _write_privately(folder / SCENES_FILE, json.dumps({"places": {}, "is_told": False}))
    return load_config(file, {})


def _key_of_earlier_start(file: Path) -> str | None:
    if not file.exists():
        return None
    site = load_config(file, {}).site
    if _answers(f"{site.public_url}/healthz"):
        raise DemoStopped(f"Open {site.public_url}, or choose another folder with --dir", "the demo runs there already")
    return site.secret_key


def _configuration(url: str, api_root: str, key: str) -> str:
    tables: dict[str, dict[str, Any]] = {
        "site": {
            "name": "Meeting governance (demo)",
            "public_url": url,
            "secret_key": key,
            "time_zone": ZONE,
            "currency": CURRENCY,
            "domains": [DOMAIN],
            "admins": [CHAIR.address],
        },
        "web": {"host": HOST, "port": int(url.rpartition(":")[2])},
        "database": {"url": "sqlite:///governance.db"},
        "google": {
            "credentials": "service-account.json",
            "subject": CHAIR.address,
            "services": ["calendar", "directory"],
            "api_root": api_root,
            "poll_seconds": 1,
        },
        "mail": {"transport": "folder", "folder": "mail", "sender": f"Meeting governance <meetings@{DOMAIN}>"},
    }
    # JSON's texts, numbers and lists are TOML's as well.
    lines = ["# Written by `governance demo` at every start."]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _write_credentials(file: Path, api_root: str) -> None:
    """A service account that exists in the sandbox alone; its key is made here and worth nothing elsewhere."""
    # Imported late: the rest of the demo does without, and it takes a while.
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(public_exponent=65537, key_size=2048)
    written = {
        "type": "service_account",
        "project_id": "sandbox",
        "private_key_id": "1",
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "client_email": "governance@sandbox.iam.gserviceaccount.com",
        "client_id": "100000000000000000001",
        "token_uri": f"{api_root}token",
    }
    _write_privately(file, json.dumps(written))


def _write_privately(file: Path, text: str) -> None:
    """Whole or not at all, for this account's eyes only."""
    part = file.with_name(f"{file.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)
    os.replace(part, file)


def _seed(config: Config, api_root: str) -> None:
    """Tell the quarter, once. What an interrupted start has left is told anew from the beginning."""
    scenes_file = config.path.with_name(SCENES_FILE)
    database = Database(config.database.url)
    if json.loads(scenes_file.read_text(encoding="utf-8"))["is_told"]:
        database.migrate()
        database.dispose()
        return
    for left in config.path.parent.glob("governance.db*"):
        left.unlink()
    database.migrate()
    google, control = open_google(config), SandboxControl(api_root)
    try:
        control.reset()
        now = datetime.now(UTC)
        site = Site(frozenset(config.site.domains), config.site.public_url)
        told = quarter.tell(Stage(database, google, control, site, now), now)
        control.clear_log()
        places = {one.slug: asdict(_place(database, one, now)) for one in told}
        _write_privately(scenes_file, json.dumps({"places": places, "is_told": True}))
    finally:
        control.close()
        google.close()
        database.dispose()


def _place(database: Database, scene: Scene, now: datetime) -> Place:
    """Where the panel acts: the seats as they are held by now, and who has declined the next occurrence."""
    with database.reading() as session:
        meeting = meeting_named(session, scene.slug)
        roster, today = load_roster(session, meeting), today_of(meeting, now)
    held = {seat.department: seat.delegate(today) for seat in roster.seats}
    seats = {department: roster.people[who].address for department, who in held.items() if who is not None}
    return Place(scene.calendar, scene.event_id, seats, [one.address for one in scene.away])


# --- The processes

# Whoever may import both the pages and the panel is the command line alone; this is a command line of its own.
_PAGES = (
    "-c",
    "import sys\n"
    "from pathlib import Path\n"
    "from governance.config import load_config\n"
    "from governance.logs import set_up_logs\n"
    "from governance.seed.panel import panel_beside\n"
    "from web import serve\n"
    "config = load_config(Path(sys.argv[1]))\n"
    "set_up_logs(config.log)\n"
    "serve(config, '127.0.0.1', int(sys.argv[2]), demo=panel_beside(config.path, config.google.api_root))\n",
)


@dataclass(slots=True)
class _Processes:
    """The demo's processes; leaving it stops them all, the last started first."""

    folder: Path
    _running: list[tuple[str, subprocess.Popen[str]]] = field(default_factory=list)

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *_: object) -> None:
        for _name, process in reversed(self._running):
            _end(process)

    def start_calendar(self) -> str:
        """The address of the sandbox, which says it on its first line."""
        state = str(self.folder / "calendar.json")
        process = self.start(
            "calendar", ["-m", "governance.calendar.sandbox", "--state", state], stdout=subprocess.PIPE
        )
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise DemoStopped(*self._ended("calendar"))
        return str(json.loads(line)["url"])

    def start(self, name: str, arguments: list[str], *, stdout: int | None = None) -> subprocess.Popen[str]:
        """In a group of its own: a Ctrl-C is for us to hear, and we stop the others in order."""
        with (self.folder / f"{name}.log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(  # noqa: S603  # our own program
                [sys.executable, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stdout or log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self._running.append((name, process))
        return process

    def check(self) -> None:
        for name, process in self._running:
            if process.poll() is not None:
                raise DemoStopped(*self._ended(name))

    def _ended(self, name: str) -> tuple[str, str]:
        log = self.folder / f"{name}.log"
        lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        last = f", its last words were: {lines[-1][:300]}" if lines else ""
        return f"Start the demo again and report this if it stays: {name} has ended by itself{last}", ""


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


class _Stop:
    """Ctrl-C or SIGTERM, heard between two steps: a process that is just being started is then known and stopped."""

    def __init__(self) -> None:
        # Its `put` is re-entrant, unlike the lock of an Event, which the handler's own thread may be holding.
        self._heard: queue.SimpleQueue[None] = queue.SimpleQueue()

    @contextmanager
    def listening(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._hear) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def wait(self, seconds: float) -> bool:
        """Whether a stop was asked for; waits so long for it."""
        try:
            self._heard.get(timeout=seconds)
        except queue.Empty:
            return False
        self._heard.put(None)
        return True

    def _hear(self, _number: int, _frame: object) -> None:
        self._heard.put(None)


def _wait_until_ready(address: str, processes: _Processes, stop: _Stop) -> bool:
    for _ in range(int(_READY_SECONDS / 0.1)):
        processes.check()
        if _answers(address):
            return True
        if stop.wait(0.1):
            return False
    raise DemoStopped("Start the demo again on a machine with less to do", "the pages did not get ready in a minute")


def _answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  # our own address
        return bool(answer.status == 200)
    return False


def _wait_for_the_end(processes: _Processes, stop: _Stop) -> None:
    while not stop.wait(0.5):
        processes.check()


# --- Ports and words


def _free_port(wanted: int) -> int:
    """The port asked for. Nobody asks for the default one: where it is taken, the next free one will do."""
    if _is_free(wanted):
        return _any_free() if wanted == 0 else wanted
    if wanted == DEFAULT_PORT:
        for other in range(wanted + 1, wanted + _MORE_PORTS):
            if _is_free(other):
                return other
    raise DemoStopped("Choose another port with --port", f"{wanted} is taken")


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            tried.bind((HOST, port))
            return True
    return False


def _any_free() -> int:
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        return int(tried.getsockname()[1])


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _welcome(url: str, folder: Path, chosen: int, wanted: int) -> None:
    if wanted not in (0, chosen):
        print(f"Port {wanted} is taken, so the demo uses {chosen}.")
    print(
        f"The demo runs at {url} – you are {CHAIR.name}, the chair.\n"
        f"Open {url}/m/customer-decisions and forward the invitation: within two seconds it is put right, with the "
        "reason.\n"
        f"Open {url}/m/product-council, read what would change, and approve it.\n"
        f"Press Ctrl-C to stop; everything lies in {folder}.",
        flush=True,
    )
