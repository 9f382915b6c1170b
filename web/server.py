"""The web server of every system: waitress, told to stop the way services are told."""

from __future__ import annotations

import copy
import gc
import signal
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # publishes none
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]
from waitress.task import ErrorTask  # type: ignore[import-untyped]

from governance.config import Config
from governance.database import Database
from governance.push import NOTIFICATIONS_PATH
from web.app import BODY_LIMIT, create_app
from web.security import headers_of_every_answer
from web.site import Demo
from web.views import notifications


def serve(
    config: Config,
    host: str,
    port: int,
    *,
    database: Database | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    demo: Demo | None = None,
    on_listening: Callable[[int], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; what runs then is answered first (5 seconds at most), and the process may exit 0.

    `port` 0 lets the system choose; `on_listening` is told which one it is. Outside the main thread no signal is
    caught: the caller stops the process.
    """
    is_ours = threading.current_thread() is threading.main_thread()
    if is_ours:
        # First of all: whoever ends the process need not wait until the pages are there. Both by name: a process that a
        # script starts in the background inherits SIGINT as ignored.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
    own = database is None
    database = database or Database(config.database.url, migration_url=config.database.migration_url)
    try:
        with suppress(SystemExit):  # asked to end before the server could answer that
            app = create_app(config, database, clock=clock, demo=demo)
            if is_ours:
                gc.freeze()  # what is there stays to the end: people would wait while it is searched for garbage
            with closing(_listen(app, host, port, config)) as server:
                if on_listening:
                    on_listening(_port_of(server))
                server.run()  # answers SystemExit and KeyboardInterrupt by letting the running requests end
    finally:
        if own:
            database.dispose()


def _listen(app: Any, host: str, port: int, config: Config) -> Any:
    server = create_server(
        app,
        host=host,
        port=port,
        threads=config.web.threads,
        ident="",
        clear_untrusted_proxy_headers=False,  # ProxyFix decides which of them are believed
        max_request_body_size=BODY_LIMIT * 2,
    )
    _use_our_channel(server, is_on_https=config.site.public_url.startswith("https://"))
    return server


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Ends a request that is too large for its address before it is read; waitress knows one limit for all."""

    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.path == NOTIFICATIONS_PATH:
            narrow = copy.copy(self.adj)
            narrow.max_request_body_size = notifications.BODY_LIMIT + 1  # the first size that is refused
            self.adj = narrow


def _use_our_channel(server: Any, *, is_on_https: bool) -> None:
    """Also what is refused before the application sees it is an answer of ours, with the headers of all others."""
    headers = {**headers_of_every_answer(is_on_https=is_on_https), "Cache-Control": "no-store"}

    class Refusal(ErrorTask):  # type: ignore[misc]
        def execute(self) -> None:
            self.response_headers.extend(headers.items())
            super().execute()

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = _Parser
        error_task_class = Refusal

    # A name such as localhost may stand for several addresses: then there is a server for each.
    for one in (server, *getattr(server, "map", {}).values()):
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel


def _port_of(server: Any) -> int:
    """A name such as localhost may stand for several addresses; waitress then listens on all of them."""
    listening = getattr(server, "effective_listen", None)
    return int(listening[0][1] if listening else server.effective_port)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
