"""Every kind of mail with the cast in it: what the demo previews, the documents show and the tests build."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from governance.mail import facts as about
from governance.mail import facts_of_summaries as told
from governance.mail.building import Mail
from governance.mail.facts import Facts
from governance.mail.kinds import KINDS
from governance.mail.letter import Context
from governance.seed import cast, charters, summed
from governance.seed.cast import DECISIONS, Character

SLUG, MEETING = "customer-decisions", "Customer Decisions"
PUBLIC_URL = "https://meetings.halvorsen.example"
SITE = "Meeting governance"
A_THURSDAY = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
"""When the examples of the documents were written: a week and an hour before the meeting that they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """`name` is the kind, and what sets this one apart from others of the kind; `reader` says who gets it."""

    name: str
    reader: str
    mail: Mail

    @property
    def kind(self) -> str:
        return self.mail.kind


@dataclass(frozen=True, slots=True)
class _Draft:
    variant: str
    reader: str
    to: Character
    facts: Facts
    links: tuple[str, ...] = ()


def examples(now: datetime = A_THURSDAY, public_url: str = PUBLIC_URL) -> tuple[Example, ...]:
    """At least one of each kind, in the order of the kinds; the dates follow from `now`."""
    drafts = list(_drafts(_Dates.after(now)))
    ordered = sorted(drafts, key=lambda draft: list(KINDS).index(draft.facts.KIND))
    return tuple(_example(draft, now, public_url) for draft in ordered)


def _example(draft: _Draft, now: datetime, public_url: str) -> Example:
    kind = KINDS[draft.facts.KIND]
    name = f"{kind.code}-{draft.variant}" if draft.variant else kind.code
    is_known = kind.code != "removed-outsider"
    mutes = kind.topic is not None
    context = Context(
        site=SITE,
        public_url=public_url,
        recipient=draft.to.name if is_known else draft.to.address,
        now=now,
        time_zone=cast.ZONE,
        meeting=None if kind.is_of_site else MEETING,
        slug=None if kind.is_of_site else SLUG,
        links={link: _address(link, name, public_url) for link in draft.links},
        preferences=f"{public_url}/preferences/{_token(name)}" if mutes else None,
        one_click=f"{public_url}/unsubscribe/{_token(name)}" if mutes else None,
    )
    mail = Mail(
        id=uuid5(NAMESPACE_URL, f"{PUBLIC_URL}/{name}"),
        kind=kind.code,
        facts=draft.facts,
        context=context,
        recipient=draft.to.address,
        sender=f"{SITE} <meetings@{cast.DOMAIN}>",
        reply_to=cast.SCRIBE.address,
        date=now,
    )
    return Example(name=name, reader=draft.reader, mail=mail)


def _address(link: str, name: str, public_url: str) -> str:
    folder = "sign-in" if link == "sign-in" else "l"
    return f"{public_url}/{folder}/{_token(f'{name} {link}')}"


def _token(text: str) -> str:
    """Looks like the real one and opens nothing."""
    return uuid5(NAMESPACE_URL, text).hex[:22]


@dataclass(frozen=True, slots=True)
class _Dates:
    today: date
    start: datetime
    """Of the next meeting: a Thursday at ten in Oslo, at least a day ahead."""

    @classmethod
    def after(cls, now: datetime) -> _Dates:
        local = now.astimezone(ZoneInfo(cast.ZONE))
        ahead = (3 - local.weekday()) % 7 or 7
        return cls(local.date(), (local + timedelta(days=ahead)).replace(hour=10, minute=0, second=0, microsecond=0))

    @property
    def starts(self) -> str:
        return self.start.astimezone(UTC).isoformat()

    @property
    def ends(self) -> str:
        return (self.start + timedelta(hours=1)).astimezone(UTC).isoformat()

    def day(self, days: int) -> str:
        return (self.today + timedelta(days=days)).isoformat()


def _drafts(dates: _Dates) -> Iterator[_Draft]:
    yield _Draft("", "whoever asks to sign in", cast.CHAIR, about.SignIn(), ("sign-in",))
    yield from _about_guests(dates)
    yield from _about_seats(dates)
    yield from _about_mandates(dates)
    yield from _about_a_day(dates)
    yield from _from_colleagues(dates)
    yield from _about_weeks(dates)


def _about_guests(dates: _Dates) -> Iterator[_Draft]:
    finance = DECISIONS[0]
    why = "Finance already has its delegate, and each department has one place"
    colleague = about.Removed(
        when=None, department=finance.name, delegate=cast.AMARA.name, delegate_address=cast.AMARA.address, why=why
    )
    yield _Draft("", "a colleague who was taken off", cast.KATJA, colleague, ("note", "apply"))
    vacant = about.Removed(
        when=dates.starts, department="Marketing", delegate=None, delegate_address=None, why="You have no seat in it"
    )
    yield _Draft("vacant", "a colleague whose department has no delegate", cast.NOOR, vacant, ("apply",))
    no_seat = about.Removed(
        when=None, department=None, delegate=None, delegate_address=None, contact=cast.CHAIR.address,
        why="You have no seat in it, and neither has your department",
    )  # fmt: skip
    yield _Draft("no-seat", "a colleague whose department has no seat", cast.LARS, no_seat, ())
    outsider = about.RemovedOutsider(when=dates.starts, contact=cast.CHAIR.address)
    yield _Draft("", "somebody from outside who was taken off", cast.WALTER, outsider)
    yield _Draft("", "chair and scribe", cast.CHAIR, _removals(dates), ("admit:0", "admit:1", "admit:2"))
    yield _Draft("", "chair and scribe", cast.SCRIBE, _held(dates), ("decide",))
    contested = about.Contested(
        deed="remove-guest", who=cast.LARS.name, when=None, times=3, reason="Lars Østby is not on the roster"
    )
    yield _Draft("", "chair and scribe", cast.CHAIR, contested, ("decide",))


def _removals(dates: _Dates) -> about.Removals:
    def one(who: Character, when: str | None, why: str, *, told: bool, note: str = "") -> dict[str, object]:
        return {"address": who.address, "name": who.name, "when": when, "why": why, "told": told, "note": note}

    everybody = Character("", cast.ALL_HANDS)
    return about.Removals(
        people=[
            one(cast.KATJA, None, "Finance already has its delegate, Amara Okafor", told=True),
            one(cast.WALTER, dates.starts, "Not on the roster", told=True),
            one(
                everybody,
                None,
                "A mailing list would invite everybody on it",
                told=False,
                note="a mailing list gets no mail of ours",
            ),
        ]
    )


def _held(dates: _Dates) -> about.Held:
    def change(deed: str, who: Character | None, rule: str, reason: str) -> dict[str, object]:
        return {"deed": deed, "who": who.name if who else None, "rule": rule, "reason": reason}

    return about.Held(
        checksum="5d41402abc4b2a76",
        whys=["More people would be taken off than a quarter of those who were invited when all was in order"],
        changes=[
            change("remove-guest", cast.LARS, "I01", "Not on the roster"),
            change("remove-guest", cast.HELENA, "I02", "Operations is represented by Piotr Wójcik"),
            change("add-guest", cast.PIOTR, "I05", "Sits for Operations and is not on the invitation"),
            change("set-flag", None, "I09", "Guests may invite others"),
        ],
        more=2,
        next=dates.starts,
    )


def _about_seats(dates: _Dates) -> Iterator[_Draft]:
    finance = DECISIONS[0]
    charter = tomllib.loads(charters.customer_decisions_at_first())
    seat = about.Seat(
        department=finance.name,
        first_day=dates.start.date().isoformat(),
        next=dates.starts,
        next_end=dates.ends,
        purpose=charter["purpose"],
        rules=charter["rules"],
        sponsor=finance.sponsor.name,
        scope=finance.scope,
        limit="EUR 50,000",
        deputies=[cast.JONAS.name],
    )
    yield _Draft("", "a new delegate", cast.AMARA, seat)
    bare = about.Seat(
        department="Human Resources",
        first_day=dates.day(0),
        next=None,
        next_end=None,
        purpose=None,
        rules=None,
        sponsor=None,
        scope=None,
        limit=None,
        deputies=[],
    )
    yield _Draft("bare", "a new delegate, before anything else is recorded", cast.SIOBHAN, bare)


def _about_mandates(dates: _Dates) -> Iterator[_Draft]:
    finance, legal = DECISIONS[0], DECISIONS[1]
    scope, limit, first, last = finance.scope, "EUR 50,000", dates.day(0), dates.day(180)
    purpose = tomllib.loads(charters.customer_decisions_at_first())["purpose"]
    asked = about.MandateRequested(
        department=finance.name,
        delegate=cast.AMARA.name,
        scope=scope,
        limit=limit,
        first_day=first,
        last_day=last,
        recorded_by=cast.SCRIBE.name,
        purpose=purpose,
    )
    yield _Draft("", "the sponsor", cast.BEATRICE, asked, ("answer",))
    unknown = about.MandateRequested(
        department=legal.name,
        delegate=cast.LUCJA.name,
        scope=None,
        limit=None,
        first_day=None,
        last_day=None,
        recorded_by=None,
        purpose=None,
        is_deputy=True,
    )
    yield _Draft("deputy", "the sponsor of a deputy", cast.ARJUN, unknown, ("answer",))
    for variant, changed in (("", False), ("changed", True)):
        confirmed = about.MandateConfirmed(
            department=finance.name,
            person=cast.AMARA.name,
            sponsor=cast.BEATRICE.name,
            scope=scope,
            limit=limit,
            first_day=first,
            last_day=last,
            changed=changed,
        )
        yield _Draft(variant, "the delegate", cast.AMARA, confirmed)
    for variant, to, to_chair in (("", cast.AMARA, False), ("chair", cast.CHAIR, True)):
        declined = about.MandateDeclined(
            department=finance.name,
            person=cast.AMARA.name,
            sponsor=cast.BEATRICE.name,
            scope=scope,
            why="Write-offs stay with me until the audit is over. Credits and payment terms would be fine.",
            to_chair=to_chair,
        )
        yield _Draft(variant, "chair and scribe" if to_chair else "the delegate", to, declined)
        withdrawn = about.MandateWithdrawn(
            department=finance.name,
            person=cast.AMARA.name,
            scope=scope,
            by=cast.BEATRICE.name,
            why=None,
            to_chair=to_chair,
        )
        yield _Draft(variant, "chair and scribe" if to_chair else "the delegate", to, withdrawn)
    for variant, to, days in (("", cast.AMARA, 14), ("sponsor", cast.BEATRICE, 3)):
        ending = about.MandateEnding(
            department=finance.name,
            person=cast.AMARA.name,
            scope=scope,
            limit=limit,
            last_day=dates.day(days),
            days=days,
            to_sponsor=variant == "sponsor",
        )
        links = ("renew",) if variant else ()
        yield _Draft(variant, "the sponsor" if variant else "the delegate", to, ending, links)


def _about_a_day(dates: _Dates) -> Iterator[_Draft]:
    start, end, legal = dates.starts, dates.ends, DECISIONS[1]
    deputies = [
        {"name": cast.LUCJA.name, "address": cast.LUCJA.address, "has_mandate": True},
        {"name": cast.ARJUN.name, "address": cast.ARJUN.address, "has_mandate": False},
    ]
    declined = about.Declined(department=legal.name, start=start, end=end, deputies=deputies)
    yield _Draft("", "the delegate", cast.HENRIK, declined, ("stand-in:0", "stand-in:1", "after-all"))
    alone = about.Declined(department="Human Resources", start=start, end=end, deputies=[])
    yield _Draft("alone", "a delegate without a deputy", cast.SIOBHAN, alone, ("after-all",))
    sponsor = about.DeclinedSponsor(
        department=legal.name, delegate=cast.HENRIK.name, start=start, end=end, deputies=deputies[:1]
    )
    yield _Draft("", "the sponsor", cast.ARJUN, sponsor, ("stand-in:0",))
    asked = about.DeputyAsked(
        department=legal.name,
        delegate=cast.HENRIK.name,
        deputy=cast.LUCJA.name,
        start=start,
        end=end,
        scope=legal.scope,
        limit=None,
    )
    yield _Draft("", "the sponsor", cast.ARJUN, asked, ("grant",))


def _about_offers(dates: _Dates) -> Iterator[_Draft]:
    made = about.OfferMade(
        department="Human Resources",
        first_day=None,
        last_day=dates.day(7),
        next=dates.starts,
        short=tomllib.loads(charters.customer_decisions_at_first())["short"],
        sponsor=cast.MARTA.name,
        by=cast.CHAIR.name,
    )
    yield _Draft("", "who waits for the seat", cast.CHIARA, made, ("accept", "decline"))

    def over(
        how: str, why: str | None = None, follows: str | None = None, *, to_chair: bool = False
    ) -> about.OfferOver:
        return about.OfferOver(
            department="Human Resources", name=cast.CHIARA.name, how=how, why=why, follows=follows, to_chair=to_chair
        )

    yield _Draft("", "chair and scribe", cast.CHAIR, over("declined", follows=cast.NOOR.name, to_chair=True))
    yield _Draft("accepted", "chair and scribe", cast.CHAIR, over("accepted", to_chair=True))
    yield _Draft("ended", "chair and scribe", cast.CHAIR, over("ended", follows=cast.CHIARA.name, to_chair=True))
    yield _Draft("own-end", "whom the seat was offered to", cast.CHIARA, over("ended"))
    why = "Márta will lead the department herself until the summer. I am sorry, and glad that you wanted to come."
    yield _Draft("withdrawn", "whom the seat was offered to", cast.CHIARA, over("withdrawn", why))
    declined = about.ApplicationDeclined(
        department="Finance", why=None, delegate=cast.AMARA.name, contact=cast.CHAIR.address
    )
    yield _Draft("", "who waited for the seat", cast.KATJA, declined)


def _about_promises(dates: _Dates) -> Iterator[_Draft]:
    text = "Refunds up to EUR 500 are paid out the same day"
    due = about.PromiseDue(text=text, due_on=dates.day(3), number="D-2026-014", days=3, has_slipped=False)
    yield _Draft("", "its owner", cast.AMARA, due, ("settle",))
    today = replace(due, due_on=dates.day(0), days=0, has_slipped=True)
    yield _Draft("today", "its owner, on the day", cast.AMARA, today, ("settle",))
    yield _Draft("late", "its owner, when it is late", cast.AMARA, replace(due, due_on=dates.day(-7), days=-7),
                 ("settle",))  # fmt: skip
    late = about.PromiseLate(
        text=text, owner=cast.AMARA.name, department="Finance", due_on=dates.day(-14), number="D-2026-014"
    )
    yield _Draft("", "the sponsor", cast.OLIVIA, late)
    asked = about.PromiseAsked(
        text=text, question="Does that hold for customers abroad?", asked_by=cast.EMRE.name, promise=_token("a promise")
    )
    yield _Draft("", "its owner", cast.AMARA, asked)
    answered = about.PromiseAnswered(
        text=text, question=asked.question, answer="Yes, from December on.", answered_by=cast.AMARA.name,
        promise=asked.promise,
    )  # fmt: skip
    yield _Draft("", "whoever asked", cast.EMRE, answered)


def _from_colleagues(dates: _Dates) -> Iterator[_Draft]:
    def asks(delegate: str | None, place: int) -> about.ApplicationMade:
        return about.ApplicationMade(
            department="Marketing", name=cast.NOOR.name, address=cast.NOOR.address, delegate=delegate, place=place
        )

    yield _Draft("", "chair and scribe", cast.CHAIR, asks(None, 1))
    yield _Draft("sponsor", "the sponsor", cast.LARS, asks(None, 2), ("endorse",))
    yield from _about_offers(dates)
    text = (
        "Amara, the credit of Fjordfisk runs out on Friday, and they would like to know before they order for "
        "December.\n\nThe papers are with Jonas. Thank you!"
    )
    note = about.NoteLeft(department="Finance", name=cast.KATJA.name, address=cast.KATJA.address, text=text)
    yield _Draft("", "the delegate", cast.AMARA, note)
    late = about.SeatAtRisk(
        department="Sales", delegate=cast.EMRE.name, to="delegate", is_warning=True, late=3, absent=0, late_limit=3,
        absent_limit=2, window=13,
    )  # fmt: skip
    yield _Draft("", "the delegate, as a warning", cast.EMRE, late)
    beyond = replace(late, is_warning=False, late=4, absent=1, make_up_until=dates.day(4))
    yield _Draft("delegate", "the delegate", cast.EMRE, beyond)
    yield _Draft("sponsor", "the sponsor", cast.OLIVIA, replace(beyond, to="sponsor"))
    yield _Draft("chair", "the chair", cast.CHAIR, replace(beyond, to="chair"))
    yield from _about_promises(dates)
    entered = about.EnteredForYou(
        department="Sales", decision="Answer complaints within two days", until=dates.ends,
        reference="0193b2a4-5c7e-7d10-8a11-2f4c6e8a9b0d",
    )  # fmt: skip
    yield _Draft("", "whoever sits for the seat", cast.EMRE, entered)
    yield from _about_decisions(dates)
    undeliverable = about.UndeliverableAddress(
        address=cast.EERO.address,
        name=cast.EERO.name,
        answer="550 5.1.1 No such person at this address",
        since=dates.day(-1),
        waiting=["you have a seat", "a mandate ends soon"],
    )
    yield _Draft("", "chair and scribe", cast.CHAIR, undeliverable)
    attention = about.Attention(
        problems=[
            {
                "code": "google-refused",
                "meeting": MEETING,
                "text": "Google lets us read the event and not change it",
                "remedy": "Share the calendar with meetings@halvorsen.example and allow changes",
            },
            {
                "code": "no-worker",
                "meeting": None,
                "text": "no worker has said for three minutes that it lives",
                "remedy": "Start “governance worker”, or look at its log",
            },
        ]
    )
    yield _Draft("", "the administrators", Character("Ola Berg", "ops"), attention)


def _about_decisions(dates: _Dates) -> Iterator[_Draft]:
    finance, legal = DECISIONS[0], DECISIONS[1]
    title = "Credits for late deliveries in December"
    text = "Every order that arrives late in December is credited with the freight, without the customer asking."
    effect = "Customers have the credit on the next invoice and need not write to us."
    asked = about.RatificationAsked(
        ref="0192f0c1", department=finance.name, delegate=cast.AMARA.name, title=title, text=text,
        customer_effect=effect, is_money=True, money="EUR 80,000", scope=finance.scope, limit="EUR 50,000",
    )  # fmt: skip
    yield _Draft("", "the sponsor", cast.BEATRICE, asked, ("answer",))
    subject = about.RatificationAsked(
        ref="0192f0c1", department=legal.name, delegate=cast.HENRIK.name, title=title, text=text,
        customer_effect=effect,
        is_money=False, scope=legal.scope, words="It changes the terms of delivery, which are not mine to change.",
        weeks=1,
    )  # fmt: skip
    yield _Draft("again", "the sponsor, a week later", cast.ARJUN, subject, ("answer",))
    yield _Draft("chair", "the chair, where no sponsor is known", cast.CHAIR, replace(asked, to_chair=True))

    def answered(*, is_ratified: bool, words: str = "", to_chair: bool = False) -> about.RatificationAnswered:
        return about.RatificationAnswered(
            ref="0192f0c1", department=finance.name, sponsor=cast.BEATRICE.name, title=title,
            is_ratified=is_ratified, words=words, to_chair=to_chair,
        )  # fmt: skip

    yield _Draft("", "the delegate", cast.AMARA, answered(is_ratified=True))
    why = "Not in this quarter. Half of it would be within what is budgeted."
    yield _Draft("declined", "the chair", cast.CHAIR, answered(is_ratified=False, words=why, to_chair=True))
    commit = about.CommitmentAsked(
        department=legal.name, title=title, text=text, customer_effect=effect, decided_on=dates.day(0)
    )
    yield _Draft("", "a delegate who was away", cast.HENRIK, commit, ("commit",))
    closed = about.DecisionClosed(
        department=legal.name, number="D-2026-014", title=title, text=text, customer_effect=effect,
        owner=cast.AMARA.name, due_on=dates.day(21), teller="Emre Şahin, by mail to all of them",
        review_on=dates.day(91),
    )  # fmt: skip
    yield _Draft("", "a delegate who was away", cast.HENRIK, closed)


def _about_weeks(dates: _Dates) -> Iterator[_Draft]:
    week = summed.Week(dates.start - timedelta(days=7))
    owed = ("settle:0", "settle:1")
    yield _Draft("", "a delegate", cast.AMARA, summed.summary(week), owed)
    yield _Draft("lead", "chair and scribe", cast.CHAIR, summed.lead_summary(week))
    cancelled = summed.summary(week, is_cancelled=True, owed=[])
    yield _Draft("cancelled", "everybody with a seat, when it was cancelled", cast.EMRE, cancelled)
    quiet = told.Summary(reader="seat", start=None, end=None, since=week.at(-7), owed=summed.owed(week))
    yield _Draft("quiet", "a delegate, in a week without a meeting", cast.AMARA, quiet, owed)
    yield _Draft("", "who wants one mail about all meetings", cast.AMARA, summed.summaries(week), (*owed, "settle:2"))
    yield _Draft("", "senior leadership", cast.LEADER, summed.brief(week))
    asked = told.BriefAsked(
        start=week.starts, department="Legal", asked_by=cast.HENRIK.name, goes_at=week.at(1, hours=2),
        text="Please say that the credits hold for this December only: customers will read it as a promise.",
    )  # fmt: skip
    yield _Draft("", "the chair", cast.CHAIR, asked)
    changed = told.BriefChanged(start=week.starts, goes_at=week.at(2, hours=2), sentences=summed.sentences(week))
    yield _Draft("", "everybody with a seat", cast.HENRIK, changed)
    yield _Draft("", "a sponsor", cast.BEATRICE, summed.sponsor_week(week))
