"""Who a mail goes to and comes from, built by the address library: a name cannot become a second recipient."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.utils import parseaddr

from governance.domain.errors import GovernanceError
from governance.domain.people import checked_address
from governance.mail.safety import safe_line

_LONGEST_NAME = 60
# What means something in an address, or makes a name look like another address, is a space in a name.
_STEERING_OF_NAMES = re.compile(r'[<>@,;:"\\()\[\]]')


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, which may be empty, and an address that is surely one."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def header(self, field: str) -> str:
        """The value of the field `To`, `From` or `Reply-To`, folded, with CRLF."""
        return _written(self, field)


@functools.lru_cache(maxsize=256)
def mailbox(address: str, name: str = "") -> Mailbox | None:
    """None when no mail can be sent there. A domain in other letters is written as the name servers know it."""
    try:
        local, _, domain = checked_address(address).rpartition("@")
        plain = f"{local}@{domain.encode('idna').decode()}"
        if not plain.isprintable() or "=?" in plain:
            return None
        spec = Address(addr_spec=plain).addr_spec
    except (GovernanceError, HeaderParseError, ValueError, IndexError, AttributeError):
        return None
    shown = " ".join(_STEERING_OF_NAMES.sub(" ", safe_line(name, _LONGEST_NAME)).split())
    return Mailbox("" if shown.casefold() == address.casefold() else shown, spec) if spec == plain else None


def configured(written: str) -> Mailbox | None:
    """`Name <name@example.com>` as it stands in the configuration."""
    name, address = parseaddr(written)
    return mailbox(address, name)


@functools.lru_cache(maxsize=256)
def _written(box: Mailbox, field: str) -> str:
    written = str(Address(display_name=box.name if box.name.isascii() else "", addr_spec=box.address))
    if box.name.isascii():
        return written
    words = Header(box.name, "utf-8", header_name=field).encode(linesep="\r\n")
    return f"{words}\r\n <{written}>"
