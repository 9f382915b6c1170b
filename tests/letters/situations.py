"""Weeks of the seeded quarter as the facts of their mails, and what those mails must look like to the byte.

`python -m tests.letters.situations` writes what the program makes of them to `tests/letters/golden/`, to be read before
it is committed; with `--pictures` also the pictures of `docs/pictures/`, in a browser and at the width of a phone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from governance.mail.building import Mail, build
from governance.mail.facts import Facts
from governance.mail.facts_of_summaries import BriefAsked, BriefChanged, Summary
from governance.mail.kinds import KINDS
from governance.mail.letter import Context
from governance.seed import cast, summed
from governance.seed.letters import PUBLIC_URL, SITE
from governance.seed.summed import MEETING, SLUG, Week
from tests.letters.reading import read

GOLDEN = Path(__file__).parent / "golden"
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PHONE = (375, 812)

WEEK = Week.of(date(2026, 11, 26))
_NOBODY_KNOWS = "Somebody with a name that is longer than any column, from the house by the river"
_RIGHT_TO_LEFT = ("שרה כהן", "محمد الأمين", "فاطمة الزهراء")
_HOSTILE = (
    "<script>window.hit=1</script>",
    "Weekly\r\nBcc: mallory@evil.example",
    "=?utf-8?q?x=0D=0ABcc=3A_mallory=40evil.example?=",
    '"><a href="https://evil.example">Confirm</a>',
    "[Pay here](https://evil.example) {{ 7 * 7 }}",
    "\u202egnp.exe\u202c and </td></tr></table>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`changed` is what the mail knows besides its facts, where it is not as usual."""

    facts: Facts
    to: cast.Character
    links: tuple[str, ...] = ()
    changed: Mapping[str, Any] | None = None


def mail_of(name: str) -> Mail:
    situation = SITUATIONS[name]
    kind = KINDS[situation.facts.KIND]
    context = Context(
        site=SITE,
        public_url=PUBLIC_URL,
        recipient=situation.to.name,
        now=WEEK.start.astimezone(UTC) + timedelta(hours=2),
        time_zone=cast.ZONE,
        meeting=None if kind.is_of_site else MEETING,
        slug=None if kind.is_of_site else SLUG,
        links={link: f"{PUBLIC_URL}/l/{_token(f'{name} {link}')}" for link in situation.links},
        preferences=f"{PUBLIC_URL}/preferences/{_token(name)}" if kind.topic and not kind.is_of_site else None,
        one_click=f"{PUBLIC_URL}/unsubscribe/{_token(name)}" if kind.topic and not kind.is_of_site else None,
    )
    return Mail(
        id=uuid5(NAMESPACE_URL, f"{PUBLIC_URL}/golden/{name}"),
        kind=kind.code,
        facts=situation.facts,
        context=replace(context, **(situation.changed or {})),
        recipient=situation.to.address,
        sender=f"{SITE} <meetings@{cast.DOMAIN}>",
        reply_to=cast.SCRIBE.address,
        date=datetime(2026, 11, 26, 11, 0, tzinfo=UTC),
    )


def said(mail: Mail) -> tuple[str, str]:
    """Text and HTML as they lie in the finished bytes; the text begins with the subject."""
    from email.header import decode_header, make_header

    found = read(build(mail).content)
    subject = make_header(decode_header(found.header("Subject")))
    return f"Subject: {subject}\n\n{found.text('text/plain')}", found.text("text/html")


def _token(text: str) -> str:
    return uuid5(NAMESPACE_URL, text).hex[:22]


def _bare(**fields: Any) -> Summary:
    """A week of which nothing is known but what is said."""
    return Summary(
        **{"reader": "seat", "start": WEEK.starts, "end": WEEK.ends, "since": WEEK.at(-7), "heads": _HEADS, **fields}
    )


_HEADS = {"chain": SLUG, "seq": 1_204, "hash": summed.HASH}
_NEXT = {"start": WEEK.at(7), "end": WEEK.at(7, hours=1)}
_BOTH = ("settle:0", "settle:1")


def _everything_late() -> list[dict[str, Any]]:
    one = summed.owed(WEEK)[0]
    texts = ("A new price list", "The contract with the north depot", "An answer to Fjordfisk", "The list of refunds")
    return [
        {**one, "text": text, "due_on": WEEK.day(-days), "days": -days, "link": f"settle:{at}"}
        for at, (text, days) in enumerate(zip(texts, (1, 7, 15, 90), strict=True))
    ]


def _everybody(state: str) -> list[dict[str, Any]]:
    return summed.attendance(**{one.name.replace(" ", "_"): (state, None) for one in cast.DECISIONS})


def _renamed(names: tuple[str, ...], titles: tuple[str, ...]) -> Summary:
    """The usual week in which every name and title is another one."""
    week = summed.summary(WEEK)
    return replace(
        week,
        owed=[{**one, "text": titles[at % len(titles)]} for at, one in enumerate(week.owed)],
        closed=[
            {**one, "title": titles[at % len(titles)], "owner": names[at % len(names)], "customer": titles[-1 - at]}
            for at, one in enumerate(week.closed)
        ],
        open=[{**one, "title": titles[0], "missing": [titles[1]]} for one in week.open],
        committed=[{**one, "title": titles[2]} for one in week.committed],
        attendance=[{**one, "who": names[at % len(names)]} for at, one in enumerate(week.attendance)],
        question={"text": titles[1], "takers": [{"name": names[0], "outcome": "answered", "answer": titles[0]}]},
        roster=[{**one, "who": names[0], "before": names[1]} for one in week.roster],
        next={
            **_NEXT,
            "items": [{"title": title, "purpose": "decide", "minutes": 10, "by": names[0]} for title in titles],
            "away": [{"department": "Legal", "who": names[1], "stand_in": names[2 % len(names)]}],
        },
        brief={"goes_at": WEEK.at(1, hours=2), "sentences": list(titles[:2])},
    )


_LONG_TITLES = (
    "Whether customers of the northern depots may order until six in the evening of the day before, also on holidays",
    "An own contact for everybody who orders more than once a week and has complained more than twice in this quarter",
    "Lieferkettensorgfaltspflichtengesetzesberichterstattungsverantwortungsübernahme",
)
_RIGHT_TO_LEFT_TITLES = ("قرار بشأن التسليم المتأخر", "רשימת מחירים חדשה ל־2027", "Fjordfisk (פיורדפיסק) 24")

SITUATIONS: Mapping[str, Situation] = {
    "ordinary-week": Situation(facts=summed.summary(WEEK), to=cast.AMARA, links=_BOTH),
    "lead-week": Situation(facts=summed.lead_summary(WEEK), to=cast.CHAIR),
    "quiet-week": Situation(
        facts=_bare(start=None, end=None, owed=summed.owed(WEEK), heads=None), to=cast.AMARA, links=_BOTH
    ),
    "cancelled": Situation(facts=_bare(is_cancelled=True, next=_NEXT), to=cast.AMARA),
    "cancelled-the-last": Situation(facts=_bare(is_cancelled=True), to=cast.AMARA),
    "first-week": Situation(
        facts=_bare(
            attendance=summed.attendance(Legal=("on-time", None), Sales=("early", None)),
            roster=[
                {"department": one.name, "what": "joined", "who": one.delegate.name, "on": WEEK.day(0)}
                for one in cast.DECISIONS[:3]
                if one.delegate
            ],
            next={**_NEXT, "items": [], "away": []},
        ),
        to=cast.AMARA,
    ),
    "fourteen-decisions": Situation(
        facts=summed.summary(
            WEEK,
            closed=summed.many_closed(WEEK, 14),
            committed=[
                {"ref": one["number"], "title": one["title"], "said": at, "of": 8}
                for at, one in enumerate(summed.many_closed(WEEK, 9))
            ],
        ),
        to=cast.AMARA,
        links=_BOTH,
    ),
    "nobody-came": Situation(facts=_bare(attendance=_everybody("absent"), next=summed.following(WEEK)), to=cast.AMARA),
    "stand-in-for-all": Situation(
        facts=summed.summary(WEEK, owed=[], attendance=_everybody("stand-in"), question=None), to=cast.LUCJA
    ),
    "chair-on-leave": Situation(
        facts=summed.lead_summary(
            WEEK,
            owed=summed.owed(WEEK)[1:],
            lead={**summed.lead(WEEK), "held": 1, "suggestion": None, "say_do": []},
            roster=[{"department": "Executive Office", "what": "left", "who": cast.CHAIR.name, "on": WEEK.day(1)}],
        ),
        to=cast.NADIA,
        links=("settle:1",),
    ),
    "long-names": Situation(
        facts=_renamed((_NOBODY_KNOWS, f"Dr. {_NOBODY_KNOWS}", cast.LUCJA.name), _LONG_TITLES),
        to=cast.AMARA,
        links=_BOTH,
        changed={"meeting": "Customer decisions of all departments of Halvorsen Cold Chain and of its daughters"},
    ),
    "right-to-left": Situation(
        facts=_renamed(_RIGHT_TO_LEFT, _RIGHT_TO_LEFT_TITLES),
        to=cast.NADIA,
        links=_BOTH,
        changed={"recipient": _RIGHT_TO_LEFT[1]},
    ),
    "hostile-titles": Situation(
        facts=_renamed(_HOSTILE[:3], _HOSTILE), to=cast.AMARA, links=_BOTH, changed={"meeting": _HOSTILE[2]}
    ),
    "one-decision": Situation(facts=_bare(closed=summed.closed(WEEK)[:1], next={**_NEXT, "items": []}), to=cast.EMRE),
    "everything-late": Situation(
        facts=summed.summary(WEEK, owed=_everything_late(), closed=[], committed=[], open=[]),
        to=cast.AMARA,
        links=tuple(f"settle:{at}" for at in range(4)),
    ),
    "commitments-owed": Situation(
        facts=_bare(
            owed=[
                {
                    "kind": "commitment",
                    "text": summed.CREDITS,
                    "due_on": None,
                    "days": None,
                    "number": "D-2026-014",
                    "path": "decisions/D-2026-014",
                    "link": "commit:0",
                }
            ],
            closed=summed.closed(WEEK)[:1],
            committed=[{"ref": "D-2026-014", "title": summed.CREDITS, "said": 0, "of": 8}],
        ),
        to=cast.HENRIK,
        links=("commit:0",),
    ),
    "unknown-attendance": Situation(
        facts=summed.summary(WEEK, owed=[], attendance=_everybody("unknown")), to=cast.AMARA
    ),
    "only-the-next": Situation(facts=_bare(next=summed.following(WEEK)), to=cast.AMARA),
    "several-meetings": Situation(facts=summed.summaries(WEEK), to=cast.AMARA, links=(*_BOTH, "settle:2")),
    "brief": Situation(facts=summed.brief(WEEK), to=cast.LEADER),
    "brief-one-decision": Situation(
        facts=summed.brief(
            WEEK, closed=[{**summed.closed(WEEK)[0], "customer_effect": ""}], kept=[], waiting=[], needs=""
        ),
        to=cast.LEADER,
    ),
    "brief-fourteen-decisions": Situation(
        facts=summed.brief(
            WEEK, closed=[{**one, "customer_effect": "They order later."} for one in summed.many_closed(WEEK, 14)]
        ),
        to=cast.LEADER,
    ),
    "brief-below-the-floor": Situation(facts=summed.brief(WEEK, promises=None, kept=[]), to=cast.LEADER),
    "brief-without-measures": Situation(facts=summed.brief(WEEK, measures=[], waiting=[], needs=""), to=cast.LEADER),
    "brief-nothing-new": Situation(
        facts=summed.brief(WEEK, closed=[], kept=[], waiting=[], needs="", promises=None), to=cast.LEADER
    ),
    "brief-asked": Situation(
        facts=BriefAsked(
            start=WEEK.starts,
            department="Legal",
            asked_by=cast.HENRIK.name,
            goes_at=WEEK.at(1, hours=2),
            text="Please say that the credits hold for this December only.",
        ),
        to=cast.CHAIR,
    ),
    "brief-changed": Situation(
        facts=BriefChanged(start=WEEK.starts, goes_at=WEEK.at(2, hours=2), sentences=summed.sentences(WEEK)),
        to=cast.HENRIK,
    ),
    "brief-let-go": Situation(
        facts=BriefChanged(
            start=WEEK.starts, goes_at=WEEK.at(4, hours=2), sentences=summed.sentences(WEEK), is_same=True
        ),
        to=cast.HENRIK,
    ),
    "sponsor-week": Situation(facts=summed.sponsor_week(WEEK), to=cast.BEATRICE),
}
"""By what sets the week apart."""

_DARK = {"everything-late", "brief-fourteen-decisions"}
PICTURED = (
    *((name, "dark" if name in _DARK else "light") for name in SITUATIONS),
    ("ordinary-week", "dark"),
)
"""Situation and colours; what a phone shows before anybody scrolls."""


def write_golden() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.iterdir():
        old.unlink()
    for name in SITUATIONS:
        text, html = said(mail_of(name))
        (GOLDEN / f"{name}.txt").write_bytes(text.encode())
        (GOLDEN / f"{name}.html").write_bytes(html.encode())


def take_pictures() -> None:
    import io

    from PIL import Image
    from playwright.sync_api import sync_playwright

    from tests.support.browser import _FLAGS, system_chromium

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=list(_FLAGS))
        for name, scheme in PICTURED:
            width, height = PHONE
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page.set_content(said(mail_of(name))[1])
            shown = Image.open(io.BytesIO(page.screenshot()))
            shown.convert("RGB").quantize(64).save(PICTURES / f"{name}-{scheme}.png", optimize=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    write_golden()
    if "--pictures" in sys.argv[1:]:
        take_pictures()
