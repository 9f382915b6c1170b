"""Words that tell where a text came from: one for every field that somebody writes, each with whom it is for.

A new text needs two lines: its canary here, and the column in `COLUMNS` (or in `NOBODY_WRITES`, when it holds no text
of people). Then put `word("…")` into that field where `situation.py` builds the meetings; `test_confidentiality.py`
looks for it in whatever leaves the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from governance.domain.access import Who
from governance.domain.ledger import Confidentiality

OPEN, SEATS, PRIVATE = Confidentiality

CHAIRS = frozenset({Who.CHAIR, Who.ACTING_CHAIR})
LEADS = CHAIRS | {Who.SCRIBE, Who.ADMINISTRATOR}
SEATED = LEADS | {Who.DELEGATE, Who.STAND_IN}
OF_THE_SEAT = SEATED | {Who.DEPUTY, Who.SPONSOR}
WITH_A_PAGE = OF_THE_SEAT | {Who.LEADERSHIP}
WITH_A_SEAT = frozenset({Who.DELEGATE, Who.STAND_IN})
OF_POSITIONS = CHAIRS | {Who.DELEGATE}
"""Neither the scribe, once the occurrence is over, nor the stand-in of another one."""
OF_BRIEFS = CHAIRS | WITH_A_SEAT | {Who.SCRIBE}
"""Before they go: whoever runs the site does not read what the group tells its leadership."""
NONE: frozenset[Who] = frozenset()

USUAL = {OPEN: WITH_A_PAGE, SEATS: SEATED, PRIVATE: NONE}


@dataclass(frozen=True, slots=True)
class Canary:
    """`readers` are those who may come across it, where they are not the usual ones of its class.

    `mails` are the kinds that may carry it to whoever they are addressed to. `is_shown` is False for what no page shows
    yet: then it is enough that it is found nowhere else.
    """

    name: str
    confidentiality: Confidentiality
    readers: frozenset[Who] | None = None
    mails: frozenset[str] = frozenset()
    is_exported: bool = True
    is_shown: bool = True

    @property
    def word(self) -> str:
        return word(self.name)

    def may_be_read_by(self, who: Who) -> bool:
        return who in (USUAL[self.confidentiality] if self.readers is None else self.readers)


def word(name: str) -> str:
    """Letters alone, so that no encoding of a page, a file or a mail alters it."""
    return f"zq{name.replace(' ', '').replace('-', '')}qz"


_TO_THE_COLLEAGUE = frozenset({"removed", "offer", "application-declined"})
_ABOUT_MANDATES = frozenset({"mandate-requested", "mandate-confirmed", "mandate-declined", "mandate-withdrawn"}) | {
    "mandate-ending",
    "deputy-asked",
    "seat",
}


def _hidden(
    name: str, confidentiality: Confidentiality, readers: frozenset[Who] | None = None, mails: Iterable[str] = ()
) -> Canary:
    """What no page and no export has: to be found nowhere, or in a mail alone."""
    return Canary(name, confidentiality, readers, frozenset(mails), is_exported=False, is_shown=False)


CANARIES = (
    Canary("meeting name", OPEN, WITH_A_PAGE | {Who.APPLICANT}, mails=frozenset({"sign-in"}) | _TO_THE_COLLEAGUE),
    Canary("department", OPEN, WITH_A_PAGE | {Who.APPLICANT}, mails=_TO_THE_COLLEAGUE),
    Canary("delegate", OPEN, mails=_TO_THE_COLLEAGUE),
    Canary("chair", OPEN, mails=frozenset({"offer"})),
    Canary("scribe", OPEN),
    Canary("measure", OPEN),
    Canary("charter short", OPEN, mails=frozenset({"seat", "mandate-requested", "offer"})),
    Canary("charter purpose", OPEN, mails=frozenset({"seat", "mandate-requested"})),
    Canary("other delegate", OPEN),
    Canary("mandate scope", SEATS, OF_THE_SEAT, mails=_ABOUT_MANDATES),
    Canary("sponsor", SEATS, OF_THE_SEAT, mails=_ABOUT_MANDATES | {"offer"}, is_shown=False),
    Canary("deputy", SEATS, OF_THE_SEAT, mails=frozenset({"declined", "declined-sponsor", "deputy-asked", "seat"})),
    Canary("stand-in", SEATS, OF_THE_SEAT),
    Canary("other mandate scope", SEATS),
    Canary("visitor", SEATS, is_exported=False),
    Canary("visitor reason", SEATS, is_exported=False),
    Canary("guest", SEATS, is_exported=False),
    Canary("guest reason", SEATS, is_exported=False),
    Canary("stranger", SEATS, LEADS, mails=frozenset({"removals", "removed", "held"}), is_exported=False),
    _hidden("event title", SEATS, NONE),
    _hidden("event description", SEATS, NONE),
    _hidden("event property", SEATS, NONE),
    Canary("trouble", SEATS, LEADS, is_exported=False),
    Canary("trouble remedy", SEATS, LEADS, is_exported=False),
    Canary("record open", OPEN, LEADS, is_exported=False),
    Canary("record seats", SEATS, LEADS, is_exported=False),
    Canary("record private", PRIVATE, CHAIRS, is_exported=False),
    # Whoever wrote it finds it on their own page, the delegate beside the waiting lists.
    Canary(
        "delegate note", PRIVATE, frozenset({Who.APPLICANT, Who.DELEGATE}), mails=frozenset({"note"}),
        is_exported=False,
    ),
    Canary(
        "applicant", PRIVATE, LEADS | {Who.SPONSOR, Who.DELEGATE}, is_exported=False,
        mails=frozenset({"application", "note", "offer", "offer-over", "application-declined"}),
    ),
    Canary("offer reason", SEATS, LEADS | {Who.SPONSOR}, is_exported=False),
    _hidden("refusal of an address", PRIVATE, LEADS, mails=frozenset({"undeliverable"})),
    _hidden("mail of somebody else", PRIVATE, NONE, mails=frozenset({"note"})),
    _hidden("outcome of a link", PRIVATE, NONE),
    _hidden("browser of somebody else", PRIVATE, NONE),
    _hidden("event asked for", PRIVATE, NONE),
    _hidden("event of nobody", PRIVATE, NONE),
    _hidden("refusal of an errand", PRIVATE, NONE),
    _hidden("department of a draft", PRIVATE, NONE),
    # The sponsor sees what concerns their own department.
    Canary("correction reason", SEATS, SEATED | {Who.SPONSOR}, is_exported=False),
    Canary("commitments made up", SEATS, is_exported=False),
    Canary("suggested question", SEATS, is_exported=False),
    Canary("kept answer", PRIVATE, WITH_A_SEAT, is_exported=False),
    Canary("decision", OPEN),
    Canary("decision text", OPEN),
    Canary("decision customer", OPEN),
    Canary("customer effect", OPEN),
    Canary("teller", OPEN),
    Canary("informed", OPEN),
    Canary("how it was kept", OPEN),
    Canary("decision question", SEATS),
    Canary("why few options", SEATS),
    Canary("withdrawn", SEATS, is_exported=False),
    Canary("option", SEATS),
    Canary("option effect", SEATS),
    Canary("option cost", SEATS),
    Canary("option risk", SEATS),
    Canary("agenda item", SEATS, is_exported=False),
    Canary("agenda outcome", SEATS, is_exported=False),
    Canary("agenda customer", SEATS, is_exported=False),
    Canary("papers", SEATS, is_exported=False),
    Canary("commitment", SEATS, is_exported=False),
    Canary("promise", SEATS),
    Canary("evidence", SEATS),
    Canary("why it slipped", SEATS, SEATED | {Who.SPONSOR}, is_exported=False),
    Canary("question about a promise", SEATS, is_exported=False),
    Canary("answer about a promise", SEATS, is_exported=False),
    Canary("beyond the mandate", SEATS, SEATED | {Who.SPONSOR}, is_exported=False),
    Canary("word of the sponsor", SEATS, SEATED | {Who.SPONSOR}, is_exported=False),
    Canary("position reason", PRIVATE, OF_POSITIONS, is_exported=False),
    Canary("what would remove it", PRIVATE, OF_POSITIONS, is_exported=False),
    Canary("interest", PRIVATE, OF_POSITIONS, is_exported=False),
    Canary("answer to objection", PRIVATE, OF_POSITIONS, is_exported=False),
    Canary("reservation", PRIVATE, OF_POSITIONS, is_exported=False),
    Canary("challenger", SEATS, CHAIRS | WITH_A_SEAT, is_exported=False),
    Canary("challenge", SEATS, CHAIRS | WITH_A_SEAT, is_exported=False),
    Canary("who answered", SEATS, CHAIRS | WITH_A_SEAT, is_exported=False),
    Canary("remark on say and do", SEATS, CHAIRS | WITH_A_SEAT | {Who.SPONSOR}, is_exported=False),
    Canary("brief that went", OPEN, OF_BRIEFS | {Who.LEADERSHIP}, mails=frozenset({"brief"}), is_exported=False),
    Canary("brief that waits", SEATS, OF_BRIEFS, mails=frozenset({"brief-changed"}), is_exported=False),
    Canary("left out of a brief", SEATS, CHAIRS, is_exported=False),
    Canary("change of a brief", SEATS, CHAIRS | {Who.DELEGATE}, mails=frozenset({"brief-asked"}), is_exported=False),
    _hidden("foreign brief", SEATS, NONE),
    Canary("foreign name", OPEN, frozenset({Who.ADMINISTRATOR})),
    Canary("foreign department", OPEN, frozenset({Who.ADMINISTRATOR})),
    Canary("foreign delegate", OPEN, frozenset({Who.ADMINISTRATOR})),
    Canary("foreign chair", OPEN, frozenset({Who.ADMINISTRATOR})),
    Canary("foreign scope", SEATS, frozenset({Who.ADMINISTRATOR})),
    Canary("foreign stranger", SEATS, frozenset({Who.ADMINISTRATOR}), is_exported=False),
    _hidden("foreign record private", PRIVATE, NONE),
    Canary("foreign decision", OPEN, frozenset({Who.ADMINISTRATOR})),
)  # fmt: skip

COLUMNS = {
    "adoption_draft.content_json": ("department of a draft",),
    "errand.answer_json": ("event of nobody",),
    "errand.asked_json": ("event asked for",),
    "errand.refusal": ("refusal of an errand",),
    "attendance_mark.reason": ("correction reason",),
    "kept_answer.text": ("kept answer",),
    "make_up.commitments": ("commitments made up",),
    "suggested_question.text": ("suggested question",),
    "action.text": ("promise",),
    "action.evidence": ("evidence",),
    "action_change.words": ("why it slipped",),
    "agenda_item.title": ("agenda item",),
    "agenda_item.papers": ("papers",),
    "agenda_item.customer": ("agenda customer",),
    "agenda_place.words": ("agenda outcome",),
    "brief.facts_json": ("brief that went", "brief that waits", "foreign brief"),
    "brief.written_json": ("left out of a brief",),
    "brief_request.text": ("change of a brief",),
    "challenge.by_whom": ("challenger",),
    "challenge.what": ("challenge",),
    "challenge.answered_by": ("who answered",),
    "commitment.words": ("commitment",),
    "commitment.reservation": ("reservation",),
    "decision.title": ("decision", "foreign decision"),
    "decision.question": ("decision question",),
    "decision.customer": ("decision customer",),
    "decision.why_few_options": ("why few options",),
    "decision.text": ("decision text",),
    "decision.customer_effect": ("customer effect",),
    "decision.teller": ("teller",),
    "decision.informed": ("informed",),
    "decision.withdrawn_why": ("withdrawn",),
    "decision.search_text": ("decision",),
    "decision.open_search_text": ("decision",),
    "decision.customer_folded": ("decision customer",),
    "decision_mark.words": ("how it was kept",),
    "decision_option.text": ("option",),
    "decision_option.customer_effect": ("option effect",),
    "decision_option.cost": ("option cost",),
    "decision_option.risk": ("option risk",),
    "elector.department": ("department",),
    "objection_answer.words": ("answer to objection",),
    "position.reason": ("position reason",),
    "position.removes": ("what would remove it",),
    "position.interest": ("interest",),
    "promise_question.text": ("question about a promise",),
    "promise_question.answer": ("answer about a promise",),
    "ratification.words": ("beyond the mandate",),
    "ratification.answer_words": ("word of the sponsor",),
    "say_do_remark.text": ("remark on say and do",),
    "action_link.outcome": ("outcome of a link",),
    "charter_version.source": ("charter short", "charter purpose", "measure"),
    "delegate_note.text": ("delegate note",),
    "department.name": ("department", "foreign department"),
    "directory_answer.name": ("stranger", "foreign stranger"),
    "event_picture.body_json": ("event title", "event description", "event property"),
    "ledger_payload.body_json": ("record open", "record seats", "record private", "foreign record private"),
    "mandate.scope": ("mandate scope", "other mandate scope", "foreign scope"),
    "measure_value.measure": ("measure",),
    "meeting.findings_json": ("stranger", "foreign stranger"),
    "meeting.name": ("meeting name", "foreign name"),
    "meeting.plan_json": ("stranger", "foreign stranger"),
    "meeting.problem_remedy": ("trouble remedy",),
    "meeting.problem_text": ("trouble",),
    "offer.why": ("offer reason",),
    "outbox.facts_json": ("mail of somebody else",),
    "person.name": (
        "chair", "scribe", "delegate", "other delegate", "deputy", "stand-in", "sponsor", "visitor", "guest",
        "applicant", "foreign chair", "foreign delegate",
    ),
    "standing_guest.reason": ("guest reason",),
    "undeliverable.problem_text": ("refusal of an address",),
    "visitor.reason": ("visitor reason",),
    "web_session.agent": ("browser of somebody else",),
}  # fmt: skip
"""Where each canary must be found in the database: a column that people's words reach, and what was planted there."""

NOBODY_WRITES = frozenset(
    {
        *("action.by", "action.state", "action_change.by", "action_change.kind", "agenda_item.purpose"),
        *("agenda_place.outcome", "challenge.by", "challenge.outcome", "commitment.by", "commitment.pledge"),
        *(
            "decision.by",
            "decision.number",
            "decision.shut_rounds",
            "decision.state",
            "decision.way",
            "decision_mark.by",
            "decision_mark.kind",
        ),
        *("decision_option.by", "minutes_approval.by", "objection_answer.answer", "objection_answer.by"),
        *("position.by", "position.source", "position.stance", "promise_question.answered_by"),
        *("ratification.answered_by", "ratification.by", "ratification.cause", "ratification.state"),
        "say_do_remark.by",
        *("action_link.purpose", "action_link.thing_json"),
        *("address.as_given", "address.folded", "address_question.answered", "address_question.sent"),
        *("address_question.event_id", "application.outcome"),
        *(f"applied_change.{name}" for name in ("counted_as", "event_id", "kind", "rule", "scope", "target")),
        *("approval.by", "approval.checksum", "approval.keys_json", "approval.verdict"),
        *("brief.about", "brief.changed_by"),
        *("breaker.problem_code", "breaker.problem_remedy", "breaker.problem_text", "breaker.subject"),
        *(f"calendar.{name}" for name in ("access_role", "google_id", "problem_code", "problem_remedy")),
        *(f"calendar.{name}" for name in ("problem_text", "push_problem", "push_remedy", "subject", "sync_token")),
        *("attendance_mark.by", "attendance_mark.kind", "attendance_mark.source"),
        *("chosen_question.question_key", "chosen_question.seed", "chosen_question.why"),
        *("question_veto.by", "question_veto.question_key", "suggested_question.by", "suggested_question.tag"),
        *("turn.kind", "turn.outcome"),
        *("channel.resource_id", "channel.token_hash", "charter_version.by", "department.folded"),
        *(f"directory_answer.{name}" for name in ("address", "department", "directory_id", "kind", "primary_address")),
        *("adoption_draft.asked_by", "errand.actor", "errand.asked_by", "errand.kind", "errand.leased_by"),
        "errand.state",
        *("event_picture.etag", "event_picture.event_id", "event_picture.status", "kept_seat.by", "kept_seat.cause"),
        *(f"ledger_entry.{name}" for name in ("act", "actor", "chain", "class", "hash", "payload_digest")),
        *("ledger_entry.previous_hash", "ledger_entry.source", "ledger_entry.subject"),
        *("ledger_head.chain", "ledger_head.hash", "mail_preference.topic", "mandate.recorded_by", "mandate.state"),
        *("meeting.frozen_code", "meeting.frozen_reason", "meeting.problem_code", "meeting.recorded_digest"),
        *("measure_value.by", "meeting.slug", "meeting.time_zone"),
        *("offer.answer", "offer.offered_by"),
        *(f"outbox.{name}" for name in ("about", "address", "hold", "key", "kind", "leased_by", "problem_code")),
        *("outbox.problem_text", "outbox.settled_by", "outbox.state", "outbox.transport_id"),
        *("pause.by", "person.directory_id"),
        *(f"quarantine.{name}" for name in ("etag", "event_id", "problem_code", "problem_remedy", "problem_text")),
        *("role.kind", "rule_mode.code", "rule_mode.mode"),
        *(f"series.{name}" for name in ("accepted_block", "baseline_json", "event_id", "known_rules_json")),
        *("series.last_written_block", "sign_in_link.address", "sign_in_link.leads_to", "sign_in_link.token_hash"),
        *("stand_in.by", "stand_in.cause", "standing_guest.by", "throttle.key"),
        *("undeliverable.address", "undeliverable.problem_code", "visitor.by"),
        *("web_session.address", "web_session.csrf", "web_session.how", "web_session.token_hash"),
        *("worker.command", "worker.detail_json", "worker.name"),
        *("write_intent.body_json", "write_intent.etag", "write_intent.event_id"),
    }
)
"""Codes, identifiers, hashes and addresses, and sentences of the program's own."""
