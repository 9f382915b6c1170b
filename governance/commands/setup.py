"""`init`, `migrate`, `check` and `sign-in`: what an operator does once."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from governance.commands.output import json_argument, print_json
from governance.commands.site import now, open_site, read_config
from governance.domain.errors import GovernanceError


class NotAnAdministrator(GovernanceError):
    """The address is none of the configured administrators'."""


def init_arguments(_parser: ArgumentParser) -> None:
    pass


def init(given: Namespace) -> int:
    from governance.config import write_first_config

    path = Path(given.config or os.environ.get("GOVERNANCE_CONFIG") or "config.toml").expanduser().absolute()
    write_first_config(path)
    print(f"Enter google.credentials, site.domains and site.admins in {path}, then run `governance check`.")
    return 0


def migrate_arguments(_parser: ArgumentParser) -> None:
    pass


def migrate(given: Namespace) -> int:
    from governance.database import Database

    config = read_config(given)
    database = Database(config.database.url, migration_url=config.database.migration_url)
    was_current = database.is_current()
    database.migrate()
    print(
        "The database was at the current schema already." if was_current else "The database is at the current schema."
    )
    return 0


def check_arguments(parser: ArgumentParser) -> None:
    json_argument(parser)


def check(given: Namespace) -> int:
    from governance.commands.checks import run_checks

    checks = run_checks(given)
    is_well = all(one.ok for one in checks)
    if given.json:
        print_json({"ok": is_well, "checks": [one.to_json() for one in checks]})
    else:
        for one in checks:
            print(f"{'ok  ' if one.ok else 'FAIL'}  {one.name}{f': {one.remedy}' if one.remedy else ''}")
    return 0 if is_well else 1


def sign_in_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "email", nargs="?", metavar="EMAIL", help="an administrator (default: the first of site.admins)"
    )


def sign_in(given: Namespace) -> int:
    from governance.commands.acting import on_behalf_of
    from governance.domain.access import THE_SITE, Act, may
    from governance.services.sign_in import make_sign_in_link

    site = open_site(given)
    admins = site.config.site.admins
    if not admins:
        raise NotAnAdministrator(f"Enter the administrators' addresses as site.admins in {site.config.path}")
    moment = now()
    with site.database.reading() as session:
        address, actor = on_behalf_of(site, session, given.email or admins[0], moment)
    if not may(actor, Act.RUN, THE_SITE):
        remedy = f"Choose one of {', '.join(admins)}, or enter {address} in site.admins"
        raise NotAnAdministrator(remedy, "everybody else gets their sign-in address by mail")
    with site.database.writing() as session:
        link = make_sign_in_link(
            session, address=address, is_admin=True, now=moment, public_url=site.config.site.public_url
        )
    print(link)
    return 0
