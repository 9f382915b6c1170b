"""`governance mail …`: what waits for a person, and the person's word on it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from governance.commands.misuse import NotUnderstood
from governance.commands.output import instant, json_argument, print_json, print_table
from governance.commands.site import OPERATOR, now, open_site

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from governance.services.mail_queue import QueuedMail

_STATES = ("held", "unclear", "failed", "waiting")


def list__arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--state", metavar="STATE", choices=_STATES, help=f"only these: {', '.join(_STATES)}")
    json_argument(parser)


def list_(given: Namespace) -> int:
    from governance.services.mail_queue import list_mails
    from governance.store.system_page import TROUBLED

    site = open_site(given)
    with site.database.reading() as session:
        found = list_mails(session, [given.state] if given.state else TROUBLED)
    if given.json:
        print_json({"mails": [_mail_json(one) for one in found]})
    elif found:
        print_table(["ID", "STATE", "KIND", "MEETING", "TO", "DUE", ""], [_mail_row(one) for one in found])
    else:
        print(f"No mail is {given.state}." if given.state else "No mail waits for your word.")
    return 0


def _mail_json(one: QueuedMail) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "state": one.state,
        "hold": one.hold,
        "kind": one.kind,
        "meeting": one.meeting,
        "to": one.address,
        "due": instant(one.due_at),
        "may_be_out": one.may_be_out,
        "problem": one.problem,
    }


def _mail_row(one: QueuedMail) -> list[str]:
    remarks = ["may have gone out already"] if one.may_be_out else []
    remarks += [one.problem] if one.problem else []
    state = f"{one.state}, {one.hold}" if one.hold else one.state
    return [
        str(one.id),
        state,
        one.kind,
        one.meeting or "–",
        one.address,
        instant(one.due_at) or "–",
        "; ".join(remarks),
    ]


def send_arguments(parser: ArgumentParser) -> None:
    _which(parser)


def send(given: Namespace) -> int:
    from governance.services.mail_queue import release

    _check(given, "send")
    site = open_site(given)
    with site.database.writing() as session:
        many = release(session, _ids(session, given), by=OPERATOR, now=now())
    return _say(given, many, "sent", "to be sent")


def drop_arguments(parser: ArgumentParser) -> None:
    _which(parser)
    parser.add_argument("--reason", metavar="TEXT", help="why, for the ledger")


def drop(given: Namespace) -> int:
    from governance.services.mail_queue import drop as never_send

    _check(given, "drop")
    site = open_site(given)
    with site.database.writing() as session:
        many = never_send(session, _ids(session, given), by=OPERATOR, now=now(), why=given.reason)
    return _say(given, many, "dropped", "dropped")


def undeliverable_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--clear", metavar="ADDRESS", help="send there again: the address was mended")
    json_argument(parser)


def undeliverable(given: Namespace) -> int:
    from governance.services.mail_queue import clear_address, refused_addresses

    site = open_site(given)
    was_refused = False
    if given.clear:
        with site.database.writing() as session:
            was_refused = clear_address(session, given.clear, now=now())
    with site.database.reading() as session:
        found = refused_addresses(session)
    if given.json:
        addresses = [{"address": one.address, "since": instant(one.since), "problem": one.why} for one in found]
        print_json({"addresses": addresses})
    elif given.clear:
        print(f"{given.clear} is written to again." if was_refused else f"{given.clear} was not set aside.")
    elif found:
        print_table(["ADDRESS", "SINCE", ""], [[one.address, instant(one.since) or "–", one.why] for one in found])
    else:
        print("No address is set aside.")
    return 0


def _which(parser: ArgumentParser) -> None:
    parser.add_argument("ids", metavar="ID", nargs="*", help="as `governance mail list` shows it, or its beginning")
    parser.add_argument("--all-held", action="store_true", help="all that are held")
    json_argument(parser)


def _check(given: Namespace, name: str) -> None:
    if bool(given.ids) == bool(given.all_held):
        raise NotUnderstood(f"Name the mails or --all-held, and not both: `governance mail {name} --help` says more.")


def _ids(session: Session, given: Namespace) -> list[UUID]:
    from governance.services.mail_queue import all_held, mail_ids

    return all_held(session) if given.all_held else mail_ids(session, given.ids)


def _say(given: Namespace, many: int, key: str, words: str) -> int:
    if given.json:
        print_json({key: many})
    elif many == 0:
        print("No mail is held.")
    else:
        print(f"One mail is {words}." if many == 1 else f"{many} mails are {words}.")
    return 0
