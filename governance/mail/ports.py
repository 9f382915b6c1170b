"""What the delivery needs of a mail server, and what a mail server may answer."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from governance.mail.ready import Ready


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted; `transport_id` is the server's own name for it, where it has one."""

    transport_id: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: tried again. `is_server` when it is not about this mail, so that the others need not be tried either."""

    code: str
    text: str
    retry_after: float | None = None
    is_server: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Never. `is_address` when the recipient's address is to blame, so that it is set aside."""

    code: str
    text: str
    is_address: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have gone out: the answer was lost after the last byte."""

    text: str


Outcome = Sent | Later | Refused | Unclear


class Connection(Protocol):
    """One conversation with the server, for many mails."""

    def send(self, ready: Ready) -> Outcome: ...

    def find(self, message_id: str) -> Sent | bool | None:
        """`Sent` when it is there, None when it is not, False where the server cannot be asked."""


class Transport(Protocol):
    can_be_asked: bool

    def connect(self) -> AbstractContextManager[Connection]:
        """Raises `Unreachable` when there is nobody to talk to."""


class Unreachable(Exception):
    """The server could not be reached, or does not let us in; `later` says how to go on."""

    def __init__(self, later: Later) -> None:
        super().__init__(later.text)
        self.later = later
