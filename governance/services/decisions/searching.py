"""Keep what a decision is found by up to date."""

from __future__ import annotations

from sqlalchemy.orm import Session

from governance.domain.decisions.searching import About, fold, open_search_text, search_text
from governance.domain.decisions.values import Decision
from governance.models import Decision as Row
from governance.services.decisions.reading import decision_value
from governance.store.decision_log import names_for


def refresh_search_text(session: Session, row: Row, value: Decision | None = None) -> None:
    """After each save of its words, options, owner or seats, and when it gets its number; `Doing.settle` does it.

    Args:
        value: what was read since it was saved, where somebody has.
    """
    session.flush()
    value = value or decision_value(session, row)
    owner, departments = names_for(session, row)
    about = About(row.question, row.customer, owner, departments)
    row.customer_folded = fold(row.customer)
    row.open_search_text, row.search_text = open_search_text(value, about), search_text(value, about)
    session.flush()
