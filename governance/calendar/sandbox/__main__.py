"""`python -m governance.calendar.sandbox`: serve on loopback until SIGTERM."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import threading
from pathlib import Path

from . import clock, seeding, state
from .server import Sandbox, Server
from .world import World


def main() -> None:
    arguments = _arguments()
    world = World(clock.instant(arguments.now) if arguments.now else None)
    sandbox = Sandbox(world)
    if arguments.state and arguments.state.exists():
        state.load(world, arguments.state)
    elif arguments.seed:
        seeding.seed(world, **json.loads(arguments.seed.read_text()))
    with Server(sandbox, arguments.port) as server:
        _serve(server, arguments.state)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description="Google Calendar on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, help="JSON file that keeps the calendars over a restart")
    parser.add_argument("--seed", type=Path, help="JSON file with the world to begin with")
    parser.add_argument("--now", help="the instant at which its clock begins, with offset")
    return parser.parse_args()


def _serve(server: Server, file: Path | None) -> None:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    gc.freeze()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    if file:
        threading.Thread(target=state.keep, args=(server.sandbox, file), daemon=True).start()
    print(json.dumps({"url": f"http://127.0.0.1:{server.port}/", "port": server.port}), flush=True)
    stopped.wait()
    if file:
        state.save(server.sandbox.world, file)
    sys.stdout.flush()
    # Requests may be waiting in their threads; nothing here is worth waiting for.
    os._exit(0)


if __name__ == "__main__":
    main()
