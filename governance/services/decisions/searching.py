"""Keep what a decision is found by up to date."""

from __future__ import annotations

from sqlalchemy.orm import Session

from governance.domain.decisions.searching import About, fold, open_search_text, search_text
from governance.domain.decisions.values import Decision
from governance.models import Decision as Row
from governance.services.decisions.reading import decision_value
from governance.store.decision_log import names_for, write_search_texts


def refresh_search_text(session: Session, row: Row, value: Decision | None = None) -> None:
    """After each save of its words, options, owner or seats, and when it gets its number; `Doing.settle` does it.

    It follows from the rest and is nobody's edit, so the version stays as it is.

    Args:
        value: what was read since it was saved, where somebody has.
    """
    session.flush()
    value = value or decision_value(session, row)
    about = About(row.question, row.customer, *names_for(session, row))
    write_search_texts(
        session, row, search_text=search_text(value, about), open_search_text=open_search_text(value, about),
        customer_folded=fold(row.customer),
    )  # fmt: skip
