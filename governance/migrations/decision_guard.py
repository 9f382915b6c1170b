"""The triggers by which the database itself refuses to change a closed decision.

What was said about it as it closed stays as it was said: its words and dates, options, electorate, answers and
ratifications. Positions and commitments are only ever added; into a closed decision a position comes only as the
correction of one that somebody else had entered. Pointers to people are left out: two people found to be one are one.
"""

from sqlalchemy import Connection, inspect, text

_REFUSAL = "a closed decision is not changed"

_WORDS_OF_DECISION = (
    *("meeting_id", "occurrence_id", "item_id", "state", "title", "question", "customer", "why_few_options"),
    *(
        "money_minor",
        "payer_seat_id",
        "seat_id",
        "way",
        "round",
        "shut_rounds",
        "is_show_of_hands",
        "are_names_shown",
        "text",
    ),
    *("customer_effect", "teller", "informed", "due_on", "review_on", "read_back_at", "opened_at", "revealed_at"),
    *("decided_at", "closed_at", "withdrawn_at", "present", "needed", "held", "number", "number_year", "number_seq"),
)
_WORDS_OF_POSITION = (
    *("decision_id", "seat_id", "round", "stance", "reason", "removes", "interest", "hold_until", "source", "at"),
)
_WORDS_OF_COMMITMENT = ("decision_id", "seat_id", "pledge", "words", "reservation", "at")
_WORDS_OF_ELECTOR = ("decision_id", "seat_id", "department", "is_stand_in", "is_empowered", "limit_minor")
_WORDS_OF_RATIFICATION = ("decision_id", "seat_id", "cause", "words", "state", "answered_at", "answer_words")


def put_decision_guard(connection: Connection) -> None:
    """Put all triggers in place, whichever are there already; nothing while there are no decisions."""
    if not inspect(connection).has_table("decision"):
        return
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        connection.execute(text(_FUNCTION))
    for name, moment, condition in _guards():
        if is_postgresql:
            _put_postgresql(connection, name, moment, condition)
        else:
            _put_sqlite(connection, name, moment, condition)


def functions() -> list[str]:
    """The names of the functions that PostgreSQL keeps for the triggers."""
    return [_COMMON, *(f"refuse_{name}" for name, _, condition in _guards() if "EXISTS" in condition)]


def _guards() -> list[tuple[str, str, str]]:
    """Name, moment with its table, and the condition under which it is refused."""
    found = [
        ("decision_no_change", _update("decision", _WORDS_OF_DECISION), "OLD.closed_at IS NOT NULL"),
        ("decision_no_delete", "DELETE ON decision", "OLD.closed_at IS NOT NULL"),
        ("position_no_change", _update("position", _WORDS_OF_POSITION), ""),
        ("position_no_delete", "DELETE ON position", ""),
        ("position_no_late_one", "INSERT ON position", f"NEW.source <> 'correction' AND {_closed('NEW')}"),
        ("commitment_no_change", _update("commitment", _WORDS_OF_COMMITMENT), ""),
        ("commitment_no_delete", "DELETE ON commitment", ""),
        ("option_no_change", "UPDATE ON decision_option", _closed("OLD")),
        ("elector_no_change", _update("elector", _WORDS_OF_ELECTOR), _closed("OLD")),
        ("ratification_no_change", _update("ratification", _WORDS_OF_RATIFICATION), _closed("OLD")),
        ("objection_answer_no_change", "UPDATE ON objection_answer", ""),
        ("objection_answer_no_delete", "DELETE ON objection_answer", ""),
        ("objection_answer_no_late_one", "INSERT ON objection_answer", _closed_by_position("NEW")),
    ]
    for table, short in (("decision_option", "option"), ("elector", "elector"), ("ratification", "ratification")):
        found.append((f"{short}_no_delete", f"DELETE ON {table}", _closed("OLD")))
        found.append((f"{short}_no_late_one", f"INSERT ON {table}", _closed("NEW")))
    return found


def _update(table: str, columns: tuple[str, ...]) -> str:
    return f"UPDATE OF {', '.join(columns)} ON {table}"


def _closed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM decision d WHERE d.id = {row}.decision_id AND d.closed_at IS NOT NULL)"  # noqa: S608 – names of ours


def _closed_by_position(row: str) -> str:
    found = f"p JOIN decision d ON d.id = p.decision_id WHERE p.id = {row}.position_id AND d.closed_at IS NOT NULL"
    return f"EXISTS (SELECT 1 FROM position {found})"  # noqa: S608 – names of ours


def _put_sqlite(connection: Connection, name: str, moment: str, condition: str) -> None:
    when = f"WHEN {condition}" if condition else ""
    connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    connection.execute(
        text(f"CREATE TRIGGER {name} BEFORE {moment} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END")
    )


_COMMON = "refuse_to_change_the_decision"
_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION {_COMMON}() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def _put_postgresql(connection: Connection, name: str, moment: str, condition: str) -> None:
    """PostgreSQL allows no subquery in WHEN: there the condition is asked inside a function of its own."""
    table = moment.rsplit(" ON ", 1)[1]
    if "EXISTS" not in condition:
        when = f"WHEN ({condition})" if condition else ""
        function = _COMMON
    else:
        function, when = f"refuse_{name}", ""
        goes_on = "OLD" if moment.startswith("DELETE") else "NEW"
        connection.execute(
            text(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF {condition} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"
                f" END IF; RETURN {goes_on}; END $$"
            )
        )
    connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
    connection.execute(text(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW {when} EXECUTE FUNCTION {function}()"))
