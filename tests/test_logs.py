"""Log lines: one for each thing, with fields, for people or programs, and without anybody's address."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from governance.config.model import Log
from governance.logs import set_up_logs, without_addresses


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in ("governance", "jobs")})
    yield
    root.handlers[:], root.level = before[0], before[1]
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


def logged(log: Log) -> str:
    stream = io.StringIO()
    set_up_logs(log, stream)
    logging.getLogger("jobs.sync").info("looked after a meeting", extra={"meeting": "weekly", "applied": 2})
    logging.getLogger("jobs.sync").debug("nothing to do")
    logging.getLogger("some.library").info("chatter")
    return stream.getvalue()


def test_a_line_for_people_has_time_level_place_sentence_and_fields() -> None:
    line = logged(Log())

    assert line[20:] == " info jobs.sync: looked after a meeting (meeting=weekly, applied=2)\n"


def test_a_line_for_programs_is_one_document() -> None:
    document = json.loads(logged(Log(format="json")))

    assert document.pop("at").endswith("Z")
    assert document == {
        "level": "info",
        "logger": "jobs.sync",
        "message": "looked after a meeting",
        "meeting": "weekly",
        "applied": 2,
    }


def test_less_is_logged_where_less_is_wanted() -> None:
    assert logged(Log(level="warning")) == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_address_reaches_the_log_whichever_way_it_takes(form: str) -> None:
    stream = io.StringIO()
    set_up_logs(Log(format=form), stream)

    try:
        raise ValueError("ann.adler@example.com is unknown")
    except ValueError:
        logging.getLogger("jobs").exception("Ask <bob@example.com>", extra={"why": "Share chair@example.com with us"})

    assert "@example.com" in stream.getvalue()
    assert not any(name in stream.getvalue() for name in ("ann", "bob", "chair"))


def test_what_is_no_address_stays() -> None:
    text = "wrote 3 @ 10:00, event a_20261126T080000Z, D-2026-014"

    assert without_addresses(text) == text
