"""One way to call a Google API: the right token, one send, our own errors, and for reads a short retry.

Google's client builds the requests; it neither sends nor judges anything. Each thread has a client and
a transport of its own, held for its life: making the client's resource anew costs more than a call.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from random import random as system_random
from typing import Any

import googleapiclient.discovery
from googleapiclient.http import HttpRequest

from governance.calendar.credentials import Authorisation, Credentials
from governance.calendar.deadlines import DEFAULT_SECONDS, Call, Deadlines, Interrupted
from governance.calendar.denials import Asked, denial_of
from governance.calendar.quota import Quota
from governance.calendar.refusals import no_answer, trouble_of, unbelievable
from governance.calendar.retrying import RetryPolicy, wait_before_next
from governance.calendar.transport import Answer, NoAnswer, Transport, UnusableAnswer
from governance.reconcile.ports import CalendarTrouble, Stopping


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Which of Google's APIs, and where it lies below another `api_root`."""

    name: str
    version: str
    path: str


CALENDAR = Api(name="calendar", version="v3", path="calendar/v3/")
# The client adds the rest of these paths to every method by itself.
DIRECTORY = Api(name="admin", version="directory_v1", path="")
GMAIL = Api(name="gmail", version="v1", path="")

Build = Callable[[Any], HttpRequest]
"""Given the client of this thread, the request to send."""


class Caller:
    """Calls one API with one file of credentials, from any number of threads."""

    def __init__(
        self,
        api: Api,
        credentials: Credentials,
        deadlines: Deadlines,
        *,
        api_root: str | None = None,
        seconds: float = DEFAULT_SECONDS,
        retries: RetryPolicy | None = None,
        quota: Quota | None = None,
        random: Callable[[], float] = system_random,
    ) -> None:
        quieten_libraries()
        self.credentials = credentials
        self._api = api
        self._endpoint = api_root + api.path if api_root else None
        self._deadlines = deadlines
        self._seconds = seconds
        self._retries = retries or RetryPolicy()
        self._quota = quota
        self._random = random
        self._own = threading.local()
        self._transports: weakref.WeakSet[Transport] = weakref.WeakSet()

    def read(self, build: Build, asked: Asked, *, seconds: float | None = None, once: bool = False) -> Any:
        """The parsed answer to a read, tried again after a passing fault unless `once`. Raises CalendarTrouble.

        Each try takes its units, and waiting for them is no part of `seconds`: the wait is ours, not Google's.
        """
        left = seconds or self._seconds
        attempt = 1
        while True:
            with self._spending(asked, 1):
                begun = time.monotonic()
                try:
                    return self._send(build, asked, begun + left)
                except CalendarTrouble as trouble:
                    left -= time.monotonic() - begun
                    wait = None if once else self._wait_after(trouble, attempt, left)
                    if wait is None:
                        raise
            if self._deadlines.stopping.wait(wait):
                raise Stopping("Start the service again", "it is stopping")
            left -= wait
            attempt += 1

    def write(self, build: Build, asked: Asked, *, units: int = 1) -> Any:
        """The parsed answer to a write, which is sent once. Raises CalendarTrouble."""
        with self._spending(asked, units):
            return self._send(build, asked, time.monotonic() + self._seconds)

    def close(self) -> None:
        """Closes the connections of all threads; only when none of them is calling any more."""
        for transport in list(self._transports):
            transport.close()

    def _spending(self, asked: Asked, units: int) -> AbstractContextManager[None]:
        if self._quota is None:
            return nullcontext()
        return self._quota.spending(asked.subject, units, stopping=self._deadlines.stopping)

    def _wait_after(self, trouble: CalendarTrouble, attempt: int, left: float) -> float | None:
        return wait_before_next(trouble, attempt=attempt, remaining=left, policy=self._retries, random=self._random)

    def _send(self, build: Build, asked: Asked, deadline: float) -> Any:
        client, transport = self._of_this_thread()
        call = Call(deadline)
        # Any, because Google's types name their own transport; the request asks no more of it than `_Line` answers.
        line: Any = _Line(transport, call, self.credentials.acting_as(asked.subject))
        try:
            self._deadlines.begin(call)
            return build(client).execute(http=line)
        except Interrupted:
            raise Stopping("Start the service again", "it is stopping") from None
        except NoAnswer as error:
            raise no_answer(error.cause, sent=error.sent, interruption=error.interruption, asked=asked) from None
        except UnusableAnswer as error:
            raise unbelievable(asked, f"it is {error}") from None
        except _Denied as error:
            raise trouble_of(error.denial(), asked) from None
        finally:
            self._deadlines.end(call)
            transport.tidy()

    def _of_this_thread(self) -> tuple[Any, Transport]:
        try:
            client, transport = self._own.tools
        except AttributeError:
            transport = Transport()
            self._transports.add(transport)
            client = self._client()
            self._own.tools = (client, transport)
        return client, transport

    def _client(self) -> _Client:
        options = {"api_endpoint": self._endpoint} if self._endpoint else None
        # Any, because Google's types know a service by the letters of its name, and here it is a value.
        build: Any = googleapiclient.discovery.build
        service = build(
            self._api.name,
            self._api.version,
            http=_no_line,
            requestBuilder=_Request,
            client_options=options,
            static_discovery=True,
            cache_discovery=False,
        )
        return _Client(service)


class _Client:
    """The client's resources, each made once: `service.events()` makes and drops half a megabyte a call."""

    def __init__(self, service: Any) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        resource = getattr(self._service, name)()
        setattr(self, name, resource)
        return resource


class _Line:
    """What Google's client sends through: httplib2's one method, with the token of one subject."""

    __slots__ = ("_authorisation", "_call", "_transport")

    def __init__(self, transport: Transport, call: Call, authorisation: Authorisation) -> None:
        self._transport = transport
        self._call = call
        self._authorisation = authorisation

    def request(
        self, uri: str, method: str = "GET", body: str | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Answer, bytes]:
        """Repeated at most once, with a new token after a 401.

        That holds for writes too: a 401 means that the request has not been applied, because it lacks
        valid credentials (RFC 9110, 15.5.2).
        """
        token = self._authorisation.token(self._call, self._transport)
        answer, content = self._send(uri, method, body, headers, token)
        if answer.status == 401:
            self._authorisation.renew(self._call, self._transport, instead_of=token)
            token = self._authorisation.token(self._call, self._transport)
            answer, content = self._send(uri, method, body, headers, token)
        return answer, content

    def _send(
        self, uri: str, method: str, body: str | None, headers: Mapping[str, str] | None, token: str
    ) -> tuple[Answer, bytes]:
        sent = {**(headers or {}), "authorization": f"Bearer {token}", "accept-encoding": "gzip"}
        return self._transport.send(self._call, uri, method=method, body=body, headers=sent)


def _no_line(*_: Any, **__: Any) -> None:
    """Stands in for the client's own transport, which is never used: every request names its line."""
    raise AssertionError("every request is executed with a line of its own")


class _Denied(Exception):
    """An answer that is not a success, before anybody has judged it."""

    def __init__(self, answer: Answer, content: bytes) -> None:
        super().__init__(answer.status)
        self._answer = answer
        self._content = content

    def denial(self) -> Any:
        return denial_of(self._answer.status, self._answer.headers, self._content, now=datetime.now(UTC))


class _Request(HttpRequest):
    """Sends what Google's client built, and no more: its own way repeats, sleeps, logs and rewrites requests.

    `parse` makes a value of the content; whoever builds the request may put another in its place.
    """

    parse: Callable[[bytes], Any] = staticmethod(json.loads)

    def execute(self, http: Any = None, num_retries: int = 0) -> Any:
        """The answer, read strictly, and None for 204.

        Google's own reading differs by method, takes a web page for an answer, and knows no reasons.
        """
        answer, content = http.request(self.uri, method=self.method, body=self.body, headers=self.headers)
        if not 200 <= answer.status < 300:
            raise _Denied(answer, content)
        if answer.status == 204:
            return None
        try:
            return self.parse(content)
        except (ValueError, RecursionError):
            raise UnusableAnswer("not JSON") from None


def quieten_libraries() -> None:
    """The libraries log whole addresses and bodies, and so tokens and people; at every level, so at none."""
    for name in ("googleapiclient", "google.auth", "google.oauth2", "urllib3.connection"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
