"""What an answer of a mail server means. Pure: its number, its words, and what it was an answer to (RFC 5321, 3463)."""

from __future__ import annotations

import re
from typing import NamedTuple

from governance.mail.ports import Later, Refused

_ENHANCED = re.compile(r"[245]\.(\d{1,3})\.\d{1,3}\b")
_OF_ADDRESS = frozenset({"1", "2"})
"""The subjects *address* and *mailbox*; the others speak of the network, the mail or the rules of the house."""

_OF_SITE = frozenset({530, 535, 538})
"""Whoever must sign in first, or otherwise: that is no fault of a mail."""


class Answer(NamedTuple):
    code: int
    said: bytes


def refusal_of(command: str, answer: Answer) -> Later | Refused:
    """What becomes of a mail whose `command` was answered with no success."""
    code, words = answer.code, words_of(answer)
    if code == 421 or code in _OF_SITE:
        return Later(f"smtp-{code}", f"Wait, or look after the mail server: it said {words}.", is_server=True)
    if not 500 <= code < 600:
        # What is no number of the protocol says nothing for good.
        return Later(f"smtp-{code}", f"Wait: the mail server said {words}.")
    is_address = command == "RCPT" and _is_about_address(words)
    return Refused(code=f"smtp-{code}", text=f"The mail server said {words}.", is_address=is_address)


def words_of(answer: Answer) -> str:
    """On one line, and short enough to be shown."""
    said = " ".join(answer.said.decode("utf-8", "replace").split())
    shown = "".join(letter if letter.isprintable() else "?" for letter in said)[:300].rstrip(".")
    return f"“{answer.code} {shown}”" if shown else f"“{answer.code}”"


def _is_about_address(words: str) -> bool:
    found = _ENHANCED.search(words)
    return found is None or found[1] in _OF_ADDRESS
