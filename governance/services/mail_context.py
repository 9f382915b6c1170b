"""What a mail says besides its facts: who it is for, which meeting, and the addresses that only we can sign."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from governance.mail.building import Mail
from governance.mail.deciding import Policy
from governance.mail.facts import Facts
from governance.mail.kinds import KINDS
from governance.mail.letter import Context
from governance.models.meeting import Meeting
from governance.models.outbox import Outbox
from governance.models.person import Person
from governance.services import links, outbox, sign_in
from governance.services.summaries.building import as_it_goes, links_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the delivery knows of the site. `sender` and `reply_to` as configured: `Name <a@b>` or `a@b`."""

    site: str
    public_url: str
    secret_key: str
    time_zone: str
    currency: str
    sender: str
    reply_to: str | None
    daily_limit: int
    policy: Policy
    admins: tuple[str, ...] = ()


def mail_of(session: Session, row: Outbox, office: Office, facts: Facts | None = None) -> Mail:
    """Everything that the mail says; the same for the same row, whenever it is asked for, but of summaries what nobody
    may read any more is left out.

    Args:
        facts: as somebody may read them who looks at the mail later; else as it goes now.
    """
    meeting = session.get(Meeting, row.meeting_id) if row.meeting_id else None
    person = session.get(Person, row.person_id) if row.person_id else None
    topic = KINDS[row.kind].topic
    token = None
    if person is not None and (meeting is not None or topic is not None):
        of = meeting.id if meeting is not None else None
        token = links.preference_token(person.id, of, topic.value if topic else "", office.secret_key)
    if facts is None:
        facts = as_it_goes(session, row, outbox.facts_of(row, office.currency))
    context = Context(
        site=office.site,
        public_url=office.public_url,
        recipient=(person.name if person else "") or row.address,
        now=row.due_at,
        time_zone=meeting.time_zone if meeting else office.time_zone,
        meeting=meeting.name if meeting else None,
        slug=meeting.slug if meeting else None,
        links={name: _address_of(name, UUID(one), office) for name, one in links_of(row, facts).items()},
        preferences=f"{office.public_url}/preferences/{token}" if token else None,
        one_click=f"{office.public_url}/unsubscribe/{token}" if token and topic else None,
    )
    return Mail(
        id=row.id,
        kind=row.kind,
        facts=facts,
        context=context,
        recipient=row.address,
        sender=office.sender,
        reply_to=office.reply_to,
        date=row.queued_at,
    )


def _address_of(name: str, link_id: UUID, office: Office) -> str:
    if name == "sign-in":
        return f"{office.public_url}/sign-in/{sign_in.token_of(link_id, office.secret_key)}"
    return f"{office.public_url}/l/{links.signed(link_id, office.secret_key)}"
