"""What needs somebody, as sentences that begin with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from governance.models import Meeting
from governance.services.home import HomePage
from governance.services.needs import Need, Why
from web.wording import health
from web.wording.times import away, count, local_day, short_day

SAID = 3
"""So many of the recorded sentences are shown at once."""


@dataclass(frozen=True, slots=True)
class Call:
    """`text` says what to do, `more` why; `part` is where on the page it is done, `view` which page of the meeting."""

    text: str
    more: tuple[str, ...]
    icon: str
    tone: str
    part: str = ""
    view: str = "meetings.one"
    about: tuple[tuple[str, str], ...] = ()
    """What else the address of the view names."""


def title(page: HomePage) -> str:
    many = len(page.needs)
    return f"{count(many, 'thing')} {'needs' if many == 1 else 'need'} you" if many else "Nothing needs you now"


def call(need: Need, now: datetime) -> Call:
    return _CALLS[need.why](need, now)


def more(need: Need) -> str:
    left = need.many - SAID
    return f"{left} more on its page" if left > 0 and need.said else ""


def _trouble(need: Need, now: datetime) -> Call:
    meeting = need.meeting
    badge = health.in_short(meeting)
    text = meeting.problem_remedy or _OF_TROUBLE[bool(meeting.frozen_reason), bool(meeting.restored_hold)]
    return Call(f"{text.rstrip('.')}.", (_sentence(meeting.problem_text or badge.word),), badge.icon, badge.tone)


def _held(need: Need, now: datetime) -> Call:
    why = "Its first plan waits: nothing is written before you approve it." if _is_new(need.meeting) else ""
    text = f"Decide on {count(need.many, 'change')} to the invitation."
    return Call(text, (why,) if why else (), "hand-stop", "wait", "waits")


def _no_roster(need: Need, now: datetime) -> Call:
    command = f"governance roster import {need.meeting.slug} FILE.csv"
    return Call("Fill the first seats.", (f"Nobody has one yet. An administrator brings in a list with “{command}”.",),
                "users-group", "wait")  # fmt: skip


def _question(need: Need, now: datetime) -> Call:
    return Call(f"Answer {count(need.many, 'question')} about the invitation.", _sentences(need), "help", "warn")


def _own_absence(need: Need, now: datetime) -> Call:
    return Call("Ask your deputy to sit for you, or come after all.", _sentences(need), "calendar-x", "warn")


def _own_position(need: Need, now: datetime) -> Call:
    text = f"Say what {need.department} thinks of “{need.said[0]}”."
    why = "It is open, and your seat has not been heard yet."
    return _of_decision(need, text, why, "gavel", "positions")


def _own_commitment(need: Need, now: datetime) -> Call:
    text = f"Say what {need.department} will do about “{need.said[0]}”."
    why = "It is decided, and closes once every seat has said that."
    return _of_decision(need, text, why, "clipboard-check", "commitments")


def _own_promise(need: Need, now: datetime) -> Call:
    what = "your promise stands" if need.many == 1 else f"your {need.many} promises stand"
    due = f"{'It is' if need.many == 1 else 'The first is'} due {short_day(need.ends)}." if need.ends else ""
    return Call(f"Say how {what}.", (due, *_sentences(need)), "hourglass", "warn", view="promises.shown")


def _of_decision(need: Need, text: str, why: str, icon: str, part: str) -> Call:
    about = (("ref", str(need.decision)),)
    return Call(text, (why,), icon, "warn", part=part, view="decisions.one", about=about)


def _to_give(need: Need, now: datetime) -> Call:
    if need.ends is not None:
        left = away(need.ends, local_day(now, need.meeting.time_zone))
        text = f"Renew what {need.person} may decide for {need.department}."
        return Call(text, (f"The mandate ends {left}, on {short_day(need.ends)}.",), "hourglass", "warn")
    text = f"Say what {need.person} may decide for {need.department}."
    asked = "Without your word they may not decide. The mail that asks you has the form; the chair can send it again."
    return Call(text, (asked,), "clipboard-check", "wait")


def _own_mandate(need: Need, now: datetime) -> Call:
    return Call("Ask your sponsor to say what you may decide.", _sentences(need), "clipboard-check", "warn")


def _missing(need: Need, now: datetime) -> Call:
    return Call(f"See to {count(need.many, 'mandate')}.", _sentences(need), "clipboard-check", "warn")


def _vacant(need: Need, now: datetime) -> Call:
    return Call(f"Fill {count(need.many, 'seat')}.", _sentences(need), "armchair", "quiet")


def _offer(need: Need, now: datetime) -> Call:
    until = f"The offer holds until {short_day(need.ends)}." if need.ends else ""
    return Call(f"Say whether you take the seat of {need.department}.", (until,), "armchair", "warn", view=_WAITING)


def _offer_ended(need: Need, now: datetime) -> Call:
    text = f"Offer the seat of {need.department} again, or to the next."
    return Call(text, (f"{need.person or 'Somebody'} did not answer in time.",), "hourglass", "wait", view=_WAITING)


def _to_offer(need: Need, now: datetime) -> Call:
    waits = "waits" if need.many == 1 else "wait"
    why = f"It is vacant, and {count(need.many, 'person', 'people')} {waits} for it."
    return Call(f"Offer the seat of {need.department}.", (why,), "armchair", "wait", view=_WAITING)


def _to_support(need: Need, now: datetime) -> Call:
    who = need.person or "somebody"
    text = f"Say whether you support {who} for the seat of {need.department}."
    return Call(
        text, ("Your word puts them before those whom you do not support.",), "user-check", "wait", view=_WAITING
    )


def _to_ratify(need: Need, now: datetime) -> Call:
    title, _ = need.said
    text = f"Say whether you ratify “{title}” for {need.department}."
    about = (("ref", str(need.decision)), ("seat", str(need.seat)))
    why = ("It goes beyond the mandate and waits for your word.",)
    return Call(text, why, "gavel", "warn", view="closing.for_sponsor", about=about)


def _ratification_missing(need: Need, now: datetime) -> Call:
    title, state = need.said
    text, why = _OF_RATIFICATIONS[state]
    said = text.format(title=title, department=need.department), (why.format(department=need.department),)
    tone, about = "wait" if state == "asked" else "warn", (("ref", str(need.decision)),)
    return Call(*said, "hourglass", tone, part="ratifications", view="decisions.one", about=about)


_OF_RATIFICATIONS = {
    "asked": ("See to “{title}”.", "It waits for the sponsor of {department}, who is reminded each week."),
    "declined": ("Change “{title}”, or withdraw it.", "The sponsor of {department} has declined to ratify it."),
    "nobody": ("Name a sponsor of {department}.", "A decision waits for their word, and nobody is known to be one."),
}

_WAITING = "waiting.shown"


def _is_new(meeting: Meeting) -> bool:
    return not meeting.first_plan_approved


def _sentences(need: Need) -> tuple[str, ...]:
    return tuple(map(_sentence, need.said))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


_OF_TROUBLE = {
    (True, False): "Check the event in the calendar, then link the meeting to the right one",
    (True, True): "Check the event in the calendar, then link the meeting to the right one",
    (False, True): "Look at what waits, and approve what is still wanted",
    (False, False): "Look at the meeting",
}

_CALLS = {
    Why.TROUBLE: _trouble,
    Why.HELD: _held,
    Why.NO_ROSTER: _no_roster,
    Why.QUESTION: _question,
    Why.OWN_ABSENCE: _own_absence,
    Why.OWN_POSITION: _own_position,
    Why.OWN_COMMITMENT: _own_commitment,
    Why.OWN_PROMISE: _own_promise,
    Why.OFFER: _offer,
    Why.OFFER_ENDED: _offer_ended,
    Why.SEAT_TO_OFFER: _to_offer,
    Why.TO_RATIFY: _to_ratify,
    Why.RATIFICATION_MISSING: _ratification_missing,
    Why.TO_SUPPORT: _to_support,
    Why.MANDATE_TO_GIVE: _to_give,
    Why.OWN_MANDATE: _own_mandate,
    Why.MANDATES_MISSING: _missing,
    Why.SEATS_VACANT: _vacant,
}
