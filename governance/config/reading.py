"""Judges gathered settings and builds the configuration, or says everything that is wrong with it at once."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from governance.config.kinds import Kind
from governance.config.model import Config
from governance.config.sources import Setting, Settings, closest, describe, gather
from governance.domain.errors import ConfigurationError, ConfigurationFault

PLACEHOLDER_KEY = "replace-this-key-before-anybody-can-reach-the-site"


def load_config(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Reads the file given, else `$GOVERNANCE_CONFIG`, else `./config.toml`.

    Raises ConfigurationError with every wrong or unknown key, what was found there and what was expected.
    """
    path = Path(path or environ.get("GOVERNANCE_CONFIG") or "config.toml").expanduser().absolute()
    settings = gather(path, environ)
    config: Config | None = _table(Config, "", settings, path)
    if config is not None:
        settings.faults.extend(_contradictions(config))
    if config is None or settings.faults:
        raise ConfigurationError(f"Correct {path}", path=path, faults=tuple(settings.faults))
    return config


def _table(of: type, prefix: str, settings: Settings, path: Path) -> Any:
    """A table of the model, or None as soon as one of its values is missing for a fault that was noted."""
    values: dict[str, Any] = {}
    faults_before = len(settings.faults)
    for entry in dataclasses.fields(of):
        if "table" in entry.metadata:
            values[entry.name] = _subtable(entry, f"{prefix}{entry.name}.", settings, path)
        elif "kind" in entry.metadata:
            values[entry.name] = _value(entry, prefix + entry.name, settings, path.parent)
        else:
            values[entry.name] = path
    return of(**values) if len(settings.faults) == faults_before else None


def _subtable(entry: dataclasses.Field[Any], prefix: str, settings: Settings, path: Path) -> Any:
    is_given = any(key.startswith(prefix) and setting.raw != "" for key, setting in settings.by_key.items())
    if entry.metadata["is_optional"] and not is_given:
        return None
    return _table(entry.metadata["table"], prefix, settings, path)


def _value(entry: dataclasses.Field[Any], key: str, settings: Settings, folder: Path) -> Any:
    kind: Kind = entry.metadata["kind"]
    setting = settings.by_key.get(key)
    if setting is not None and setting.raw is None:
        return None  # its secret file could not be read, which has been said
    if entry.default is None and (setting is None or setting.raw == ""):
        return None
    if setting is None and entry.default is dataclasses.MISSING:
        settings.faults.append(ConfigurationFault(key=key, found="missing", expected=kind.expected))
        return None
    if setting is None:
        # Defaults take the same way as what is written, for the paths among them to be made absolute.
        return kind.read(_as_written(entry.default), folder)
    try:
        return kind.read(setting.raw, folder)
    except ValueError:
        settings.faults.append(_wrong(setting, kind, is_secret=entry.metadata["is_secret"]))
        return None


def _as_written(default: Any) -> Any:
    if isinstance(default, tuple):
        return list(default)
    return str(default) if isinstance(default, Path) else default


def _wrong(setting: Setting, kind: Kind, *, is_secret: bool) -> ConfigurationFault:
    suggestion = None
    for word in setting.raw if isinstance(setting.raw, list) else [setting.raw]:
        if isinstance(word, str) and not is_secret:
            suggestion = suggestion or _suggest(word, list(kind.choices()))
    found = describe(setting.raw, is_secret=is_secret)
    return ConfigurationFault(key=setting.name, found=found, expected=kind.expected, suggestion=suggestion)


def _suggest(word: str, choices: list[str]) -> str | None:
    found = None if word in choices else closest(word, choices)
    return f'"{found}"' if found else None


def _contradictions(config: Config) -> Iterator[ConfigurationFault]:
    """What is wrong only together with another key."""
    google, mail, site = config.google, config.mail, config.site
    if site.secret_key == PLACEHOLDER_KEY and not _is_loopback(site.public_url):
        expected = "a key of its own, because this one is public; `governance init` makes one"
        yield ConfigurationFault(key="site.secret_key", found="the example's", expected=expected)
    if "calendar" not in google.services:
        found = describe(list(google.services))
        yield ConfigurationFault(key="google.services", found=found, expected='"calendar" among them')
    if google.push and google.api_root is None and not site.public_url.startswith("https://"):
        expected = "false, or a site.public_url with https, which Google asks for"
        yield ConfigurationFault(key="google.push", found="true", expected=expected)
    if mail.transport == "smtp" and mail.smtp.host is None:
        expected = 'a mail server, because mail.transport is "smtp"'
        yield ConfigurationFault(key="mail.smtp.host", found="missing", expected=expected)
    if mail.transport == "gmail" and "gmail" not in google.services:
        found = describe(list(google.services))
        expected = '"gmail" among them, because mail.transport is "gmail"'
        yield ConfigurationFault(key="google.services", found=found, expected=expected)
    if mail.transport != "folder" and mail.sender is None:
        expected = f'an address, because mail.transport is "{mail.transport}"'
        yield ConfigurationFault(key="mail.sender", found="missing", expected=expected)


def _is_loopback(public_url: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(public_url).hostname in {"localhost", "127.0.0.1", "::1"}
