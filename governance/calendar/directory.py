"""What the organisation's Directory says of addresses: a person with all their addresses, a group, or nobody known.

Nothing is remembered between calls. An address that cannot be answered now is left out, because
*unknown* is an answer on which people are taken off an invitation.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from governance.calendar.calling import Caller
from governance.calendar.client import quota_user
from governance.calendar.denials import Asked
from governance.calendar.refusals import unbelievable
from governance.domain.people import fold_address
from governance.reconcile.ports import AddressKind, CalendarTrouble, DirectoryEntry, NotFound, Unbelievable
from governance.reconcile.received import Contradiction

logger = logging.getLogger(__name__)

_USER_FIELDS = "kind,id,primaryEmail,aliases,name/fullName,organizations,suspended,archived"
_GROUP_FIELDS = "kind,id,email,name"
# A user of another domain is refused like this too, so it says nothing about the next address.
_ABOUT_ONE_ADDRESS = frozenset({"google-forbidden", "google-invalid"})


class GoogleDirectory:
    """Implements `DirectoryPort`, acting as one administrator."""

    def __init__(self, caller: Caller, *, subject: str) -> None:
        self._caller = caller
        self._subject = subject

    def look_up(self, addresses: Iterable[str]) -> dict[str, DirectoryEntry]:
        """See `DirectoryPort`; keys are the folded addresses. Never raises."""
        found: dict[str, DirectoryEntry] = {}
        for address in dict.fromkeys(map(fold_address, addresses)):
            try:
                found[address] = self.look_up_one(address)
            except CalendarTrouble as trouble:
                if not _concerns_one_address(trouble):
                    logger.warning("The Directory cannot be asked now", extra={"code": trouble.code})
                    break
        return found

    def look_up_one(self, address: str) -> DirectoryEntry:
        """What the Directory says of one address. Raises CalendarTrouble."""
        user = self._get("users", "userKey", address, fields=_USER_FIELDS)
        if user is not None:
            return self._checked(_user_entry, user)
        group = self._get("groups", "groupKey", address, fields=_GROUP_FIELDS)
        if group is not None:
            return self._checked(_group_entry, group)
        return DirectoryEntry(AddressKind.UNKNOWN, (address,))

    def _get(self, resource: str, key: str, address: str, *, fields: str) -> Any:
        parameters = {key: address, "fields": fields, "quotaUser": quota_user(self._subject)}
        try:
            return self._caller.read(lambda client: getattr(client, resource).get(**parameters), self._asked())
        except NotFound:
            return None

    def _checked(self, entry_of: Any, answer: Any) -> DirectoryEntry:
        try:
            made: DirectoryEntry = entry_of(answer)
        except Contradiction as why:
            raise unbelievable(self._asked(), str(why)) from None
        return made

    def _asked(self) -> Asked:
        return self._caller.credentials.asked(self._subject)


def _concerns_one_address(trouble: CalendarTrouble) -> bool:
    return trouble.code in _ABOUT_ONE_ADDRESS or isinstance(trouble, Unbelievable)


def _user_entry(user: Any) -> DirectoryEntry:
    if not isinstance(user, dict) or user.get("kind") != "admin#directory#user":
        raise Contradiction("it is no user")
    primary, aliases = user.get("primaryEmail"), user.get("aliases", [])
    if not isinstance(primary, str) or not isinstance(aliases, list):
        raise Contradiction("a user has no address")
    given = (primary, *(alias for alias in aliases if isinstance(alias, str)))
    name = user.get("name")
    return DirectoryEntry(
        kind=AddressKind.USER,
        addresses=tuple(dict.fromkeys(map(fold_address, given))),
        directory_id=_text(user.get("id")),
        name=_text(name.get("fullName")) if isinstance(name, dict) else None,
        department=_department(user.get("organizations")),
        is_suspended=user.get("suspended") is True or user.get("archived") is True,
    )


def _group_entry(group: Any) -> DirectoryEntry:
    if not isinstance(group, dict) or group.get("kind") != "admin#directory#group":
        raise Contradiction("it is no group")
    if not isinstance(group.get("email"), str):
        raise Contradiction("a group has no address")
    return DirectoryEntry(
        kind=AddressKind.GROUP,
        addresses=(fold_address(group["email"]),),
        directory_id=_text(group.get("id")),
        name=_text(group.get("name")),
    )


def _department(organizations: Any) -> str | None:
    """Of the primary entry, or of the only one: of several equals none is better than the others."""
    entries = [entry for entry in organizations if isinstance(entry, dict)] if isinstance(organizations, list) else []
    primary = [entry for entry in entries if entry.get("primary") is True] or entries
    return _text(primary[0].get("department")) if len(primary) == 1 else None


def _text(found: Any) -> str | None:
    return found.strip() or None if isinstance(found, str) else None
