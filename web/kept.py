"""Pieces of pages that are the same wherever they stand, made once: icons and badges, of which a page has hundreds."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from jinja2.runtime import Macro
from markupsafe import Markup

_MOST = 2048

_macros: dict[str, Callable[..., Markup]] = {}


def kept(macro: Macro) -> Callable[..., Markup]:
    """The macro, remembering what it made of which values; it must be made of nothing else."""
    if macro.name not in _macros:
        _macros[macro.name] = lru_cache(_MOST)(cast(Callable[..., Markup], macro))
    return _macros[macro.name]
