"""`backup` and `restore`: a consistent copy of the database, and putting one back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from governance.commands.site import now, open_site, read_config


def backup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="where the copy is to lie")
    parser.add_argument("--force", action="store_true", help="replace a file of that name")


def backup(given: Namespace) -> int:
    from governance.backups.keeping import back_up

    place = Path(given.file).expanduser().absolute()
    back_up(open_site(given).database, place, may_replace=given.force, now=now())
    print(f"Wrote {place}.")
    return 0


def restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file that `governance backup` has written")
    parser.add_argument("--yes", action="store_true", help="put it in the place of a database that is not empty")


def restore(given: Namespace) -> int:
    """The database is not opened as elsewhere: the one that is there may be damaged, old, new, or missing."""
    from governance.backups.keeping import restore as put_back
    from governance.database import Database

    config = read_config(given)
    database = Database(config.database.url, migration_url=config.database.migration_url)
    done = put_back(database, Path(given.file).expanduser().absolute(), may_replace=given.yes, now=now())
    print(f"The database is that of {given.file}, and marked as restored.")
    if done.kept is not None:
        print(f"The one before is kept as {done.kept}.")
    print("Start the service; then `governance plan SLUG` shows what each meeting holds until you approve it.")
    if done.marked.mails:
        mails = "One mail waits" if done.marked.mails == 1 else f"{done.marked.mails} mails wait"
        print(f"{mails} for your word: `governance mail list`.")
    return 0
