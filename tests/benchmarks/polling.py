"""An idle poll: our whole cycle against what the plain Google client needs for its list alone.

The plain client is used as Google's pages show it, with its own transport. It is measured twice: with
`service.events()` called each time, as in every example, which is the yardstick; and with that resource held, which
is the least that this client can be brought to and is printed for comparison. The last yardstick has no client at all:
one request over a kept connection, and its answer parsed.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tests.benchmarks.installation import CHAIR, Installation
from tests.benchmarks.interleaving import interleaved
from tests.benchmarks.rows import Row, ratio

POLLS = 40
LIMIT = 1.3
BARE_LIMIT = 2.0
ABOUT = "an idle cycle, CPU against the plain Google client's list"


def idle_poll(installation: Installation) -> list[Row]:
    service = installation.sandbox.service(CHAIR)
    held = service.events()
    token = _token_of(held)
    documented = interleaved(installation.cycle, _polls(service.events, token), repeats=POLLS)
    least = interleaved(installation.cycle, _polls(lambda: held, token), repeats=POLLS)
    with _bare(installation, token) as poll:
        bare = interleaved(installation.cycle, poll, repeats=POLLS)
    return [
        ratio(
            ABOUT,
            "/ service.events().list(…).execute()",
            documented.ratio,
            LIMIT,
            documented.note("a cycle", "plain"),
        ),
        ratio(
            ABOUT,
            "/ the same with the resource held",
            least.ratio,
            None,
            least.note("a cycle", "plain"),
        ),
        ratio(
            ABOUT,
            "/ http.client and json.loads",
            bare.ratio,
            BARE_LIMIT,
            bare.note("a cycle", "by hand"),
            goal="P5",
        ),
    ]


@contextmanager
def _bare(installation: Installation, token: str) -> Iterator[Callable[[], object]]:
    address = urlsplit(installation.sandbox.url)
    target = f"/calendar/v3/calendars/{quote(CHAIR)}/events?{urlencode({'syncToken': token})}"
    headers = {"authorization": f"Bearer {installation.control.access_token(CHAIR)}"}
    with closing(http.client.HTTPConnection(address.hostname or "", address.port)) as connection:

        def poll() -> object:
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            content = response.read()
            if response.status != 200:
                raise RuntimeError(f"Look at the sandbox: it answered {response.status} to a bare poll.")
            return json.loads(content)

        yield poll


def _polls(events: Callable[[], Any], token: str) -> Callable[[], object]:
    def poll() -> object:
        return events().list(calendarId=CHAIR, syncToken=token).execute()

    return poll


def _token_of(events: Any) -> str:
    """A sync token of the plain client's own: one belongs to the parameters it was given for."""
    answer = events.list(calendarId=CHAIR, maxResults=2500).execute()
    while "nextPageToken" in answer:
        answer = events.list(calendarId=CHAIR, maxResults=2500, pageToken=answer["nextPageToken"]).execute()
    return str(answer["nextSyncToken"])
