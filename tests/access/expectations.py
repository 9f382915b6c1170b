"""What every route gives whom. A new route needs its line in `ROUTES`, else `test_routes.py` fails.

    ("views.endpoint", "METHOD"): Expected(allowed=…, status=…)

`allowed` are those for whom their own meeting's (or link's, or session's) page is there; everybody else gets exactly
the answer for one that does not exist. `status` is what they get, one for all or by who asks. `of` fills the blanks of
the address for something of the asker's own, something foreign, and something absent; `nothing` is for routes that are
about nothing in particular. `form` is what a POST sends besides the token. `is_for_all` says that the route needs no
session and cares for none. `needs_no_token` belongs to what a machine posts, with the reason beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from governance.domain.access import Who
from governance.domain.department import fold_department
from governance.models import AgendaItem, AgendaPlace, DelegateNote, Occurrence
from governance.services.occurrences import next_occurrence
from governance.store.meetings import meeting_by_slug
from governance.store.seats import open_seat_of
from tests.access.briefs import WAITS
from tests.access.canaries import CHAIRS, LEADS, SEATED, WITH_A_PAGE, word
from tests.access.decided import A_PROMISE, THEIR_PROMISE
from tests.access.situation import ABSENT, OWN, RELEASES, SUMMARIES, Situation, Whose

ANY_ROLE = frozenset(Who) - {Who.NOBODY}
SAY_DO = CHAIRS | {Who.DELEGATE, Who.STAND_IN, Who.SPONSOR}
ADMINS = frozenset({Who.ADMINISTRATOR})
CHAIRS_AND_ADMINS = CHAIRS | ADMINS
NOTE_WRITERS = ANY_ROLE - {Who.ADMINISTRATOR, Who.DELEGATE}
"""Everybody with a part in the meeting but the delegate themselves; whoever runs the site is nobody of ours."""

Values = Callable[[Situation, Who | None, Whose], Mapping[str, str]]


def a_meeting(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    return {"slug": situation.slug(whose)}


def an_act(act: str) -> Values:
    """Of a meeting's roster."""
    return lambda situation, who, whose: {**a_meeting(situation, who, whose), "act": act}


def a_promise(situation: Situation, who: Who | None, whose: Whose) -> Mapping[str, str]:
    known = THEIR_PROMISE if whose is Whose.FOREIGN else A_PROMISE
    return {**a_meeting(situation, who, whose), "action_id": str(known)}


def nothing(_situation: Situation, _who: Who | None, _whose: Whose) -> Mapping[str, str]:
    return {}


def always(**values: str) -> Values:
    return lambda _situation, _who, _whose: values


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    status: int | Mapping[Who, int]
    allowed: frozenset[Who] = frozenset()
    of: Values = a_meeting
    form: Values = nothing
    is_for_all: bool = False
    is_in_demo: bool = False
    needs_no_token: str = ""

    @property
    def is_about_a_thing(self) -> bool:
        return not self.is_for_all and self.of is not nothing

    def status_for(self, who: Who) -> int:
        return self.status if isinstance(self.status, int) else self.status.get(who, 200)


def what_waits(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    """The checksum of the changes that are held."""
    with situation.database.reading() as session:
        meeting = meeting_by_slug(session, situation.slug(whose))
        return {"checksum": meeting.plan_json["checksum"] if meeting else "0"}


def no_blanks(_situation: Situation, _who: Who | None, _whose: Whose) -> Mapping[str, str]:
    """About something all the same: the form names it."""
    return {}


def a_meeting_to_hear_of(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    return {"meeting": situation.slug(whose)}


def a_version(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    return {"slug": situation.slug(whose), "number": "1"}


def of_a_seat(situation: Situation, _who: Who | None, _whose: Whose) -> Mapping[str, str]:
    """Somebody sits there, to whom a note can be left; of a meeting that is not theirs it is never looked for."""
    with situation.database.reading() as session:
        meeting = meeting_by_slug(session, OWN)
        seat = open_seat_of(session, meeting.id, fold_department(word("department"))) if meeting else None
        return {"seat": str(seat.id) if seat else ""}


def a_note_to_write(situation: Situation, who: Who | None, whose: Whose) -> Mapping[str, str]:
    return {"slug": situation.slug(whose), "act": f"note?seat={of_a_seat(situation, who, whose)['seat']}"}


def a_note_to_them(situation: Situation, _who: Who | None, _whose: Whose) -> Mapping[str, str]:
    with situation.database.reading() as session:
        return {"note": str(session.scalars(select(DelegateNote.id)).first())}


def a_decision(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    """The closed one of last week."""
    return {"slug": situation.slug(whose), "ref": "D-2026-001"}


def a_rule(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    return {"slug": situation.slug(whose), "code": "I01"}


def a_rule_with_another_mode(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    """So that looking shows what it would do."""
    return {"slug": situation.slug(whose), "code": "I01?mode=observe"}


def a_release(_situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    """The errand that lets a meeting go."""
    return {"errand": str(RELEASES[whose])}


def a_mail_of_nobody(_situation: Situation, _who: Who | None, _whose: Whose) -> Mapping[str, str]:
    return {"mail_id": str(UUID(int=1)), "act": "send"}


def as_it_is(_situation: Situation, _who: Who | None, _whose: Whose) -> Mapping[str, str]:
    """The mode that the rule has already: confirming that changes nothing for who asks next."""
    return {"mode": "enforce", "was": "enforce", "checksum": ""}


def for_all(status: int, of: Values = nothing, **more: str) -> Expected:
    return Expected(status=status, of=of, is_for_all=True, **more)


def a_summary(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    """What the delegate of each meeting was sent."""
    return {"slug": situation.slug(whose), "mail_id": str(SUMMARIES[whose])}


def the_next(situation: Situation, _who: Who | None, whose: Whose) -> Mapping[str, str]:
    """The occurrence to come, whose room is not open yet: nothing can be marked, whoever asks."""
    with situation.database.reading() as session:
        meeting = meeting_by_slug(session, situation.slug(whose))
        found = next_occurrence(session, meeting, situation.scene.now) if meeting else None
    return {"key": found.seen.original_start.isoformat() if found else "", "act": "choose-nothing"}


def last_week(situation: Situation, who: Who | None, whose: Whose) -> Mapping[str, str]:
    """The day of the occurrence whose agenda and minutes have something in them."""
    with situation.database.reading() as session:
        day = session.scalars(select(Occurrence.start).join(AgendaPlace)).one().date()
    return {**a_meeting(situation, who, whose), "day": day.isoformat()}


def an_item(situation: Situation, who: Who | None, whose: Whose) -> Mapping[str, str]:
    """One of last week's agenda; the button is none that there is."""
    day = last_week(situation, who, whose)["day"]
    with situation.database.reading() as session:
        item = session.scalars(select(AgendaItem.id)).one()
    return {**the_next(situation, who, whose), "on": day, "item": str(item)}


IN_THE_ROOM = LEADS | {Who.DELEGATE, Who.STAND_IN, Who.SPONSOR}
WHO_MARK = CHAIRS | {Who.SCRIBE}
WITH_A_SEAT = frozenset({Who.DELEGATE, Who.STAND_IN})

ROUTES: Mapping[tuple[str, str], Expected] = {
    # The first page
    ("home.home", "GET"): Expected(
        allowed=ANY_ROLE,
        status=dict.fromkeys(WITH_A_PAGE - LEADS - {Who.SPONSOR}, 303),  # to the only one, where nothing needs them
        of=nothing,
    ),
    # The meetings
    ("meetings.one", "GET"): Expected(allowed=WITH_A_PAGE, status=200),
    ("meetings.live", "GET"): Expected(allowed=WITH_A_PAGE, status=200),
    ("meetings.next_occurrence", "GET"): Expected(allowed=WITH_A_PAGE, status=303),
    ("meetings.approve", "POST"): Expected(allowed=LEADS, status=303, form=what_waits),
    ("meetings.reject", "POST"): Expected(allowed=LEADS, status=303, form=what_waits),
    ("meetings.retry", "POST"): Expected(allowed=LEADS, status=303, form=always(what="meeting:none")),
    ("rules.all_rules", "GET"): Expected(allowed=LEADS, status=200),
    ("rules.one_rule", "GET"): Expected(allowed=CHAIRS_AND_ADMINS, status=200, of=a_rule_with_another_mode),
    ("rules.change", "POST"): Expected(allowed=CHAIRS_AND_ADMINS, status=303, of=a_rule, form=as_it_is),
    ("ledger.of_meeting", "GET"): Expected(allowed=LEADS, status=200),
    # For whoever runs the installation
    ("system.overview", "GET"): Expected(allowed=ADMINS, status=200, of=nothing),
    ("system.mail", "GET"): Expected(allowed=ADMINS, status=200, of=nothing),
    ("system.calendars", "GET"): Expected(allowed=ADMINS, status=200, of=nothing),
    ("mail_acts.ask", "GET"): Expected(allowed=ADMINS, status=409, of=a_mail_of_nobody),
    ("mail_acts.do", "POST"): Expected(allowed=ADMINS, status=409, of=a_mail_of_nobody),
    ("mail_acts.write_again", "POST"): Expected(
        allowed=ADMINS, status=303, of=nothing, form=always(address="nobody@example.com")
    ),
    ("ledger.of_site", "GET"): Expected(allowed=ADMINS, status=200, of=nothing),
    ("system.retry", "POST"): Expected(allowed=ADMINS, status=303, of=nothing, form=always(slug=OWN, what="none")),
    # The roster
    ("roster.shown", "GET"): Expected(allowed=WITH_A_PAGE, status=200),
    ("roster.as_file", "GET"): Expected(allowed=LEADS, status=200),
    ("roster.undo", "POST"): Expected(allowed=LEADS, status=409, form=always(seq="0")),
    ("roster_acts.ask", "GET"): Expected(allowed=LEADS, status=200, of=an_act("cap")),
    ("roster_acts.go_on", "POST"): Expected(allowed=LEADS, status=200, of=an_act("cap"), form=always(cap="9")),
    # The charter
    ("charter.shown", "GET"): Expected(allowed=WITH_A_PAGE, status=200),
    ("charter.version", "GET"): Expected(allowed=WITH_A_PAGE, status=200, of=a_version),
    ("charter.undo", "POST"): Expected(allowed=LEADS, status=409, form=always(seq="0")),
    ("charter_acts.ask", "GET"): Expected(allowed=CHAIRS_AND_ADMINS, status=200),
    ("charter_acts.go_on", "POST"): Expected(allowed=CHAIRS_AND_ADMINS, status=422, form=always(visitors="many")),
    ("measures.ask", "GET"): Expected(allowed=LEADS, status=200),
    ("measures.enter", "POST"): Expected(allowed=LEADS, status=422, form=always(value="many")),
    ("pausing.ask", "GET"): Expected(allowed=LEADS, status=200),
    ("pausing.do", "POST"): Expected(allowed=LEADS, status=422, form=always(until="tomorrow")),
    ("relinking.ask", "GET"): Expected(allowed=CHAIRS_AND_ADMINS, status=200),
    ("relinking.go_on", "POST"): Expected(allowed=CHAIRS_AND_ADMINS, status=422, form=always(step="look")),
    ("releasing.ask", "GET"): Expected(allowed=frozenset({Who.CHAIR, Who.ADMINISTRATOR}), status=200),
    ("releasing.do", "POST"): Expected(
        allowed=frozenset({Who.CHAIR, Who.ADMINISTRATOR}), status=422, form=always(typed="nothing")
    ),
    # Adopting: without a draft every step leads to the first
    ("adopt.calendar", "GET"): Expected(allowed=ADMINS, status=200, of=nothing),
    ("adopt.find", "POST"): Expected(allowed=ADMINS, status=422, of=nothing),
    **{
        (f"adopt.{step}", method): Expected(allowed=ADMINS, status=303, of=nothing)
        for step, method in (
            *(("event", "GET"), ("choose", "POST"), ("meeting", "GET"), ("name", "POST"), ("departments", "GET")),
            *(("sort", "POST"), ("seats", "GET"), ("seat", "POST"), ("consequences", "GET"), ("adopt", "POST")),
            ("leave", "POST"),
        )
    },
    # Errands to Google
    ("errands.shown", "GET"): Expected(allowed=frozenset({Who.CHAIR, Who.ADMINISTRATOR}), status=200, of=a_release),
    ("errands.live", "GET"): Expected(allowed=frozenset({Who.CHAIR, Who.ADMINISTRATOR}), status=200, of=a_release),
    # The waiting lists
    ("waiting.shown", "GET"): Expected(allowed=ANY_ROLE, status=200),
    ("waiting.ask", "GET"): Expected(allowed=NOTE_WRITERS, status=200, of=a_note_to_write),
    ("waiting.go_on", "POST"): Expected(allowed=NOTE_WRITERS, status=422, of=an_act("note"), form=of_a_seat),
    ("waiting.mark_read", "POST"): Expected(allowed=frozenset({Who.DELEGATE}), status=303, form=a_note_to_them),
    # The room, attendance, and the question of the week
    ("rooms.room", "GET"): Expected(allowed=IN_THE_ROOM, status=200),
    ("rooms.live", "GET"): Expected(allowed=IN_THE_ROOM, status=200),
    ("rooms.screen", "GET"): Expected(allowed=WHO_MARK, status=200),
    ("rooms.here", "POST"): Expected(allowed=WITH_A_SEAT, status=409, form=the_next),
    ("rooms.mark", "POST"): Expected(allowed=WHO_MARK, status=409, form=the_next),
    ("rooms.correcting", "GET"): Expected(allowed=WHO_MARK, status=404),
    ("rooms.correct", "POST"): Expected(allowed=WHO_MARK, status=404, form=the_next),
    ("rooms.question", "POST"): Expected(allowed=WHO_MARK | WITH_A_SEAT, status=409, form=the_next),
    ("rooms.answer", "POST"): Expected(allowed=WITH_A_SEAT, status=409, form=always(turn=str(UUID(int=1)))),
    ("attendance.shown", "GET"): Expected(allowed=IN_THE_ROOM, status=200),
    ("attendance.as_csv", "GET"): Expected(allowed=WHO_MARK, status=200),
    ("attendance.as_json", "GET"): Expected(allowed=WHO_MARK, status=200),
    ("attendance.making_up", "GET"): Expected(allowed=WITH_A_SEAT, status=404),
    ("attendance.repair", "POST"): Expected(allowed=WITH_A_SEAT, status=409, form=the_next),
    ("questions.bank", "GET"): Expected(allowed=IN_THE_ROOM - {Who.SPONSOR}, status=200),
    ("questions.add", "POST"): Expected(allowed=WHO_MARK | WITH_A_SEAT, status=422),
    ("questions.decide", "POST"): Expected(allowed=CHAIRS, status=409),
    # The agenda and the minutes
    ("agenda.shown", "GET"): Expected(allowed=IN_THE_ROOM - {Who.SPONSOR}, status=200),
    ("agenda.text", "GET"): Expected(allowed=IN_THE_ROOM - {Who.SPONSOR}, status=200),
    ("agenda.asking", "GET"): Expected(allowed=WHO_MARK | WITH_A_SEAT, status=200),
    ("agenda.save", "POST"): Expected(allowed=WHO_MARK | WITH_A_SEAT, status=422),
    ("agenda.act", "POST"): Expected(allowed=WHO_MARK | WITH_A_SEAT, status=409, form=an_item),
    ("agenda.becoming", "GET"): Expected(allowed=WHO_MARK, status=404),
    ("agenda.become", "POST"): Expected(allowed=WHO_MARK, status=422, form=an_item),
    ("minutes.shown", "GET"): Expected(allowed=IN_THE_ROOM - {Who.SPONSOR}, status=200, of=last_week),
    ("minutes.as_pdf", "GET"): Expected(allowed=IN_THE_ROOM - {Who.SPONSOR}, status=200, of=last_week),
    ("minutes.approving", "POST"): Expected(allowed=CHAIRS, status=303, of=last_week),
    # Decisions
    ("decisions.ask", "GET"): Expected(allowed=WHO_MARK | WITH_A_SEAT, status=200),
    ("decisions.begin", "POST"): Expected(allowed=WHO_MARK | WITH_A_SEAT, status=422),
    ("decisions.one", "GET"): Expected(allowed=WITH_A_PAGE, status=200, of=a_decision),
    # Promises
    ("promises.shown", "GET"): Expected(allowed=SEATED, status=200),
    ("promises.add", "POST"): Expected(allowed=SEATED, status=422),
    ("promises.one", "GET"): Expected(allowed=SEATED, status=200, of=a_promise),
    ("promises.change", "POST"): Expected(allowed=SEATED, status=422, of=a_promise),
    ("promises.say_do", "GET"): Expected(allowed=SAY_DO, status=200),
    ("promises.remark", "POST"): Expected(allowed=SAY_DO, status=422),
    ("decisions.screen", "GET"): Expected(allowed=WHO_MARK, status=200, of=a_decision),
    ("decision_acts.do", "POST"): Expected(
        allowed=WHO_MARK | WITH_A_SEAT, status=409, of=a_decision, form=always(act="choose-nothing")
    ),
    ("decision_acts.position", "POST"): Expected(
        allowed=WITH_A_SEAT, status=409, of=a_decision, form=always(stance="favour", seat=str(UUID(int=1)))
    ),
    **{
        (f"decision_forms.{name}", method): Expected(allowed=allowed, status=409, of=a_decision)
        for name, method, allowed in (
            *(("wording", "GET", WHO_MARK | WITH_A_SEAT), ("reword", "POST", WHO_MARK | WITH_A_SEAT)),
            *(("option", "GET", WHO_MARK | WITH_A_SEAT), ("save_option", "POST", WHO_MARK | WITH_A_SEAT)),
            *(("objection", "GET", WHO_MARK | WITH_A_SEAT), ("answer", "POST", WHO_MARK | WITH_A_SEAT)),
            *(("said", "GET", WHO_MARK), ("enter", "POST", WHO_MARK)),
        )
    },
    ("decision_marks.mark", "POST"): Expected(
        allowed=WHO_MARK, status=409, of=a_decision, form=always(act="nothing")
    ),
    # What becomes of a decision until it is closed
    ("closing.commit", "POST"): Expected(
        allowed=WITH_A_SEAT, status=409, of=a_decision, form=always(pledge="will", seat=str(UUID(int=1)))
    ),
    ("closing.lead", "POST"): Expected(allowed=WHO_MARK, status=409, of=a_decision, form=always(act="nothing")),
    ("closing.beyond", "POST"): Expected(
        allowed=WHO_MARK | WITH_A_SEAT, status=409, of=a_decision, form=always(seat=str(UUID(int=1)), beyond="All")
    ),
    ("closing.money", "POST"): Expected(allowed=WHO_MARK, status=409, of=a_decision, form=always(money="1")),
    ("closing.checklist", "GET"): Expected(allowed=WHO_MARK, status=409, of=a_decision),
    ("closing.close", "POST"): Expected(allowed=WHO_MARK, status=409, of=a_decision),
    # Of the closed decision nobody's word is asked any more.
    ("closing.for_sponsor", "GET"): Expected(allowed=frozenset({Who.SPONSOR}), status=404, of=a_decision),
    ("closing.sponsor_says", "POST"): Expected(allowed=frozenset({Who.SPONSOR}), status=404, of=a_decision),
    ("decision_log.shown", "GET"): Expected(allowed=WITH_A_PAGE, status=200),
    ("decision_log.one_as_markdown", "GET"): Expected(allowed=WITH_A_PAGE, status=200, of=a_decision),
    **{
        (f"decision_log.{name}", "GET"): Expected(allowed=LEADS | WITH_A_SEAT, status=200)
        for name in ("as_markdown", "as_csv", "as_json")
    },
    # The brief to senior leadership
    ("brief.shown", "GET"): Expected(allowed=WHO_MARK | WITH_A_SEAT | {Who.LEADERSHIP}, status=200),
    ("brief.change", "POST"): Expected(allowed=CHAIRS, status=422, form=always(about=WAITS, act="choose-nothing")),
    ("brief.ask", "POST"): Expected(allowed=WITH_A_SEAT, status=422, form=always(about=WAITS)),
    # One's own page: the same address for everybody
    ("me.about_me", "GET"): Expected(allowed=ANY_ROLE, status=200, of=nothing),
    # The summaries that the delegate was sent, and nobody else
    ("summaries.mine", "GET"): Expected(allowed=WITH_A_PAGE, status=200),
    ("summaries.one", "GET"): Expected(allowed=frozenset({Who.DELEGATE}), status=200, of=a_summary),
    ("summaries.shown", "GET"): Expected(allowed=frozenset({Who.DELEGATE}), status=200, of=a_summary),
    # Their calendar feed: whoever only runs the site is nobody of ours
    ("feeds.make", "POST"): Expected(allowed=ANY_ROLE - ADMINS, status=303, of=no_blanks),
    ("feeds.revoke", "POST"): Expected(allowed=ANY_ROLE - ADMINS, status=303, of=no_blanks),
    ("feeds.calendar", "GET"): for_all(404, always(token=ABSENT)),
    # The demo: elsewhere there is nothing at its address
    ("acting.act", "POST"): Expected(status=303, of=nothing, form=always(act="try", slug=OWN), is_in_demo=True),
    # Signing in and out
    ("sign_in.needed", "GET"): for_all(200),
    ("sign_in.confirm", "GET"): for_all(410, always(token=ABSENT)),
    ("sign_in.use", "POST"): for_all(400, always(token=ABSENT)),
    ("sign_in.ask", "POST"): for_all(400),
    ("google_sign_in.start", "GET"): for_all(404),
    ("google_sign_in.callback", "GET"): for_all(404),
    ("sessions.mine", "GET"): Expected(allowed=ANY_ROLE, status=200, of=nothing),
    ("sessions.end", "POST"): Expected(allowed=ANY_ROLE, status=404, of=always(session_id=str(UUID(int=1)))),
    ("sessions.end_others", "POST"): Expected(allowed=ANY_ROLE, status=303, of=nothing),
    # The links of mails
    ("action_links.look", "GET"): for_all(410, always(token=ABSENT)),
    ("action_links.use", "POST"): for_all(400, always(token=ABSENT)),
    ("preferences.show", "GET"): for_all(404, always(token=ABSENT)),
    ("preferences.change", "POST"): for_all(400, always(token=ABSENT)),
    ("preferences.unsubscribing", "GET"): for_all(404, always(token=ABSENT)),
    ("preferences.unsubscribe", "POST"): for_all(
        400, always(token=ABSENT), needs_no_token="mail programs leave a list by one click (RFC 8058)"
    ),
    ("preferences.mine", "GET"): Expected(allowed=ANY_ROLE, status=200, of=nothing),
    ("preferences.change_mine", "POST"): Expected(
        allowed=WITH_A_PAGE - {Who.ADMINISTRATOR, Who.STAND_IN}, status=303, of=no_blanks, form=a_meeting_to_hear_of
    ),
    ("sign_in.sign_out", "POST"): Expected(allowed=ANY_ROLE, status=303, of=nothing),
    # For machines
    ("health.alive", "GET"): for_all(200),
    ("health.ready", "GET"): for_all(200),
    ("health.metrics", "GET"): for_all(401),
    ("notifications.receive", "POST"): for_all(404, needs_no_token="Google has a secret of its own to show"),
    # Style and icons
    ("assets.static_file", "GET"): for_all(200, always(name="app.css")),
    ("assets.favicon", "GET"): for_all(200),
}  # fmt: skip
