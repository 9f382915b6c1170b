"""Log lines on standard error: one for each decision or effect, for people or as JSON, without personal data."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from governance.config.model import Log

_ADDRESS = re.compile(r"[^\s@<>“”\"'(),;:=/]+@([\w-]+(?:\.[\w-]+)+)")
_STANDARD = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "asctime", "taskName"}
_OURS = ("governance", "jobs", "web")


def set_up_logs(log: Log, stream: TextIO | None = None) -> None:
    """Our own lines from the level asked for; those of libraries only when something is wrong."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if log.format == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(log.level.upper())


def without_addresses(text: str) -> str:
    """People's addresses as “…@example.com”: enough to tell inside from outside."""
    return _ADDRESS.sub(r"…@\1", text)


class TextLines(logging.Formatter):
    """`2026-03-02T08:00:00Z info jobs.sync: kept a meeting in order (meeting=weekly, applied=2)`"""

    def format(self, record: logging.LogRecord) -> str:
        fields = ", ".join(f"{name}={value}" for name, value in _fields(record).items())
        line = f"{_at(record)} {record.levelname.lower()} {record.name}: {record.getMessage()}"
        whole = line + (f" ({fields})" if fields else "") + _trace(self, record)
        return without_addresses(whole)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        document = {
            "at": _at(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{
                name: value if isinstance(value, int | float) else str(value) for name, value in _fields(record).items()
            },
        }
        if trace := _trace(self, record):
            document["trace"] = trace.strip()
        return without_addresses(json.dumps(document, ensure_ascii=False))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _at(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return f"\n{formatter.formatException(record.exc_info)}" if record.exc_info else ""
