"""A full sync into the database, against unpacking and parsing the same bytes and nothing more."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from sqlalchemy import delete, update

from governance.models.calendar import Calendar, EventPicture
from tests.benchmarks.counting import LIST
from tests.benchmarks.installation import CHAIR, Installation
from tests.benchmarks.interleaving import interleaved
from tests.benchmarks.rows import Row, ratio

LIMIT = 4.0


def full_sync(installation: Installation, name: str) -> Row:
    """Nothing is known of the calendar, everything is listed, and what is governed is stored."""
    observer = installation.observer
    pages = _recorded_pages(installation)

    measured = interleaved(
        lambda: observer.observe(installation.to_read()),
        lambda: _parse(pages),
        yardstick_repeats=3,
        prepare=lambda: forget(installation),
    )
    size = installation.size
    volume = f"{_megabytes(map(gzip.decompress, pages))}, packed {_megabytes(pages)}"
    return ratio(
        f"full sync of {size.events} events, {name}, CPU",
        "/ gunzip + json.loads",
        measured.ratio,
        LIMIT,
        f"{measured.note('ours', 'by hand')}; {volume}",
    )


def _parse(pages: Iterable[bytes]) -> None:
    """Page by page: to keep them all would cost the yardstick half as much again."""
    for page in pages:
        json.loads(gzip.decompress(page))


def _recorded_pages(installation: Installation) -> list[bytes]:
    """The answers as they come over the wire, fetched by hand with the parameters that we send ourselves."""
    forget(installation)
    installation.control.clear_log()
    installation.observer.observe(installation.to_read())
    sent = [
        f"{entry['path']}?{urlencode(entry['query'])}" for entry in installation.control.log() if entry["route"] == LIST
    ]
    address = urlsplit(installation.sandbox.url)
    headers = {
        "accept-encoding": "gzip",
        "authorization": f"Bearer {installation.control.access_token(CHAIR)}",
    }
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    try:
        return [_fetched(connection, target, headers) for target in sent]
    finally:
        connection.close()


def _megabytes(contents: Iterable[bytes]) -> str:
    return f"{sum(map(len, contents)) / 1e6:.1f} MB"


def _fetched(connection: http.client.HTTPConnection, target: str, headers: dict[str, str]) -> bytes:
    connection.request("GET", target, headers=headers)
    response = connection.getresponse()
    content = response.read()
    if response.status != 200 or response.headers["content-encoding"] != "gzip":
        raise RuntimeError(f"Look at the sandbox: it answered {response.status} to a recorded request.")
    return content


def forget(installation: Installation) -> None:
    """The calendar as on the day of its adoption: no token, and no picture of anything."""
    with installation.database.writing() as session:
        session.execute(delete(EventPicture))
        session.execute(update(Calendar).where(Calendar.id == installation.calendar_id).values(sync_token=None))
