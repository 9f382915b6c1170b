"""`governance summary`: the weekly mails of the last occurrence, sent or shown now."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from governance.commands.misuse import NotUnderstood
from governance.commands.output import json_argument, on_one_line, print_json
from governance.commands.site import Site, now, open_site


def summary_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="the meeting")
    parser.add_argument("--preview", action="store_true", help="show what would be sent, and send nothing")
    json_argument(parser)


def summary(given: Namespace) -> int:
    if given.json and not given.preview:
        raise NotUnderstood("Add --preview: --json shows the mails that would be sent.")
    site = open_site(given)
    return _preview(site, given) if given.preview else _send(site, given)


def _preview(site: Site, given: Namespace) -> int:
    from governance.services.adoption import meeting_named
    from governance.services.office import office_of
    from governance.services.summaries.by_hand import last_round, shown

    moment = now()
    with site.database.reading() as session:
        due = last_round(session, meeting_named(session, given.slug), moment)
        mails = list(shown(session, due, office_of(site.config, can_be_asked=False), moment))
    if given.json:
        names = ("to", "kind", "subject", "text", "html")
        print_json({"mails": [{name: getattr(one, name) for name in names} for one in mails]})
        return 0
    for one in mails:
        print(f"To: {one.to}\nSubject: {on_one_line(one.subject)}\n\n{one.text.rstrip()}\n\n{'=' * 72}\n")
    print(_said(len(mails), "would be sent", "would be sent", "No mail would be sent."))
    return 0


def _send(site: Site, given: Namespace) -> int:
    """The worker sends them on its way; leadership's waits for its day."""
    from governance.services.adoption import meeting_named
    from governance.services.summaries.by_hand import check_tells, last_round, ready_now
    from governance.services.summaries.posting import steps

    moment = now()
    with site.database.reading() as session:
        meeting = meeting_named(session, given.slug)
        check_tells(session, meeting, moment)
        due = last_round(session, meeting, moment)
        found = ready_now(session, due, moment)
    count = 0
    for step in steps(due, found, moment):
        with site.database.writing() as session:
            count += step(session)
    print(_said(count, "was posted", "were posted", "Everybody has theirs already."))
    return 0


def _said(number: int, one: str, several: str, none: str) -> str:
    if number == 0:
        return none
    return f"One mail {one}." if number == 1 else f"{number} mails {several}."
