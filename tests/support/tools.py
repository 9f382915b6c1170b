"""Marks for tests that need a program of the system: without it they are skipped, with what to install."""

from __future__ import annotations

import shutil

import pytest


def needs(program: str, *, package: str | None = None) -> pytest.MarkDecorator:
    """`@needs("strace")` skips where the program is missing; `package` when it is called otherwise."""
    package = package or program
    return pytest.mark.skipif(
        shutil.which(program) is None,
        reason=f"Install {package} (on Debian: apt-get install {package}): there is no {program} here.",
    )
