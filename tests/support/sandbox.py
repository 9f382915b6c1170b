"""The sandbox calendar for tests: one process a session, an empty world for every test."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from governance.calendar.sandbox.client import SandboxControl

SERVICE_ACCOUNT = "governance@sandbox-project.iam.gserviceaccount.com"
CALENDAR_SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
    "https://www.googleapis.com/auth/calendar.calendars.readonly",
    "https://www.googleapis.com/auth/calendar.acls.readonly",
)
DIRECTORY_SCOPES = (
    "https://www.googleapis.com/auth/admin.directory.user.readonly",
    "https://www.googleapis.com/auth/admin.directory.group.readonly",
    "https://www.googleapis.com/auth/admin.directory.group.member.readonly",
)


class CountedControl(SandboxControl):
    """Knows how often somebody acted in its world."""

    acts = 0

    def _do(self, act: str, **arguments: Any) -> Any:
        self.acts += 1
        return super()._do(act, **arguments)


@dataclass(slots=True)
class SandboxForTests:
    url: str
    control: CountedControl
    _services: list[Any] = field(default_factory=list)

    def credentials_file(
        self, folder: Path, kind: str = "service_account", *, subject: str = "chair@example.com"
    ) -> Path:
        """A credentials file whose tokens come from the sandbox; an authorised user is `subject`."""
        file = folder / f"{kind}.json"
        written = self._service_account() if kind == "service_account" else self._user(subject)
        file.write_text(json.dumps(written))
        return file

    def service(self, subject: str, *, api: str = "calendar", scopes: tuple[str, ...] | None = None) -> Any:
        """The real Google client, acting as `subject`; all scopes unless some are named."""
        token = self.control.access_token(subject, list(scopes) if scopes is not None else None)
        return self.service_with(token, api=api)

    def service_with(self, token: str, *, api: str = "calendar") -> Any:
        """The real Google client with an access token that was got somewhere."""
        from google.oauth2.credentials import Credentials
        from googleapiclient.discovery import build

        name, version, path = {
            "calendar": ("calendar", "v3", "calendar/v3/"),
            "directory": ("admin", "directory_v1", ""),
            "gmail": ("gmail", "v1", ""),
        }[api]
        made = build(name, version, credentials=Credentials(token), client_options={"api_endpoint": self.url + path})
        self._services.append(made)
        return made

    def close_services(self) -> None:
        while self._services:
            self._services.pop().close()

    def _service_account(self) -> dict[str, str]:
        return {
            "type": "service_account",
            "project_id": "sandbox-project",
            "private_key_id": "1",
            "private_key": private_key(),
            "client_email": SERVICE_ACCOUNT,
            "client_id": "100000000000000000001",
            "token_uri": f"{self.url}token",
        }

    def _user(self, subject: str) -> dict[str, str]:
        token = f"1//refresh-{subject}"
        self.control.seed(refresh_tokens=[{"token": token, "subject": subject}])
        return {
            "type": "authorized_user",
            "client_id": "sandbox.apps.googleusercontent.com",
            "client_secret": "secret",
            "refresh_token": token,
            "token_uri": f"{self.url}token",
        }


@cache
def private_key(*, bits: int = 2048) -> str:
    """A service account's key, made once a run."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = generate_private_key(public_exponent=65537, key_size=bits)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_key() -> str:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    key = load_pem_private_key(private_key().encode(), None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxForTests]:
    """The running process; use `sandbox` unless the world must outlive a test."""
    command = [sys.executable, "-m", "governance.calendar.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        started = SandboxForTests(url, CountedControl(url))
        try:
            yield started
        finally:
            started.control.close()
            process.terminate()


@pytest.fixture
def sandbox(sandbox_process: SandboxForTests) -> Iterator[SandboxForTests]:
    """An empty world; whatever a test ordered to go wrong ends with it."""
    sandbox_process.control.reset()
    yield sandbox_process
    sandbox_process.close_services()
    sandbox_process.control.reset()
