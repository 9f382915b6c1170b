"""How often one client may try what costs something or could be guessed at."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from flask import request
from sqlalchemy.orm import Session

from governance.services import throttles
from governance.services.throttles import Throttle
from web.site import site

_A_WHILE = timedelta(minutes=15)
# A whole company may come from one address.
ASKING = Throttle("asking for a link", limit=60, window=_A_WHILE)
TRYING = Throttle("trying a link", limit=60, window=_A_WHILE)
RETURNING = Throttle("coming back from Google", limit=60, window=_A_WHILE)


def count(throttle: Throttle) -> None:
    """Count this request in a transaction of its own: it counts whatever becomes of it. May raise `TooOften`."""
    with site().database.writing() as session:
        count_in(session, throttle)


def count_in(session: Session, throttle: Throttle) -> None:
    throttles.count(session, throttle, _client(), site().clock())


def _client() -> str:
    """Where the request comes from; behind trusted proxies that is what they say."""
    given = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        # One household or machine has as many addresses as it likes, all of them in one network of 64 bits.
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
