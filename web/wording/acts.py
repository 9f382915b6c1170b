"""The ledger's newest entries as sentences: what was done, to whom, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from governance.domain.ledger import LedgerLine
from governance.services.meeting_page import MeetingPage
from web.wording.numbers import quantity
from web.wording.times import count, short_day

_FRESH = timedelta(minutes=1)
_REPORTED = frozenset({"I12", "I13"})
"""Rules about the invitation for which nothing is ever written: what they found is worth saying when it is found."""
_REPAIRS = frozenset({"invitation-written", "stand-in-by-decline", "stand-in-ended", "series-followed"})


@dataclass(frozen=True, slots=True)
class Because:
    """One of the things done, with the rule it follows."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    icon: str
    because: tuple[Because, ...] = ()
    why: str | None = None


class Named(Protocol):
    """A page that knows people's names by address."""

    @property
    def names(self) -> Mapping[str, str]: ...


def sentence(line: LedgerLine, page: Named) -> Said:
    """An act nobody has words for yet is named as it is recorded, rather than left out."""
    if line.erased_at:
        return Said("An entry whose content was erased", "history")
    before, after = _mapping(line.before), _mapping(line.after)
    if line.act == "invitation-written" or line.act.startswith("write-"):
        return _written(line.act, after, page.names)
    if line.act == "plan-changed":
        return _compared(after)
    if line.act in _VERDICTS:
        return _verdict(line.act, after, page.names)
    if line.act == "retry-asked":
        by = str(after.get("by") or "Somebody")
        return Said(f"{page.names.get(by, by)} had trouble tried again at once", "refresh")
    found = _WORDS.get(line.act)
    if found is None:
        return Said(line.act.replace("-", " ").capitalize(), "info-circle", why=line.why)
    icon, words = found
    return Said(words(before, after), icon, why=line.why)


def just_done(page: MeetingPage, now: datetime) -> tuple[LedgerLine, ...]:
    """What the service put right within the last minute, newest first: people see their own act answered."""
    fresh = (line for line in page.acts if now - line.at < _FRESH and line.act in _REPAIRS)
    return tuple(islice(fresh, 3))


def just_answered(page: MeetingPage, now: datetime) -> tuple[LedgerLine, ...]:
    """The newest of what was put right or reported within the last minute, or nothing."""
    fresh = (line for line in page.acts if now - line.at < _FRESH)
    return tuple(islice((line for line in fresh if line.act in _REPAIRS or _reports(line)), 1))


def _reports(line: LedgerLine) -> bool:
    return line.act == "plan-changed" and bool(_compared(_mapping(line.after)).because)


def _written(act: str, after: Mapping[str, Any], names: Mapping[str, str]) -> Said:
    changes = after.get("changes") or []
    done = [deed_done(change, names) for change in changes]
    because = tuple(Because(change["rule"], change["reason"]) for change in changes)
    if act != "invitation-written":
        return Said(_NOT_KEPT.get(act, "A write to the calendar did not hold"), "alert-triangle", because)
    text = done[0] if len(done) == 1 else f"Put {count(len(done), 'thing')} right on the invitation"
    # Several deeds are told by their reasons, each of which names its person.
    return Said(text, _ICONS.get(changes[0]["kind"], "wand") if len(changes) == 1 else "wand", because)


def deed_done(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """“Added Amara Okafor”, of a change as the ledger or the list of those that were written has it."""
    target = str(change.get("target") or "")
    name = names.get(target, target)
    once = "" if change.get("scope") == "series" else f" on {_day(str(change.get('scope'))[:10])}"
    return _DONE.get(str(change.get("kind")), "Changed the invitation").format(name=name, once=once) + (
        "" if change.get("kind") != "set-flag" else _FLAGS.get(target, "a setting")
    )


def _compared(after: Mapping[str, Any]) -> Said:
    changes, findings = after.get("changes") or [], after.get("findings") or []
    held = sum(1 for change in changes if change.get("held"))
    if held:
        return Said(f"Found {count(held, 'change')} that {'waits' if held == 1 else 'wait'}", "hand-stop")
    if changes:
        return Said(f"Found {count(len(changes), 'thing')} to put right", "refresh")
    if findings:
        remarks = count(len(findings), "remark")
        moved = tuple(Because(one["rule"], one["reason"]) for one in findings if one.get("rule") in _REPORTED)
        return Said(f"Compared invitation and roster: nothing to change, {remarks}", "list-check", moved)
    return Said("Compared invitation and roster: all in order", "circle-check")


def _verdict(act: str, after: Mapping[str, Any], names: Mapping[str, str]) -> Said:
    verb, icon = _VERDICTS[act]
    by = str(after.get("by") or "Somebody")
    return Said(f"{names.get(by, by)} {verb} {count(len(after.get('changes') or ()), 'change')}", icon)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {"list": value} if isinstance(value, list) else {}


def _name(person: Any) -> str:
    if isinstance(person, Mapping):
        return str(person.get("name") or person.get("email") or "somebody")
    return str(person) if person else "somebody"


def _names(people: Any) -> str:
    return ", ".join(_name(person) for person in people or ()) or "nobody"


def _day(iso: Any) -> str:
    try:
        return short_day(date.fromisoformat(str(iso)))
    except ValueError:
        return "a day"


def _measured(said: Mapping[str, Any]) -> str:
    return quantity(float(said.get("value") or 0), str(said.get("unit") or ""))


def _instead(before: Mapping[str, Any]) -> str:
    return f" instead of {_measured(before)}" if before else ""


def _until(iso: Any, before: str = " until ") -> str:
    return f"{before}{_day(iso)}" if iso else ""


def _on(after: Mapping[str, Any]) -> str:
    return f" on {_day(after.get('on'))}" if after.get("on") else ""


def _of(after: Mapping[str, Any]) -> str:
    return f" of {_day(after.get('on'))}" if after.get("on") else ""


def _seat(after: Mapping[str, Any]) -> str:
    return str(after.get("department") or "A seat")


def _late(after: Mapping[str, Any]) -> str:
    minutes = int(after.get("minutes") or 0)
    return f", {count(minutes, 'minute')} after the grace" if minutes else ""


def _pledge(after: Mapping[str, Any]) -> str:
    """What a seat said it will do, in the middle of a sentence."""
    words = {
        "will": "will carry out",
        "needs": "needs something for",
        "escalate": "cannot carry out",
        "no-answer": "did not answer about",
    }
    return words.get(str(after.get("pledge")), "answered about")


Words = Callable[[Mapping[str, Any], Mapping[str, Any]], str]

_FATES = {
    "treated": "treated",
    "carried": "carried over",
    "dropped": "dropped",
    "delegated": "delegated",
    "assigned": "a promise by now",
}

_WORDS: Mapping[str, tuple[str, Words]] = {
    "adopted": ("armchair", lambda b, a: "The meeting was adopted"),
    "relinked": ("repeat", lambda b, a: "The meeting was linked to another event of the calendar"),
    "released": ("circle-minus", lambda b, a: "The meeting was released"),
    "paused": ("player-pause", lambda b, a: f"Paused{_until(a.get('until'))}: nothing is written"),
    "resumed": ("refresh", lambda b, a: "Resumed: the invitation is put right again"),
    "chair-set": ("gavel", lambda b, a: f"Chair is now {_names(a.get('list'))}"),
    "scribe-set": ("file-text", lambda b, a: f"Scribe is now {_names(a.get('list'))}"),
    "leadership-set": ("users", lambda b, a: f"Leadership is now {_names(a.get('list'))}"),
    "charter-set": ("file-text", lambda b, a: f"Version {a.get('number', 'next')} of the charter is in force"),
    "measure-entered": (
        "clipboard-check",
        lambda b, a: f"{a.get('measure')}: {_measured(a)} on {_day(a.get('on'))}{_instead(b)}",
    ),
    "measure-taken-back": (
        "arrow-back-up",
        lambda b, a: f"{b.get('measure')}: the value of {_day(b.get('on'))} was taken back, {_measured(b)}",
    ),
    "measures-imported": (
        "clipboard-check",
        lambda b, a: f"{count(len(a.get('values') or ()), 'value')} of measures came with a charter file",
    ),
    "rule-set": ("list-check", lambda b, a: f"A rule is now set to {a.get('mode')} instead of {b.get('mode')}"),
    "cap-set": ("armchair", lambda b, a: f"The cap is now {a.get('cap')} seats instead of {b.get('cap')}"),
    "roster-imported": ("users-group", lambda b, a: f"Imported a roster of {count(int(a.get('rows') or 0), 'row')}"),
    "seat-opened": ("armchair", lambda b, a: f"{a.get('department')} has a seat"),
    "seat-closed": ("armchair", lambda b, a: f"{b.get('department')} gave its seat up"),
    "appointed": ("user-plus", lambda b, a: f"{_name(a.get('delegate'))} sits for {a.get('department')}"),
    "handed-over": ("arrows-exchange", lambda b, a: f"{_name(a.get('delegate'))} now sits for {a.get('department')}"),
    "vacated": ("user-minus", lambda b, a: f"{_name(b.get('delegate'))} left the seat of {b.get('department')}"),
    "mandate-recorded": (
        "clipboard-check",
        lambda b, a: f"Mandate of {_name(a.get('person'))} for {a.get('department')}{_until(a.get('until'))}",
    ),
    "mandate-confirmed": (
        "clipboard-check",
        lambda b, a: f"The sponsor confirmed the mandate of {_name(a.get('person'))} for {a.get('department')}",
    ),
    "mandate-declined": (
        "circle-x",
        lambda b, a: f"The sponsor declined the mandate of {_name(a.get('person'))} for {a.get('department')}",
    ),
    "mandate-withdrawn": (
        "circle-x",
        lambda b, a: f"The mandate of {_name(b.get('person'))} for {b.get('department')} was withdrawn",
    ),
    "sponsor-named": ("user-check", lambda b, a: f"{_name(a.get('sponsor'))} is sponsor of {a.get('department')}"),
    "deputy-named": ("user-plus", lambda b, a: f"{_name(a.get('deputy'))} is deputy of {a.get('department')}"),
    "deputy-withdrawn": (
        "user-minus",
        lambda b, a: f"{_name(b.get('deputy'))} is no longer deputy of {b.get('department')}",
    ),
    "stand-in-named": (
        "arrows-exchange",
        lambda b, a: f"{_name(a.get('stand_in'))} stands in for {a.get('department')} on {_day(a.get('on'))}",
    ),
    "stand-in-withdrawn": (
        "arrow-back-up",
        lambda b, a: f"{_name(b.get('stand_in'))} no longer stands in for {b.get('department')} on {_day(b.get('on'))}",
    ),
    "seat-kept": (
        "arrow-back-up",
        lambda b, a: f"The delegate of {a.get('department')} comes after all on {_day(a.get('on'))}",
    ),
    "seat-kept-no-more": ("calendar-check", lambda b, a: "A delegate who comes after all has accepted"),
    "seat-asked-for": (
        "user-plus",
        lambda b, a: f"{_name(a.get('person'))} asks for the seat of {a.get('department')}",
    ),
    "application-endorsed": (
        "user-check",
        lambda b, a: f"The sponsor speaks for {_name(a.get('person'))}, who asks for the seat of {a.get('department')}",
    ),
    "application-seated": (
        "user-check",
        lambda b, a: f"{_name(a.get('person'))} waits no more for the seat of {a.get('department')}",
    ),
    "application-declined": (
        "circle-x",
        lambda b, a: f"{_name(a.get('person'))} was taken off the waiting list of {a.get('department')}",
    ),
    "application-withdrawn": (
        "user-minus",
        lambda b, a: f"{_name(a.get('person'))} left the waiting list of {a.get('department')}",
    ),
    "seat-offered": (
        "armchair",
        lambda b, a: f"{_name(a.get('person'))} is offered the seat of {a.get('department')}{_until(a.get('until'))}",
    ),
    "offer-accepted": (
        "user-check",
        lambda b, a: f"{_name(a.get('person'))} accepted the seat of {a.get('department')}",
    ),
    "offer-declined": ("circle-x", lambda b, a: f"{_name(a.get('person'))} declined the seat of {a.get('department')}"),
    "offer-ended": (
        "hourglass",
        lambda b, a: f"The offer of {a.get('department')} to {_name(a.get('person'))} ended without an answer",
    ),
    "offer-withdrawn": (
        "arrow-back-up",
        lambda b, a: f"The offer of {a.get('department')} to {_name(a.get('person'))} was withdrawn",
    ),
    "note-left": ("mail-forward", lambda b, a: f"A note was left for the delegate of {a.get('department')}"),
    "mail-muted": ("toggle-left", lambda b, a: "Somebody wants no more mails of one topic"),
    "mail-unmuted": ("toggle-left", lambda b, a: "Somebody wants the mails of one topic again"),
    "summary-hour-chosen": ("clock", lambda b, a: "Somebody chose when their summaries come"),
    "feed-made": ("calendar-event", lambda b, a: "Somebody made an address for their calendar feed"),
    "feed-revoked": ("x", lambda b, a: "The address of somebody’s calendar feed was revoked"),
    "mail-released": ("mail-forward", lambda b, a: f"A mail to {_name(a.get('to'))} was released: it goes out"),
    "mail-dropped": ("circle-minus", lambda b, a: f"A mail to {_name(a.get('to'))} was dropped: it is never sent"),
    "address-cleared": ("mail-forward", lambda b, a: f"Mails may be sent to {_name(a.get('address'))} again"),
    "stand-in-by-decline": (
        "arrows-exchange",
        lambda b, a: f"{_name(a.get('deputy'))} stands in for {_name(a.get('delegate'))}",
    ),
    "stand-in-ended": (
        "arrow-back-up",
        lambda b, a: f"{_name(a.get('delegate'))} comes after all, {_name(a.get('deputy'))} need not",
    ),
    "visitor-admitted": ("user-plus", lambda b, a: f"{_name(a.get('visitor'))} visits on {_day(a.get('on'))}"),
    "standing-guest-admitted": (
        "user-plus",
        lambda b, a: f"{_name(a.get('guest'))} is a guest{_until(a.get('until'))}",
    ),
    "acting-chair-named": (
        "gavel",
        lambda b, a: f"{_name(a.get('chair'))} is acting chair from {_day(a.get('from'))} until {_day(a.get('until'))}",
    ),
    "acting-chair-ended": ("gavel", lambda b, a: f"{_name(b.get('chair'))} is acting chair no longer"),
    "department-renamed": (
        "file-text",
        lambda b, a: f"{b.get('department')} is called {a.get('department')} now",
    ),
    "departments-merged": (
        "arrows-exchange",
        lambda b, a: f"{b.get('department')} is part of {a.get('department')} now",
    ),
    "department-split": (
        "armchair",
        lambda b, a: f"{a.get('department')} has a seat of its own beside {b.get('department')}",
    ),
    "visitor-dismissed": (
        "user-minus",
        lambda b, a: f"{_name(b.get('visitor'))} does not visit on {_day(b.get('on'))}",
    ),
    "standing-guest-dismissed": ("user-minus", lambda b, a: f"{_name(b.get('guest'))} is no standing guest any more"),
    "series-followed": ("repeat", lambda b, a: "Follows the new series into which the meeting was split"),
    "event-set-aside": ("alert-triangle", lambda b, a: "Set one event aside, which cannot be read or written"),
    "event-resumed": ("refresh", lambda b, a: "Looks after the event again that was set aside"),
    "occurrence-rebound": ("calendar-event", lambda b, a: "Stand-ins and visitors moved with their occurrence"),
    "sign-in-address-made": ("key", lambda b, a: f"A sign-in address was made for {_name(a.get('address'))}"),
    "signed-in": ("key", lambda b, a: f"{_name(a.get('address'))} signed in"),
    "session-ended": ("key", lambda b, a: f"{_name(a.get('address'))} was signed out"),
    "renamed": ("user-check", lambda b, a: "A person’s name was changed"),
    "alias-added": ("user-check", lambda b, a: "A person has another address"),
    "people-joined": ("user-check", lambda b, a: "Two entries were found to be one person"),
    "arrival-marked": ("check", lambda b, a: f"{_name(a.get('person'))} came for {a.get('department')}{_late(a)}"),
    "leaving-marked": ("user-minus", lambda b, a: f"{_name(a.get('person'))} left before the end"),
    "apology-marked": ("circle-minus", lambda b, a: f"{a.get('department')} is absent with apology{_on(a)}"),
    "absence-marked": ("circle-x", lambda b, a: f"{a.get('department')} is absent{_on(a)}"),
    "attendance-corrected": (
        "arrow-back-up",
        lambda b, a: f"What was marked of {a.get('department')} was corrected{_on(a)}",
    ),
    "decision-beyond-mandate": (
        "alert-triangle",
        lambda b, a: f"{a.get('department')} said that “{a.get('title')}” goes beyond its mandate",
    ),
    "decision-ratification-asked": (
        "hourglass",
        lambda b, a: f"The sponsor of {a.get('department')} is asked about “{a.get('title')}”",
    ),
    "decision-ratification-dropped": (
        "arrow-back-up",
        lambda b, a: f"“{a.get('title')}” is within the mandate of {a.get('department')} by now",
    ),
    "decision-ratified": (
        "clipboard-check",
        lambda b, a: f"The sponsor of {a.get('department')} ratified “{a.get('title')}”",
    ),
    "decision-ratified-by-office": (
        "clipboard-check",
        lambda b, a: f"“{a.get('title')}” is ratified by office: the delegate of {a.get('department')} is its sponsor",
    ),
    "decision-not-ratified": (
        "circle-x",
        lambda b, a: f"The sponsor of {a.get('department')} declined to ratify “{a.get('title')}”",
    ),
    "decision-money-changed": ("arrows-exchange", lambda b, a: f"What “{a.get('title')}” costs was changed"),
    "commitment-given": ("check", lambda b, a: f"{a.get('department')} {_pledge(a)} “{a.get('title')}”"),
    "commitments-asked": (
        "mail-forward",
        lambda b, a: f"{_names(a.get('departments'))}: asked by mail what they will do about “{a.get('title')}”",
    ),
    "decision-checklist-kept": ("file-text", lambda b, a: f"The checklist of “{a.get('title')}” was saved"),
    "decision-closed": ("gavel", lambda b, a: f"{a.get('number')} is closed: {a.get('title')}"),
    "occurrence-called-off": ("calendar-x", lambda b, a: f"Nothing took place{_on(a)}: it counts for nobody"),
    "occurrence-took-place": ("calendar-check", lambda b, a: f"It took place after all{_on(a)}"),
    "agenda-item-added": ("file-text", lambda b, a: f"“{a.get('title')}” was put on the agenda{_on(a)}"),
    "agenda-item-changed": ("file-text", lambda b, a: f"“{a.get('title')}” was changed on the agenda{_on(a)}"),
    "agenda-item-withdrawn": ("x", lambda b, a: f"“{a.get('title')}” was taken off the agenda{_on(a)}"),
    "agenda-ordered": (
        "arrows-exchange",
        lambda b, a: f"“{a.get('title')}” went {'up' if a.get('up') else 'down'} on the agenda{_on(a)}",
    ),
    "agenda-item-moved": (
        "mail-forward",
        lambda b, a: f"“{a.get('title')}” was moved to the agenda of {_day(a.get('to'))}",
    ),
    "agenda-item-settled": (
        "check",
        lambda b, a: f"“{a.get('title')}” is {_FATES.get(str(a.get('outcome')), 'settled')}{_on(a)}",
    ),
    "agenda-item-reopened": (
        "arrow-back-up",
        lambda b, a: f"What was said of “{a.get('title')}” was taken back{_on(a)}",
    ),
    "minutes-approved": ("clipboard-check", lambda b, a: f"{a.get('by')} approved the minutes{_on(a)}"),
    "question-chosen": ("help", lambda b, a: f"The question of the week{_on(a)}: {a.get('question')}"),
    "question-owed": ("help", lambda b, a: f"{_name(a.get('person'))} owes the question of the week{_on(a)}"),
    "question-volunteered": (
        "help",
        lambda b, a: f"{_name(a.get('person'))} volunteers for the question of the week{_on(a)}",
    ),
    "question-made-up": ("repeat", lambda b, a: f"{_name(a.get('person'))} takes the question to make up{_on(a)}"),
    "question-not-owed": ("arrow-back-up", lambda b, a: f"{_name(a.get('person'))} does not owe the question any more"),
    "question-answered": ("check", lambda b, a: f"{_name(a.get('person'))} answered the question of the week"),
    "question-passed": ("circle-minus", lambda b, a: f"{_name(a.get('person'))} passed on the question of the week"),
    "question-suggested": ("help", lambda b, a: f"A question was added to the bank: {a.get('question')}"),
    "question-vetoed": ("x", lambda b, a: f"The chair’s veto: {a.get('question')}"),
    "question-allowed": ("check", lambda b, a: f"A veto was taken back: {a.get('question')}"),
    "promise-made": (
        "list-check",
        lambda b, a: f"{_name(a.get('owner'))} promised until {_day(a.get('due_on'))}: {a.get('text')}",
    ),
    "promise-done": ("circle-check", lambda b, a: f"Done: {a.get('text')}"),
    "promise-slipped": ("clock", lambda b, a: f"Slipped to {_day(a.get('due_on'))}: {a.get('text')}"),
    "promise-dropped": ("x", lambda b, a: f"Dropped: {a.get('text')}"),
    "promise-reopened": ("arrow-back-up", lambda b, a: f"Taken up again: {a.get('text')}"),
    "promise-asked": ("help", lambda b, a: f"Somebody asked about a promise: {a.get('question')}"),
    "promise-answered": ("check", lambda b, a: f"A question about a promise was answered: {a.get('answer')}"),
    "brief-gone": ("mail-forward", lambda b, a: f"The brief{_of(a)} went to senior leadership"),
    "brief-changed": ("file-text", lambda b, a: f"The chair changed the brief{_of(a)}: it goes a day later"),
    "brief-held": ("hand-stop", lambda b, a: f"The chair keeps back the brief{_of(a)}"),
    "brief-let-go": ("mail-forward", lambda b, a: f"The chair lets the brief{_of(a)} go: it goes in a day"),
    "brief-change-asked": ("help", lambda b, a: f"{_seat(a)} asked to change the brief{_of(a)}: {a.get('text')}"),
    "brief-change-settled": ("check", lambda b, a: f"What {_seat(a)} asked about the brief{_of(a)} is settled"),
    "say-do-remarked": ("file-text", lambda b, a: "A department said a word about its promises"),
    "decision-kept": ("circle-check", lambda b, a: f"{a.get('number')} was kept: {a.get('words')}"),
    "decision-not-kept": ("circle-x", lambda b, a: f"{a.get('number')} was not kept: {a.get('words')}"),
    "decision-reviewed": ("refresh", lambda b, a: f"{a.get('number')} was reviewed: {a.get('words')}"),
    "decision-superseded": (
        "arrows-exchange",
        lambda b, a: f"Another decision stands in the place of {a.get('number')}",
    ),
    "decision-challenged": ("bolt", lambda b, a: "A decision was challenged from above"),
    "challenge-settled": ("gavel", lambda b, a: "A challenge from above was settled"),
    "answer-kept": ("file-text", lambda b, a: f"{_name(a.get('person'))} keeps an answer for those with a seat"),
    "answer-deleted": ("circle-minus", lambda b, a: f"{_name(a.get('person'))} deleted an answer"),
    "missed-made-up": (
        "repeat",
        lambda b, a: f"{_name(a.get('person'))} made up for what {a.get('department')} missed{_on(a)}",
    ),
    "decision-drafted": ("gavel", lambda b, a: f"A decision was begun: {a.get('title')}"),
    "decision-worded": ("file-text", lambda b, a: f"A draft was worded anew: {a.get('title')}"),
    "option-added": ("file-text", lambda b, a: f"An option was added: {_short(a.get('option'))}"),
    "option-changed": ("file-text", lambda b, a: f"An option was changed: {_short(a.get('option'))}"),
    "option-removed": ("circle-minus", lambda b, a: f"An option was removed: {_short(b.get('option'))}"),
    "option-proposed": ("gavel", lambda b, a: f"An option was proposed: {_short(a.get('option'))}"),
    "decision-opened": (
        "users",
        lambda b, a: f"A decision was opened for the positions of {count(a.get('seats', 0), 'seat')}",
    ),
    "positions-opened": ("eye", lambda b, a: "The positions on a decision were opened"),
    "position-given": ("check", lambda b, a: f"{a.get('department')} gave its position"),
    "position-entered": ("file-text", lambda b, a: f"A position was entered for {a.get('department')}"),
    "position-corrected": ("check", lambda b, a: f"{a.get('department')} corrected what was entered for it"),
    "position-answered": ("check", lambda b, a: "A position on a decision was answered"),
    "decision-asked-anew": ("repeat", lambda b, a: f"The proposal changed: round {a.get('round')} of positions"),
    "decision-taken-back": ("arrow-back-up", lambda b, a: "A decision was taken back to a draft"),
    "decision-decided": (
        "gavel",
        lambda b, a: f"It was decided; {a.get('needed')} of {count(a.get('held', 0), 'seat')} were needed",
    ),
    "decision-withdrawn": ("circle-minus", lambda b, a: f"A decision was withdrawn: {a.get('title')}"),
    "decision-taken-up": ("arrow-back-up", lambda b, a: f"A withdrawn decision was taken up again: {a.get('title')}"),
    "names-shown": ("eye", lambda b, a: f"The screen shows names for: {a.get('title')}"),
    "names-hidden": ("eye", lambda b, a: f"The screen shows counts alone for: {a.get('title')}"),
    "database-copied": ("history", lambda b, a: "This is a copy of the database: everything waits for a person"),
    "database-restored": ("history", lambda b, a: "The database was restored: everything waits for a person"),
    "copy-confirmed": ("circle-check", lambda b, a: "The copy was confirmed: the invitation is put right again"),
    "backup-made": ("history", lambda b, a: "A backup was made"),
    "payload-erased": ("history", lambda b, a: "The content of an entry was erased"),
}


def _short(text: object) -> str:
    words = " ".join(str(text or "").split())
    return words if len(words) <= _LONGEST_SAID else f"{words[: _LONGEST_SAID - 1]}…"


_LONGEST_SAID = 120

_VERDICTS = {"plan-approved": ("approved", "check"), "plan-rejected": ("rejected", "x")}

_DONE = {
    "add-guest": "Added {name}{once}",
    "remove-guest": "Took {name} off the invitation{once}",
    "require-guest": "Made {name} required{once}",
    "clear-plus-ones": "Struck the extra guests of {name}{once}",
    "set-flag": "Switched off{once} ",
    "restore-charter": "Put our lines back into the description{once}",
}

_FLAGS = {
    "guests-can-invite": "“guests may invite others”",
    "guests-can-modify": "“guests may change the event”",
}

_ICONS = {
    "add-guest": "user-plus",
    "remove-guest": "user-minus",
    "require-guest": "user-check",
    "clear-plus-ones": "user-minus",
    "set-flag": "toggle-left",
    "restore-charter": "file-text",
}

_NOT_KEPT = {
    "write-refused": "The calendar refused a change",
    "write-ignored": "The calendar took a change and did not keep it",
    "write-other-address": "The calendar answered with another address: the chair is asked",
}
