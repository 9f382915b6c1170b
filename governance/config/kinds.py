"""What a configuration value may be: each kind says in words what it expects and turns raw TOML into a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`read(raw, folder)` returns the value or raises ValueError; `folder` is where relative paths begin.

    `is_text` tells the reader of environment variables that "8080" or "true" stays text here.
    `choices` feeds "did you mean"; it is called only once something is wrong, because listing the time zones is slow.
    """

    expected: str
    read: Callable[[Any, Path], Any]
    is_text: bool = True
    choices: Callable[[], Iterable[str]] = tuple


def text(expected: str = "text", *, at_least: int = 1) -> Kind:
    def read(raw: Any, _folder: Path) -> str:
        _require(isinstance(raw, str) and len(raw.strip()) >= at_least)
        return str(raw).strip()

    return Kind(expected=expected, read=read)


def secret(expected: str = "text", *, at_least: int = 1) -> Kind:
    """Like `text`, but to the letter: a password may begin or end with a space."""

    def read(raw: Any, _folder: Path) -> str:
        _require(isinstance(raw, str) and len(raw) >= at_least)
        return str(raw)

    return Kind(expected=expected, read=read)


def switch() -> Kind:
    def read(raw: Any, _folder: Path) -> bool:
        _require(isinstance(raw, bool))
        return bool(raw)

    return Kind(expected="true or false", read=read, is_text=False)


def whole(*, at_least: int, at_most: int | None = None) -> Kind:
    limit = f"from {at_least} to {at_most}" if at_most is not None else f"of at least {at_least}"

    def read(raw: Any, _folder: Path) -> int:
        _require(isinstance(raw, int) and not isinstance(raw, bool))
        _require(at_least <= raw and (at_most is None or raw <= at_most))
        return int(raw)

    return Kind(expected=f"a whole number {limit}", read=read, is_text=False)


def one_of(*choices: str) -> Kind:
    def read(raw: Any, _folder: Path) -> str:
        _require(raw in choices)
        return str(raw)

    return Kind(expected=" or ".join(f'"{choice}"' for choice in choices), read=read, choices=lambda: choices)


def many(kind: Kind, expected: str) -> Kind:
    """A list of one kind, without doubles, in the order given."""

    def read(raw: Any, folder: Path) -> tuple[Any, ...]:
        _require(isinstance(raw, list))
        return tuple(dict.fromkeys(kind.read(item, folder) for item in raw))

    return Kind(expected=expected, read=read, is_text=False, choices=kind.choices)


def path(expected: str) -> Kind:
    def read(raw: Any, folder: Path) -> Path:
        _require(isinstance(raw, str) and raw.strip() != "" and "\0" not in raw)
        return folder / Path(raw.strip()).expanduser()

    return Kind(expected=expected, read=read)


def address() -> Kind:
    """An e-mail address, folded as people's addresses are: case and surrounding space, nothing else."""
    pattern = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
    return _matching(pattern, 'an address such as "ops@example.com"', fold=True)


def sender() -> Kind:
    pattern = re.compile(r"[^@\s<>]+@[^@\s<>]+|[^<>\r\n]+ <[^@\s<>]+@[^@\s<>]+>")
    return _matching(pattern, 'an address such as "Meeting <meeting@example.com>"')


def domain() -> Kind:
    pattern = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
    return _matching(pattern, 'a domain such as "example.com"', fold=True)


def currency() -> Kind:
    return _matching(re.compile(r"[A-Z]{3}"), 'an ISO 4217 code such as "EUR"')


def time_zone() -> Kind:
    def read(raw: Any, _folder: Path) -> str:
        from zoneinfo import ZoneInfo

        _require(isinstance(raw, str))
        try:
            return ZoneInfo(raw.strip()).key
        except (KeyError, ValueError, OSError) as unknown:  # OSError: the name of a folder, such as "Europe"
            raise ValueError from unknown

    def choices() -> Iterable[str]:
        from zoneinfo import available_timezones

        return sorted(available_timezones())

    return Kind(expected='a time zone such as "Europe/Berlin"', read=read, choices=choices)


def web_address(expected: str, *, is_folder: bool = False, is_secure: bool = False) -> Kind:
    """An http(s) address without query: with a trailing slash when it is a folder, else without.

    One that `is_secure` may be plain http on this machine only.
    """

    def read(raw: Any, _folder: Path) -> str:
        from urllib.parse import urlsplit

        _require(isinstance(raw, str))
        parts = urlsplit(raw.strip())
        _require(parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", raw.strip()))
        _require(not parts.query and not parts.fragment and parts.username is None)
        _require(parts.port is None or parts.port > 0)
        _require(not is_folder or parts.path.endswith("/"))
        _require(not is_secure or parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"})
        return str(raw).strip() if is_folder else str(raw).strip().rstrip("/")

    return Kind(expected=expected, read=read)


def database() -> Kind:
    """SQLAlchemy's form; the file of an SQLite address is made absolute, beginning at the configuration's folder."""
    sqlite = re.compile(r"(?P<scheme>sqlite(\+pysqlite)?:///)(?P<file>[^?]+)(?P<query>\?.*)?")
    postgresql = re.compile(r"postgresql(\+psycopg)?://\S+")

    def read(raw: Any, folder: Path) -> str:
        _require(isinstance(raw, str))
        if found := sqlite.fullmatch(raw.strip()):
            # In memory every connection would be a database of its own.
            _require(not found["file"].startswith((":memory:", "file:")))
            return f"{found['scheme']}{(folder / found['file']).as_posix()}{found['query'] or ''}"
        _require(bool(postgresql.fullmatch(raw.strip())))
        return str(raw).strip()

    expected = '"sqlite:///FILE" or "postgresql://USER@HOST/DATABASE"'
    return Kind(expected=expected, read=read)


def _matching(pattern: re.Pattern[str], expected: str, *, fold: bool = False) -> Kind:
    def read(raw: Any, _folder: Path) -> str:
        _require(isinstance(raw, str) and bool(pattern.fullmatch(raw.strip())))
        return str(raw).strip().casefold() if fold else str(raw).strip()

    return Kind(expected=expected, read=read)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError
