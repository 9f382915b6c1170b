"""Mails that are to be posted, as values: what a decider answers with, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from governance.mail.facts import Facts
from governance.services.links import LASTS, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """A link that the mail carries under this name, made when the mail is posted; of a mail about several meetings
    it says which it is about.
    """

    name: str
    purpose: Purpose
    thing: Mapping[str, Any]
    lasts: timedelta = LASTS
    meeting: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One mail to one person (their id) or to the address of somebody who is none of ours.

    `about` makes it another one than the last of its kind; `limit_minor` and `money_minor` are the facts' limit and
    money, whose currency only the reader of the row knows.
    """

    facts: Facts
    about: str
    to: UUID | str
    links: tuple[LinkWish, ...] = ()
    limit_minor: int | None = field(default=None)
    money_minor: int | None = field(default=None)
