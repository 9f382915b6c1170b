"""What the pages of links say: what a link does, for whom, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from governance.domain.money import as_decimal, said_amount
from governance.services.link_pages.values import About, Field, LinkPage, State, Verb
from governance.services.links import Purpose
from web.wording.times import short_day, start

_DEEDS = {
    "add-guest": "Add {name}",
    "remove-guest": "Take {name} off",
    "require-guest": "Make {name} required",
    "clear-plus-ones": "Strike the extra guests of {name}",
    "set-flag": "Switch off {flag}",
    "restore-charter": "Put our lines back into the description",
}
_FLAGS = {
    "guests-can-invite": "“guests may invite others”",
    "guests-can-modify": "“guests may change the event”",
}


def title(page: LinkPage) -> str:
    if page.state is State.UNKNOWN or page.purpose is None:
        return "Check the link"
    if page.state is State.USED:
        return "This is done"
    if page.state is State.EXPIRED:
        return "Ask for a new link"
    if page.state is State.GONE or page.about is None:
        return "Nothing is left to do here"
    return _TITLES[page.purpose].format(**_said(page))


def explanation(page: LinkPage) -> str:
    """What the link would do, in one sentence."""
    if page.about is None or page.purpose is None:
        return ""
    return _EXPLAINED[page.purpose].format(**_said(page))


def why_not(page: LinkPage) -> str:
    """Why there is nothing to press, and how to go on."""
    if page.state is State.EXPIRED and page.purpose is not None:
        return f"This one was good for a while only. {_HOW_TO_GET_ANOTHER[page.purpose]}"
    if page.state is State.GONE:
        return "What the mail was about is settled by now, or is somebody else's to decide. Nothing was done."
    return "It is not one of ours, or not whole: some mail programs break long addresses. Nothing was done."


def label(verb: Verb) -> str:
    return _VERBS[verb.code]


def explains(verb: Verb) -> str:
    return _CONSEQUENCES.get(verb.code, "")


def field_label(field: Field, currency: str) -> str:
    return _FIELDS[field.name].format(currency=currency)


def field_value(field: Field, currency: str, filled: Mapping[str, str]) -> str:
    if field.name in filled:
        return filled[field.name]
    if field.limit_minor is not None:
        return as_decimal(field.limit_minor, currency)
    return field.value


def is_strong(verb: Verb) -> bool:
    """Whether the button stands out: the one thing the mail asked for."""
    return verb.code in _STRONG


def change_line(change: Mapping[str, Any]) -> str:
    deed = _DEEDS.get(str(change["kind"]), "Change the invitation")
    flag = _FLAGS.get(str(change["flag"]), "a setting")
    return deed.format(name=change["name"] or change["email"] or "", flag=flag)


def decision_lines(about: About | None, currency: str) -> tuple[tuple[str, str], ...]:
    """What a decision is about, label and words, where the link is about one."""
    said = (about.values if about is not None else {}).get("decision") or {}
    lines = [("Decided", said.get("text")), ("For customers", said.get("effect"))]
    if about is not None and "limit" in said:
        lines += [
            ("It costs", said_amount(said["money"], currency) if said["money"] else ""),
            ("The mandate covers", said["scope"] or "Nothing yet: none was in force"),
            ("Money", f"up to {said_amount(said['limit'], currency)}" if said["limit"] else "nothing that costs money"),
            (f"{about.values['whose']} writes", said["words"]),
        ]
    return tuple((label, words) for label, words in lines if words)


def _said(page: LinkPage) -> dict[str, str]:
    values = dict(page.about.values) if page.about is not None else {}
    zone = page.meeting.time_zone if page.meeting is not None else "UTC"
    found = {key: _text(value, zone) for key, value in values.items()}
    return {"meeting": page.meeting.name if page.meeting is not None else "", **_BLANK, **found}


def _text(value: Any, zone: str) -> str:
    if isinstance(value, datetime):
        return start(value, zone)
    if hasattr(value, "year"):
        return short_day(value)
    return "" if value is None else str(value)


_BLANK = {"department": "", "whose": "", "delegate": "nobody", "start": "", "stand_in": "", "ends": "", "rule": "",
          "first_day": "", "promise": "", "title": ""}  # fmt: skip

_TITLES = {
    Purpose.CONFIRM_MANDATE: "What may {whose} decide?",
    Purpose.RENEW_MANDATE: "Renew the mandate of {whose}?",
    Purpose.GRANT_DEPUTY: "Let {whose} decide for one day?",
    Purpose.NAME_STAND_IN: "Shall {whose} sit for {department}?",
    Purpose.COME_AFTER_ALL: "Come after all?",
    Purpose.APPLY: "Ask for the seat of {department}?",
    Purpose.LEAVE_NOTE: "Leave a note for {delegate}",
    Purpose.ENDORSE: "Speak for {whose}?",
    Purpose.ACCEPT_OFFER: "Take the seat of {department}?",
    Purpose.DECLINE_OFFER: "Decline the seat of {department}?",
    Purpose.DECIDE_HELD: "Decide what waits",
    Purpose.ADMIT_REMOVED: "Let {whose} come after all?",
    Purpose.DECIDE_CONTESTED: "Change the roster?",
    Purpose.SETTLE_PROMISE: "Is it done?",
    Purpose.RATIFY: "Ratify “{title}”?",
    Purpose.COMMIT: "What will {department} do about “{title}”?",
}

_EXPLAINED = {
    Purpose.CONFIRM_MANDATE: "{whose} sits for {department} in {meeting}. Say what they may decide there and then.",
    Purpose.RENEW_MANDATE: "The mandate of {whose} for {department} in {meeting} ends on {ends}.",
    Purpose.GRANT_DEPUTY: "{delegate} cannot come on {start}. {whose} would sit for {department} with this mandate, "
    "that day alone.",
    Purpose.NAME_STAND_IN: "{whose} would sit in {meeting} on {start} instead of {delegate}.",
    Purpose.COME_AFTER_ALL: "You would sit for {department} in {meeting} on {start}, whatever your calendar says.",
    Purpose.APPLY: "You would be on the waiting list for {department} in {meeting}; chair and sponsor are told.",
    Purpose.LEAVE_NOTE: "{delegate} sits for {department} in {meeting} and gets your note by mail.",
    Purpose.ENDORSE: "{whose} asks for the seat of {department} in {meeting}. The chair sees that you speak for them.",
    Purpose.ACCEPT_OFFER: "The seat of {department} in {meeting} is offered to you until {ends}. You would sit from "
    "{first_day} on, and the sponsor is asked what you may decide.",
    Purpose.DECLINE_OFFER: "The seat of {department} in {meeting} is offered to you until {ends}. Without an answer "
    "you keep your place on the waiting list; if you decline, you are taken off it.",
    Purpose.DECIDE_HELD: "These changes of the invitation to {meeting} wait for chair or scribe.",
    Purpose.ADMIT_REMOVED: "{whose} was taken off the invitation to {meeting}.",
    Purpose.DECIDE_CONTESTED: "Somebody keeps undoing what the roster of {meeting} says.",
    Purpose.SETTLE_PROMISE: "You promised in {meeting}: “{promise}”. It is due on {ends}.",
    Purpose.RATIFY: "{meeting} has decided this. It goes beyond what {whose} may decide for {department}, so it waits "
    "for you as the sponsor.",
    Purpose.COMMIT: "{meeting} has decided this while nobody was there for {department}.",
}

_HOW_TO_GET_ANOTHER = {
    Purpose.CONFIRM_MANDATE: "Ask the chair to record the mandate again: you are then asked again.",
    Purpose.RENEW_MANDATE: "Ask the chair to record the mandate anew.",
    Purpose.GRANT_DEPUTY: "Ask the chair to record a mandate for the deputy.",
    Purpose.NAME_STAND_IN: "Ask chair or scribe to name the stand-in.",
    Purpose.COME_AFTER_ALL: "Accept the invitation in your calendar, or tell the chair.",
    Purpose.APPLY: "Ask the chair of the meeting for the seat.",
    Purpose.LEAVE_NOTE: "Write to the delegate yourself.",
    Purpose.ENDORSE: "Tell the chair that you speak for the person.",
    Purpose.ACCEPT_OFFER: "You keep your place on the waiting list. Tell the chair that you still want the seat: "
    "they can offer it again.",
    Purpose.DECLINE_OFFER: "The offer has ended, and you keep your place on the waiting list. Sign in to leave it.",
    Purpose.DECIDE_HELD: "Sign in and decide on the meeting’s page.",
    Purpose.ADMIT_REMOVED: "Sign in, or use the command line: `governance roster visitor` admits somebody.",
    Purpose.DECIDE_CONTESTED: "Sign in and look at the meeting’s page.",
    Purpose.SETTLE_PROMISE: "Sign in and look among the promises.",
    Purpose.RATIFY: "You are mailed a new one each week while the decision waits; the chair can ask again at once.",
    Purpose.COMMIT: "Sign in and say it on the page of the decision.",
}

_VERBS = {
    "confirm": "Confirm this mandate",
    "decline": "Decline it",
    "renew": "Renew it",
    "grant": "Grant it for that day",
    "stand-in": "Name the stand-in",
    "after-all": "I can come after all",
    "apply": "Ask for the seat",
    "note": "Leave the note",
    "endorse": "Speak for them",
    "accept": "Accept the seat",
    "decline-offer": "Decline the seat",
    "approve": "Approve all of it",
    "reject": "Reject it",
    "visitor": "Admit as visitor",
    "give-seat": "Give the vacant seat",
    "undo": "Undo the removal",
    "vacate": "Vacate the seat",
    "observe": "Only watch this rule",
    "done": "It is done",
    "slip": "It slips to that day",
    "ratify": "Ratify the decision",
    "decline-ratifying": "Decline with this reason",
    "will": "We will carry it out",
    "needs": "We need this first",
    "escalate": "We cannot: escalate",
}

_CONSEQUENCES = {
    "confirm": "A blank limit is no authority over money, a blank last day no end.",
    "decline": "The delegate and the chair are told.",
    "accept": "You become the delegate; chair and sponsor are told at once.",
    "decline-offer": "The chair is told. You can ask for the seat again at any time.",
    "approve": "Exactly these changes are written, within 7 days.",
    "reject": "They stay held, and the page shows that you do not want them.",
    "visitor": "For one occurrence; the reason is shown to the meeting.",
    "give-seat": "The person becomes the delegate; the sponsor is asked for a mandate.",
    "undo": "Back as a standing guest for 7 days, until you decide.",
    "vacate": "The person is not put back any more.",
    "observe": "What the rule finds is shown, and nothing is written for it.",
    "done": "Everybody with a seat sees it.",
    "slip": "The reason stands beside the promise; what was promised first still counts.",
    "ratify": "The chair and the delegate are told, and the decision can be closed as it stands.",
    "decline-ratifying": "The chair and the delegate read it. The decision waits until it is changed or withdrawn.",
    "escalate": "The chair takes it up.",
}

_STRONG = frozenset({
    "confirm", "renew", "grant", "stand-in", "after-all", "apply", "note", "endorse", "accept", "decline-offer",
    "approve", "undo", "vacate", "done",
    "ratify", "will",
})  # fmt: skip

_FIELDS = {
    "scope": "What they may decide",
    "limit": "Up to, in {currency}",
    "last_day": "Last day",
    "why": "Reason (the delegate and the chair read it)",
    "text": "Your note",
    "reason": "Reason",
    "who": "Who",
    "seat": "Seat of",
    "evidence": "How one sees that it is done",
    "until": "To which day",
    "slips": "Why it slips",
    "decline_why": "Why not",
    "needs": "What you need, and from whom",
    "escalate": "Why not, and to whom it goes",
    "reservation": "Reservation, if you have one (read by chair and seats alone)",
}

TOPICS = {
    "repairs": ("Who was taken off the invitation", "A digest each time the service has put the guest list right."),
    "reminders": ("Reminders", "A mandate that ends soon; a day for which somebody declined and nobody sits."),
    "applications": ("Who asks for a seat", "Each time somebody applies."),
    "summaries": ("Weekly summaries", "What you owe, what was decided and what comes next, when a meeting is over."),
}
"""What can be muted: its name and what it is, by topic."""
