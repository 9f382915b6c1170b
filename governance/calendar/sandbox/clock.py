"""One clock for tokens, tombstones, channels, quotas and stamps, which tests may set, freeze and advance (item 68)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time until it is set; then it runs on from there, or stands still when frozen."""

    def __init__(self, now: datetime | None = None) -> None:
        self._ahead = timedelta(0)
        self._frozen: datetime | None = None
        if now is not None:
            self.set(now)

    def now(self) -> datetime:
        return self._frozen or datetime.now(UTC) + self._ahead

    def set(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)
        if self._frozen is not None:
            self._frozen = now

    def advance(self, by: timedelta) -> None:
        self.set(self.now() + by)

    def freeze(self, frozen: bool) -> None:
        now = self.now()
        self._frozen = now if frozen else None
        self._ahead = now - datetime.now(UTC)


def stamp(instant: datetime) -> str:
    """As Google prints `updated`: UTC with milliseconds."""
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def instant(text: str) -> datetime:
    """An RFC 3339 instant; raises ValueError when the mandatory offset is missing."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return value.astimezone(UTC)
