"""How departments are told apart: by name, with case and space folded and nothing else guessed."""

from __future__ import annotations


def fold_department(name: str) -> str:
    return tidy_name(name).casefold()


def tidy_name(name: str) -> str:
    """Without surrounding space, and with one space between words."""
    return " ".join(name.split())
