"""All tables, one module a noun."""

from governance.models.action import Action, ActionChange, PromiseQuestion, SayDoRemark
from governance.models.agenda import AgendaItem, AgendaPlace, MinutesApproval
from governance.models.application import Application, DelegateNote, Offer
from governance.models.approval import AppliedChange, Approval
from governance.models.attendance import AttendanceMark, MakeUp
from governance.models.base import Base, whole_metadata
from governance.models.calendar import AddressQuestion, Calendar, EventPicture, Series
from governance.models.channel import Channel
from governance.models.decision import (
    Challenge,
    Commitment,
    Decision,
    DecisionMark,
    DecisionOption,
    Elector,
    ObjectionAnswer,
    Position,
    Ratification,
)
from governance.models.department import Department, Sponsor
from governance.models.deputy import Deputy, KeptSeat, StandIn
from governance.models.directory_answer import DirectoryAnswer
from governance.models.errand import AdoptionDraft, Errand
from governance.models.lease import Lease
from governance.models.ledger import LedgerEntry, LedgerHead, LedgerPayload
from governance.models.mandate import Mandate
from governance.models.measure import MeasureValue
from governance.models.meeting import CharterVersion, Meeting, Pause, Role, RuleMode
from governance.models.occurrence import Occurrence
from governance.models.outbox import ActionLink, MailPreference, Outbox, Undeliverable
from governance.models.person import Address, Person
from governance.models.question import ChosenQuestion, KeptAnswer, QuestionVeto, SuggestedQuestion, Turn
from governance.models.seat import Seat, Tenure
from governance.models.sign_in import SignInLink, WebSession
from governance.models.summary import Brief, BriefRequest, CalendarFeed, SummaryChoice, SummaryDone
from governance.models.throttle import Throttle
from governance.models.trouble import Breaker, Quarantine
from governance.models.visitor import StandingGuest, Visitor
from governance.models.worker import Worker
from governance.models.write_intent import WriteIntent

__all__ = [
    "Action",
    "ActionChange",
    "ActionLink",
    "Address",
    "AddressQuestion",
    "AdoptionDraft",
    "AgendaItem",
    "AgendaPlace",
    "Application",
    "AppliedChange",
    "Approval",
    "AttendanceMark",
    "Base",
    "Breaker",
    "Brief",
    "BriefRequest",
    "Calendar",
    "CalendarFeed",
    "Challenge",
    "Channel",
    "CharterVersion",
    "ChosenQuestion",
    "Commitment",
    "Decision",
    "DecisionMark",
    "DecisionOption",
    "DelegateNote",
    "Department",
    "Deputy",
    "DirectoryAnswer",
    "Elector",
    "Errand",
    "EventPicture",
    "KeptAnswer",
    "KeptSeat",
    "Lease",
    "LedgerEntry",
    "LedgerHead",
    "LedgerPayload",
    "MailPreference",
    "MakeUp",
    "Mandate",
    "MeasureValue",
    "Meeting",
    "MinutesApproval",
    "ObjectionAnswer",
    "Occurrence",
    "Offer",
    "Outbox",
    "Pause",
    "Person",
    "Position",
    "PromiseQuestion",
    "Quarantine",
    "QuestionVeto",
    "Ratification",
    "Role",
    "RuleMode",
    "SayDoRemark",
    "Seat",
    "Series",
    "SignInLink",
    "Sponsor",
    "StandIn",
    "StandingGuest",
    "SuggestedQuestion",
    "SummaryChoice",
    "SummaryDone",
    "Tenure",
    "Throttle",
    "Turn",
    "Undeliverable",
    "Visitor",
    "WebSession",
    "Worker",
    "WriteIntent",
    "whole_metadata",
]
