"""The tables of the ledger; its rules are in `governance.domain.ledger`, its guards in the migrations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, one_of, parent
from governance.models.meeting import Meeting


class LedgerHead(Base):
    """The last position of a chain; whoever appends locks it first."""

    __table_args__ = (CheckConstraint("seq >= 0", name="seq_not_negative"),)

    chain: Mapped[str] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), unique=True)
    seq: Mapped[int]
    hash: Mapped[str]

    meeting: Mapped[Meeting | None] = parent()


class LedgerEntry(Identified, Base):
    """One act. Names, addresses and free text are in the payload only, so that they can be erased."""

    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        UniqueConstraint("chain", "previous_hash"),
        CheckConstraint("seq >= 1", name="seq_at_least_one"),
        one_of("class", "open", "seats", "private"),
    )

    chain: Mapped[str] = mapped_column(ForeignKey("ledger_head.chain"))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    source: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    confidentiality: Mapped[str] = mapped_column("class")
    payload_digest: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]

    head: Mapped[LedgerHead] = parent()


class LedgerPayload(Base):
    """What was before and after, and why, with the random bytes its digest covers; both go when it is erased.

    The bytes go too because a short text could else be found by trying: digest and bytes would confirm the guess.
    """

    __table_args__ = (
        CheckConstraint(
            "(body_json IS NULL) = (erased_at IS NOT NULL) AND (salt IS NULL) = (erased_at IS NOT NULL)",
            name="whole_or_erased",
        ),
        CheckConstraint("length(salt) = 32", name="salt_has_32_bytes"),
    )

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True)
    salt: Mapped[bytes | None]
    body_json: Mapped[str | None]
    erased_at: Mapped[datetime | None]

    entry: Mapped[LedgerEntry] = parent()
