"""An idle poll: our whole cycle against what the plain Google client needs for its list alone.

The plain client is used as Google's pages show it, with its own transport. It is measured twice: with
`service.events()` called each time, as in every example, which is the yardstick; and with that resource held, which
is the least that this client can be brought to and is printed for comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.benchmarks.installation import CHAIR, Installation
from tests.benchmarks.interleaving import interleaved
from tests.benchmarks.rows import Row, ratio

POLLS = 40
LIMIT = 1.3
ABOUT = "an idle cycle, CPU against the plain Google client's list"


def idle_poll(installation: Installation) -> list[Row]:
    service = installation.sandbox.service(CHAIR)
    held = service.events()
    token = _token_of(held)
    documented = interleaved(installation.cycle, _polls(service.events, token), repeats=POLLS)
    least = interleaved(installation.cycle, _polls(lambda: held, token), repeats=POLLS)
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
    ]


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
