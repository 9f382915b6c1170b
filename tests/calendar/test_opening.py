"""From the configuration to the ports."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from governance.calendar.opening import open_google
from governance.domain.errors import ConfigurationError
from governance.reconcile.ports import EventWrite, Refused, Stopping
from tests.calendar.conftest import BOARD, api_requests, page
from tests.calendar.raw_server import answer


def config(**changes: Any) -> Any:
    google = {"credentials": None, "subject": None, "services": ("calendar",), "api_root": None, "read_only": False}
    return SimpleNamespace(path=Path("config.toml"), google=SimpleNamespace(**google | changes))


def test_without_credentials_nothing_starts() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^Enter the credentials' file as google\.credentials in config\.toml"
    ):
        open_google(config())


def test_the_directory_needs_somebody_to_act_as(serve: Any, service_account: Any) -> None:
    path = service_account(serve(lambda _: answer(page())))

    with pytest.raises(ConfigurationError, match=r"^Enter an administrator's address as google\.subject"):
        open_google(config(credentials=path, services=("calendar", "directory")))


def test_opening_calls_nobody_and_the_first_call_goes_below_the_api_root(serve: Any, service_account: Any) -> None:
    server = serve(lambda _: answer(page()))
    google = open_google(config(credentials=service_account(server), api_root=server.url, read_only=True))

    assert server.requests == []
    assert google.directory is None
    google.calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True)
    assert len(api_requests(server)) == 1
    with pytest.raises(Refused):
        google.calendar.write_event(BOARD, EventWrite(event_id="e", etag="1", description=""))
    google.close()
    with pytest.raises(Stopping):
        google.calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True)


def test_the_directory_is_there_when_the_configuration_names_it(serve: Any, service_account: Any) -> None:
    server = serve(lambda _: answer(status=404))
    services = ("calendar", "directory")
    google = open_google(
        config(credentials=service_account(server), api_root=server.url, services=services, subject="admin@example.com")
    )

    assert google.directory is not None
    assert list(google.directory.look_up(["eve@other.org"])) == ["eve@other.org"]
    google.close()
