"""Writes a configuration file with every key, its explanation and its default, from the model itself."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from governance.config.model import Config
from governance.config.reading import PLACEHOLDER_KEY
from governance.domain.errors import ConfigurationError

_OPENING = """\
# Configuration of Meeting governance.
#
# Paths and SQLite addresses are relative to this file. What is commented out has no default.
# Every value can also come from the environment, for example GOVERNANCE_WEB__PORT=9000, and every secret from a file:
# write password_file = "/run/secrets/smtp" instead of password."""


def example_config() -> str:
    """The text of config.example.toml. Its key is public, so it is refused wherever others could reach the site."""
    return _render(secret_key=PLACEHOLDER_KEY)


def write_first_config(path: Path) -> None:
    """Writes a configuration with a fresh key that only this account may read; never replaces a file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        remedy = f"Keep {path}, or move it away first"
        raise ConfigurationError(remedy, "it exists, and a new key would end every session", path=path) from None
    except OSError as error:
        remedy = f"Choose a folder that can be written to instead of {path.absolute().parent}"
        raise ConfigurationError(remedy, (error.strerror or str(error)).lower(), path=path) from error
    import secrets  # here, because every command reads the configuration and only this one makes keys

    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(_render(secret_key=secrets.token_hex(32)))


def _render(*, secret_key: str) -> str:
    lines = [_OPENING, *_render_table(Config, "", secret_key)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _render_table(of: type, prefix: str, secret_key: str, *, mark: str = "") -> Iterator[str]:
    """Keys first, tables after them: in TOML a key below a table's head would belong to that table.

    `mark` comments out a whole table that has no default.
    """
    for entry in dataclasses.fields(of):
        if "kind" in entry.metadata:
            yield f"# {entry.metadata['about']}"
            line = _render_key(entry, secret_key if prefix + entry.name == "site.secret_key" else None)
            yield line if line.startswith("#") else mark + line
    for entry in dataclasses.fields(of):
        if "table" in entry.metadata:
            inner_mark = "# " if entry.metadata["is_optional"] else mark
            yield ""
            yield f"# {entry.metadata['about']}"
            yield f"{inner_mark}[{prefix}{entry.name}]"
            yield from _render_table(entry.metadata["table"], f"{prefix}{entry.name}.", secret_key, mark=inner_mark)


def _render_key(entry: dataclasses.Field[Any], fixed: str | None) -> str:
    if fixed is not None:
        return f'{entry.name} = "{fixed}"'
    if entry.default is None:
        return f"# {entry.name} = {entry.metadata['example']}"
    if entry.default is dataclasses.MISSING:
        return f"{entry.name} = {entry.metadata['example']}"
    # JSON's texts, numbers, switches and lists are TOML's as well.
    return f"{entry.name} = {json.dumps(entry.default, ensure_ascii=False, default=str)}"
