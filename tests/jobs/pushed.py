"""An office whose calendar announces its changes: pages and a worker as in life, on loopback over plain http."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from governance import cli
from governance.config import load_config
from tests.jobs.conftest import Office, wait_until
from tests.support import copies


@contextmanager
def announcing(office: Office, **google: object) -> Iterator[Office]:
    """The pages run, and Google may announce at them; `google` are keys of that table."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = office.config.path
    keys = {"push": True, "poll_seconds": 3600, "backstop_seconds": 3600} | google
    written = file.read_text().replace("poll_seconds = 1\n", "").replace("poll_seconds = 1", "")
    lines = "\n".join(f"{name} = {str(value).lower()}" for name, value in keys.items())
    written = written.replace("[site]", f'[site]\npublic_url = "http://127.0.0.1:{port}"')
    file.write_text(written.replace("[google]", f"[google]\n{lines}"))
    office.control.switch("push_over_http", True)
    words = ["--config", str(file), "web", "--port", str(port)]
    with copies.start(cli.main, words, stdout=copies.PIPE, stderr=copies.DEVNULL) as pages:
        assert pages.stdout is not None
        assert pages.stdout.readline().startswith("Listening")
        try:
            yield replace(office, config=load_config(file, {}))
        finally:
            pages.terminate()


def wait_until_confirmed(office: Office, calendars: int = 1) -> None:
    """Until each calendar has a channel on which something has arrived, and was listed after that."""

    def confirmed() -> bool:
        live = [one for one in office.control.channels() if one["live"]]
        return len(live) == calendars and all(one["outcome"] == "delivered" for one in office.control.deliveries())

    wait_until(confirmed, "no channel is confirmed")
