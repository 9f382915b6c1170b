"""One request to an API, understood: who calls, with which parameters (items 3, 7 and 12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request, invalid_parameter
from .shapes import require_event
from .world import Access, World


@dataclass(slots=True)
class Call:
    world: World
    access: Access
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any = None
    route: str = ""
    names: tuple[str, ...] = field(default_factory=tuple)

    @property
    def by(self) -> str:
        return self.access.subject

    def text(self, name: str) -> str | None:
        values = self.query.get(name)
        return values[-1] if values else None

    def texts(self, name: str) -> list[str]:
        return self.query.get(name, [])

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name)
        if value is None:
            return default
        if value.lower() not in ("true", "false", "1", "0"):
            raise invalid_parameter(name, value)
        return value.lower() in ("true", "1")

    def number(self, name: str, *, default: int | None, most: int | None = None) -> int | None:
        value = self.text(name)
        if value is None:
            return default
        if not value.isdigit() or int(value) < 1:
            raise invalid_parameter(name, value)
        return min(int(value), most) if most else int(value)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value is not None and value not in allowed:
            raise invalid_parameter(name, value)
        return value

    def content(self) -> dict[str, Any]:
        """The event in the body, of the documented shape."""
        if not isinstance(self.body, dict):
            raise bad_request("Parse Error" if self.body is not None else "Missing event.")
        require_event(self.body)
        return self.body
