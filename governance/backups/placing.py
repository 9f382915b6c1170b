"""A file comes into being beside its place and takes it when it is whole and on the disk; whatever dies meanwhile.

What a death leaves beside the place is swept away by the next one, once it is old enough to be nobody's.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from governance.backups.refusals import NotPlaced

_PART = ".part"
_NOBODYS_AFTER_SECONDS = 24 * 3600.0
_BESIDE_SQLITE = ("-wal", "-shm", "-journal")


@contextmanager
def placed(place: Path, *, may_replace: bool) -> Iterator[Path]:
    """The file to be written, for its owner alone; it is at `place` when the block ends well, and gone otherwise."""
    part = _new_part(place)
    try:
        yield part
        put(part, place, may_replace=may_replace)
    finally:
        remove_with_company(part)


@contextmanager
def beside(place: Path) -> Iterator[Path]:
    """A file beside `place` that is gone at the end, unless it was put somewhere."""
    part = _new_part(place)
    try:
        yield part
    finally:
        remove_with_company(part)


def put(part: Path, place: Path, *, may_replace: bool) -> None:
    """At once, and on the disk when this returns."""
    try:
        _sync(part)
        if may_replace:
            part.replace(place)
        else:
            _link(part, place)
        _sync(place.parent)
    except OSError as error:
        raise not_placed(place, error) from error


def remove_with_company(path: Path) -> None:
    """A file with what SQLite keeps beside it."""
    for suffix in (*_BESIDE_SQLITE, ""):
        with suppress(OSError):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


def company_of(path: Path) -> list[Path]:
    """What SQLite keeps beside this file."""
    return [beside for suffix in _BESIDE_SQLITE if (beside := Path(f"{path}{suffix}")).exists()]


def not_placed(place: Path, error: OSError) -> NotPlaced:
    why = (error.strerror or str(error)).lower()
    if isinstance(error, FileExistsError):
        return NotPlaced("Choose another name, or add --force to replace it", f"{place} exists already")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotPlaced(f"Create the folder {place.parent}", f"{place} is to lie there")
    if isinstance(error, PermissionError):
        return NotPlaced(f"Give this account the right to write {place.parent}", why)
    return NotPlaced(f"Check the disk of {place.parent} for space and faults", why)


def _new_part(place: Path) -> Path:
    beginning = f".{place.name}."
    try:
        _sweep(place.parent, beginning)
        number, name = tempfile.mkstemp(prefix=beginning, suffix=_PART, dir=place.parent)
        os.close(number)
    except OSError as error:
        raise not_placed(place, error) from error
    return Path(name)


def _sweep(folder: Path, beginning: str) -> None:
    for left in folder.glob(f"{beginning}*{_PART}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _NOBODYS_AFTER_SECONDS:
                left.unlink()


def _link(part: Path, place: Path) -> None:
    """Unlike a rename this never takes the place of another file; where there are no links, it is looked for before."""
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except OSError:
        if place.exists():
            raise FileExistsError(place) from None
        part.replace(place)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
