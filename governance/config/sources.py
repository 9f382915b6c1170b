"""Gathers settings from the file, the environment and secret files; later sources win.

A setting is raw: whether it is any good is judged in `reading`. What cannot be a setting at all – an unknown key, a
value where a table belongs – is a fault already here.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance.config.model import Config
from governance.domain.errors import ConfigurationError, ConfigurationFault

PREFIX = "GOVERNANCE_"
FILE_SUFFIX = "_file"

Field = dataclasses.Field[Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """A raw value and, for the reader of a fault, the name under which it was given."""

    raw: Any
    name: str


@dataclass(slots=True)
class Settings:
    """Raw settings by dotted key, and the faults found while gathering them."""

    by_key: dict[str, Setting] = field(default_factory=dict)
    faults: list[ConfigurationFault] = field(default_factory=list)


def gather(path: Path, environ: Mapping[str, str]) -> Settings:
    known = dict(known_keys())
    from_file, from_environment = Settings(), Settings()
    _flatten(read_document(path), "", known, from_file)
    _take_environment(environ, known, from_environment)
    faults = from_file.faults + from_environment.faults
    for source in (from_file, from_environment):
        _read_secret_files(source, path.parent, known, faults)
    return Settings(from_file.by_key | from_environment.by_key, faults)


def read_document(path: Path) -> dict[str, Any]:
    try:
        # Windows editors put a byte-order mark in front, which TOML itself does not know.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        remedy = "Run `governance init` for a first config.toml, or name yours with --config or GOVERNANCE_CONFIG"
        raise ConfigurationError(remedy, f"there is no {path}", path=path) from None
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} cannot be read as such"
        raise ConfigurationError(f"Save {path} as UTF-8", reason, path=path) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"Correct the TOML of {path}", str(error), path=path) from error
    except OSError as error:
        remedy = f"Let this account read {path}"
        raise ConfigurationError(remedy, (error.strerror or str(error)).lower(), path=path) from error


def known_keys(of: type = Config, prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Every key and every table of the model by its dotted name, in the model's order."""
    for entry in dataclasses.fields(of):
        if "table" in entry.metadata:
            yield prefix + entry.name, entry
            yield from known_keys(entry.metadata["table"], f"{prefix}{entry.name}.")
        elif "kind" in entry.metadata:
            yield prefix + entry.name, entry


def field_of(key: str, known: Mapping[str, Field]) -> Field | None:
    """What a given name stands for: a key itself, or a secret by its `…_file` twin."""
    if entry := known.get(key):
        return entry
    twin = known.get(key.removesuffix(FILE_SUFFIX)) if key.endswith(FILE_SUFFIX) else None
    return twin if twin and twin.metadata.get("is_secret") else None


def describe(raw: Any, *, is_secret: bool = False) -> str:
    """What was found, as TOML would write it, cut short; of a secret only how long it is."""
    if isinstance(raw, dict):
        return "a table"
    if is_secret:
        return f"a text of {len(raw)} characters" if isinstance(raw, str) else "no text"
    import json

    shown = json.dumps(raw, ensure_ascii=False, default=str)
    return shown if len(shown) <= 80 else f"{shown[:79]}…"


def closest(word: str, choices: list[str]) -> str | None:
    import difflib

    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.7)
    return by_folded[found[0]] if found else None


def _flatten(document: Mapping[str, Any], prefix: str, known: Mapping[str, Field], found: Settings) -> None:
    for name, raw in document.items():
        key = prefix + name
        entry = field_of(key, known)
        if entry is None:
            found.faults.append(_unknown(key, key, known))
        elif "table" not in entry.metadata:
            found.by_key[key] = Setting(raw, key)
        elif isinstance(raw, dict):
            _flatten(raw, f"{key}.", known, found)
        else:
            found.faults.append(ConfigurationFault(key=key, found=describe(raw), expected=f"a table [{key}]"))


def _take_environment(environ: Mapping[str, str], known: Mapping[str, Field], found: Settings) -> None:
    for variable, value in sorted(environ.items()):
        # Names without a double underscore, such as GOVERNANCE_CONFIG, are no keys: every key lies in a table.
        if not variable.startswith(PREFIX) or "__" not in variable:
            continue
        key = variable.removeprefix(PREFIX).lower().replace("__", ".")
        entry = field_of(key, known)
        if entry is None or "table" in entry.metadata:
            found.faults.append(_unknown(key, variable, known))
        else:
            is_text = key not in known or entry.metadata["kind"].is_text
            found.by_key[key] = Setting(_value_in(value, is_text=is_text), f"{key} (from {variable})")


def _value_in(value: str, *, is_text: bool) -> Any:
    """TOML where it is TOML of the wanted sort: a password of digits only is still a text."""
    try:
        document = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return value
    read = document["value"]
    return read if document.keys() == {"value"} and (not is_text or isinstance(read, str)) else value


def _read_secret_files(
    source: Settings, folder: Path, known: Mapping[str, Field], faults: list[ConfigurationFault]
) -> None:
    """Puts the content of every `KEY_file` in the place of `KEY`; both at once in one source would be a riddle."""
    for key in [key for key in source.by_key if key not in known]:
        setting, target = source.by_key.pop(key), key.removesuffix(FILE_SUFFIX)
        if target in source.by_key:
            found = f"set beside {target.rpartition('.')[2]}"
            faults.append(ConfigurationFault(key=setting.name, found=found, expected="one of the two"))
        elif isinstance(setting.raw, str) and setting.raw.strip():
            _read_secret_file(setting, target, folder, source, faults)
        else:
            found = describe(setting.raw)
            faults.append(ConfigurationFault(key=setting.name, found=found, expected="the name of a file"))


def _read_secret_file(
    setting: Setting, target: str, folder: Path, source: Settings, faults: list[ConfigurationFault]
) -> None:
    path = folder / Path(setting.raw.strip()).expanduser()
    # A key in doubt must not fall back to another source, nor be called missing as well.
    source.by_key[target] = Setting(None, setting.name)
    try:
        content = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "not a text").lower()
        found = f"{describe(setting.raw)} ({why})"
        faults.append(ConfigurationFault(key=setting.name, found=found, expected="a file that can be read"))
        return
    if not content:
        found = f"{describe(setting.raw)}, which is empty"
        faults.append(ConfigurationFault(key=setting.name, found=found, expected="a file that holds the secret"))
        return
    source.by_key[target] = Setting(content, setting.name)


def _unknown(key: str, name: str, known: Mapping[str, Field]) -> ConfigurationFault:
    suggestion = closest(key, [*known, *(f"{k}{FILE_SUFFIX}" for k, e in known.items() if e.metadata.get("is_secret"))])
    table = key.rpartition(".")[0]
    siblings = [k.rpartition(".")[2] for k in known if k.rpartition(".")[0] == table]
    expected = f"one of {', '.join(siblings)}" if siblings else "a key of config.example.toml"
    if suggestion and name.startswith(PREFIX):
        suggestion = PREFIX + suggestion.upper().replace(".", "__")
    return ConfigurationFault(key=name, found="no known key", expected=expected, suggestion=suggestion)
