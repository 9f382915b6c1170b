"""Lays every mail down as a file, whole or not at all, and sends nothing: for the demo, and for trying things out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from governance.mail.ports import Later, Outcome, Sent, Unreachable
from governance.mail.ready import Ready

_NAME = re.compile(r"[^A-Za-z0-9-]+")


class FolderTransport:
    """The folder is asked by file name; the same mail laid down again replaces itself."""

    can_be_asked = True

    def __init__(self, folder: Path, *, may_send: Callable[[], bool] = lambda: True) -> None:
        self._folder = folder
        self._may_send = may_send

    @contextmanager
    def connect(self) -> Iterator[FolderTransport]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(_later(self._folder, error)) from None
        yield self

    def send(self, ready: Ready) -> Outcome:
        if not self._may_send():
            return Later("lease-lost", "Leave it to the worker that has it now.", is_server=True)
        target = self._folder / _file_name(ready)
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as file:
                file.write(ready.content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            return _later(self._folder, error)
        return Sent(target.name)

    def find(self, message_id: str) -> Sent | bool | None:
        with suppress(OSError):
            for file in self._folder.glob(f"*{_ending(message_id)}"):
                if not file.name.startswith("."):
                    return Sent(file.name)
        return None


def _later(folder: Path, error: OSError) -> Later:
    reason = (error.strerror or str(error)).lower()
    return Later("mail-folder", f"Let this account write to {folder}: {reason}.", is_server=True)


def _file_name(ready: Ready) -> str:
    return f"{_day(ready.content)}{_ending(ready.message_id)}"


def _ending(message_id: str) -> str:
    """The part of the id before the @ is ours and unique."""
    return f"-{_NAME.sub('-', message_id.strip('<>').partition('@')[0])}.eml"


def _day(content: bytes) -> str:
    """When the mail says it was written, so that the folder is in that order."""
    stated = BytesHeaderParser().parsebytes(content).get("Date", "")
    try:
        return parsedate_to_datetime(stated).strftime("%Y-%m-%d")
    except (ValueError, TypeError):
        return "undated"
