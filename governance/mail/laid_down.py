"""Mails as the folder transport laid them down, newest first, to be looked at in the demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import cast

MOST = 100
_LINK = re.compile(r"^ *(?P<label>\S[^\n]{0,199}):\n *(?P<address>https?://\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LaidDown:
    """`links` are label and address, as the text of the mail has them."""

    name: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str
    files: tuple[str, ...]

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        return tuple((match["label"], match["address"]) for match in _LINK.finditer(self.text))


def laid_down(folder: Path | None) -> tuple[LaidDown, ...]:
    return tuple(_newest(folder)) if folder and folder.is_dir() else ()


def read_mail(content: bytes, *, name: str, at: datetime) -> LaidDown:
    """A finished mail as a mail program shows it."""
    mail = BytesParser(policy=policy.default).parsebytes(content)
    text, html = (cast(EmailMessage | None, mail.get_body((kind,))) for kind in ("plain", "html"))
    return LaidDown(
        name=name,
        at=at,
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=_content(text),
        html=_content(html),
        files=tuple(part.get_filename() or "a file" for part in mail.iter_attachments()),
    )


def _content(part: EmailMessage | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _newest(folder: Path) -> Iterator[LaidDown]:
    files = [(path.stat().st_mtime, path) for path in folder.glob("*.eml") if not path.name.startswith(".")]
    for changed, path in sorted(files, reverse=True)[:MOST]:
        yield read_mail(path.read_bytes(), name=path.stem, at=datetime.fromtimestamp(changed, UTC))
