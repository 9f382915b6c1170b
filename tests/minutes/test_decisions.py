"""What was decided and promised: three forms of a decision, actions, owners and days, and what only sounds so."""

from __future__ import annotations

from datetime import date

import pytest

from governance.minutes.values import Form, Kind
from tests.minutes.builders import body, reading, remarks

DUE = date(2026, 4, 1)


def decided(*lines: str) -> list[tuple[str, Form]]:
    return [(one.text, one.form) for one in body(*lines).occurrences[0].decisions]


def test_a_discussion_decides_nothing() -> None:
    assert decided("Amara Okafor: We should decide on this soon.", "", "Mei Tanaka: I agree with Amara.") == []


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Decision: We pay within 30 days.", "We pay within 30 days."),
        ("- **Decision:** We pay within 30 days.", "We pay within 30 days."),
        ("> *Resolved:* We pay within 30 days.", "We pay within 30 days."),
        ("Amara Okafor: Decision: We pay within 30 days.", "We pay within 30 days."),
        ("AGREED: We pay within 30 days.", "We pay within 30 days."),
        ("RESOLVED, that we pay within 30 days.", "RESOLVED, that we pay within 30 days."),
        ("Agreed to pay within 30 days.", "Agreed to pay within 30 days."),
        ("Decision – We pay within 30 days.", "We pay within 30 days."),
    ],
)
def test_a_mark_makes_a_decision(line: str, text: str) -> None:
    assert decided(line) == [(text, Form.MARKED)]


@pytest.mark.parametrize(
    "line",
    [
        "It was agreed that we pay within 30 days.",
        "The board resolved unanimously to pay within 30 days.",
        "We decided to pay within 30 days.",
        "The motion was carried.",
    ],
)
def test_a_sentence_that_states_a_decision_is_one(line: str) -> None:
    assert decided(line) == [(line, Form.STATED)]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("The clerk reported. It was resolved to obtain three quotes.", "It was resolved to obtain three quotes."),
        ("Moved to pay within 30 days. Motion carried 3–0.", "Moved to pay within 30 days. Motion carried 3–0."),
    ],
)
def test_a_decision_may_stand_within_a_paragraph(line: str, text: str) -> None:
    assert decided(line) == [(text, Form.STATED)]


def test_what_we_once_decided_is_no_decision_of_today() -> None:
    assert decided("The form was discussed. We decided to change it last year.") == []


@pytest.mark.parametrize(
    "line",
    [
        "Hearing no objections, the terms are accepted.",
        "Amara Okafor: Seeing thumbs up, the terms are adopted.",
        "Amara Okafor: I see support. The terms are approved.",
        "(No objections. Terms are approved.)",
    ],
)
def test_consent_is_a_decision_when_it_says_to_what(line: str) -> None:
    ((_, form),) = decided(line)

    assert form is Form.CONSENT


@pytest.mark.parametrize(
    "line",
    [
        "Amara Okafor: Hearing no objections.",
        "Amara Okafor: Seeing support, so be it.",
        "Amara Okafor: Hearing no concerns, we go on.",
    ],
)
def test_consent_to_nobody_knows_what_is_listed(line: str) -> None:
    found = body(line)

    assert found.occurrences[0].decisions == ()
    assert [why for _, _, why in remarks(found)] == ["sounds like consent, and does not say to what"]
    assert found.kinds[4] is Kind.UNREAD


def test_consent_on_a_condition_is_listed() -> None:
    """Whether the condition held, nobody wrote down."""
    found = body("Amara Okafor: If it's without objection, the terms are approved.")

    assert found.occurrences[0].decisions == ()
    assert [why for _, _, why in remarks(found)] == ["consent on a condition, and not said whether anybody objected"]


@pytest.mark.parametrize(
    "line",
    [
        "Amara Okafor: If there are no objections, the terms are approved.",
        "Amara Okafor: Hearing no objections, is the plan approved?",
        "Amara Okafor: Seeing no support, the terms are not approved.",
        "It was agreed to ask again?",
        "Mei Tanaka: We decided to wait last year.",
        "Mei Tanaka: Agreed to that.",
    ],
)
def test_conditions_questions_denials_and_memories_decide_nothing(line: str) -> None:
    assert decided(line) == []


def test_a_mark_without_a_text_is_listed() -> None:
    found = body("Decision:", "", "Mei Tanaka: Hm.")

    assert found.occurrences[0].decisions == ()
    assert remarks(found) == [(5, "Decision:", "a mark without a text")]


def test_a_bare_mark_above_a_list_marks_its_entries() -> None:
    assert decided("Decisions:", "- Pay within 30 days", "- Ask again in June", "", "Then we had coffee.") == [
        ("Pay within 30 days", Form.MARKED),
        ("Ask again in June", Form.MARKED),
    ]


def test_entries_below_a_heading_of_decisions_are_decisions() -> None:
    found = reading(
        "# Board 2026-03-05\n\n## Decisions\n\n1. Pay within 30 days\n   - because it works\n2. Ask again\n"
    )

    assert [(one.text, one.place.line) for one in found.occurrences[0].decisions] == [
        ("Pay within 30 days", 5),
        ("Ask again", 7),
    ]
    assert [line for line, _, _ in remarks(found)] == [6]


def test_no_decisions_are_none() -> None:
    assert reading("# Board 2026-03-05\n\n## Decisions\n\nNone.\n").occurrences[0].decisions == ()


def test_a_decision_belongs_to_its_item() -> None:
    found = body("Decision: We pay within 30 days.").occurrences[0]

    assert found.decisions[0].item == "Payment terms"
    assert found.items[0].is_decided


def test_consent_to_the_agenda_is_procedural_and_decides_no_item() -> None:
    found = body("Amara Okafor: Hearing no objections, the agenda is approved.").occurrences[0]

    assert found.decisions[0].is_procedural
    assert not found.items[0].is_decided


def test_a_wrapped_decision_is_one_with_the_line_it_begins_in() -> None:
    found = body("Decision: We pay", "within 30 days.", "", "Then we had coffee.")

    (decision,) = found.occurrences[0].decisions
    assert (decision.text, decision.place.line) == ("We pay within 30 days.", 5)
    assert found.kinds[4:6] == (Kind.DECISION, Kind.DECISION)


# --- owners and days


@pytest.mark.parametrize(
    "lines",
    [
        ("Decision: Pay within 30 days.", "- Owner: Mei Tanaka", "- Due: 2026-04-01"),
        ("Decision: Pay within 30 days.", "", "Responsible: Mei Tanaka", "Deadline: 1 April 2026"),
        ("Decision: Pay within 30 days (owner: Mei Tanaka, due: 2026-04-01)",),
        ("Decision: Pay within 30 days, owner Mei Tanaka by April 1, 2026.",),
        ("Decision (Mei Tanaka): Pay within 30 days by 2026-04-01",),
    ],
)
def test_owner_and_day_stand_beside_or_below_the_decision(lines: tuple[str, ...]) -> None:
    found = body(*lines)

    (decision,) = found.occurrences[0].decisions
    assert (decision.owner, decision.due) == ("Mei Tanaka", DUE)
    assert remarks(found) == []


@pytest.mark.parametrize("line", ["- Due: next Friday", "- Due: 1 April", "- Owner: all of us together now"])
def test_what_is_no_day_or_no_one_owner_is_listed(line: str) -> None:
    found = body("Decision: Pay within 30 days.", line)

    (decision,) = found.occurrences[0].decisions
    assert (decision.owner, decision.due) == (None, None)
    assert [number for number, _, _ in remarks(found)] == [6]


def test_an_owner_behind_other_words_belongs_to_no_decision_and_is_listed() -> None:
    found = body("Decision: Pay within 30 days.", "", "Then we had coffee.", "", "Owner: Mei Tanaka")

    assert [one.owner for one in found.occurrences[0].decisions] == [None]
    assert remarks(found) == [(9, "Owner: Mei Tanaka", "belongs to no decision right above it")]


def test_the_second_paragraph_below_a_heading_of_decisions_is_listed() -> None:
    """It may be another decision, or say why."""
    found = reading("# Board 2026-03-05\n\n## Decision\n\nPay within 30 days.\n\nIt helps.\n\nIt really does.\n")

    assert [one.text for one in found.occurrences[0].decisions] == ["Pay within 30 days."]
    assert [line for line, _, _ in remarks(found)] == [7, 9]


def test_by_the_council_is_no_day() -> None:
    (decision,) = body("Decision: To be paid by the council until further notice of 2026.").occurrences[0].decisions

    assert (decision.owner, decision.due) == (None, None)


def test_an_address_is_no_handle() -> None:
    assert body("Decision: Write to pay@example.com").occurrences[0].decisions[0].owner is None


def test_positions_below_a_decision_are_read() -> None:
    (decision,) = (
        body(
            "Decision: Pay within 30 days.",
            "- For: Amara Okafor, Mei Tanaka",
            "- Against: 1",
            "- Abstained: Henrik Berg",
        )
        .occurrences[0]
        .decisions
    )

    assert decision.positions is not None
    assert decision.positions.names == ("Amara Okafor", "Mei Tanaka", "Henrik Berg")


# --- actions


@pytest.mark.parametrize(
    ("line", "text", "owner"),
    [
        ("- [ ] Change the form", "Change the form", None),
        ("- [ ] Change the form @mei", "Change the form @mei", "@mei"),
        ("- [ ] Change the form (owner: Mei Tanaka)", "Change the form (owner: Mei Tanaka)", "Mei Tanaka"),
        ("Action: Change the form", "Change the form", None),
        ("* **Action item** (Mei Tanaka): Change the form", "Change the form", "Mei Tanaka"),
    ],
)
def test_an_action_is_read_with_its_owner(line: str, text: str, owner: str | None) -> None:
    (action,) = body(line).occurrences[0].actions

    assert (action.text, action.owner, action.is_done) == (text, owner, False)


def test_a_ticked_action_is_done() -> None:
    assert [one.is_done for one in body("- [x] Change the form").occurrences[0].actions] == [True]


def test_whoever_stands_before_a_to_owns_it_only_when_the_minutes_list_them() -> None:
    found = reading(
        "# Board 2026-03-05\n## Attendance\n- Members: Mei Tanaka\n## Action items\n"
        "- Mei Tanaka to change the form by 2026-04-01\n- Remember to lock the door\n"
    )

    assert [(one.owner, one.due) for one in found.occurrences[0].actions] == [("Mei Tanaka", DUE), (None, None)]


def test_a_promise_in_conversation_is_listed_and_no_action() -> None:
    found = body("Mei Tanaka: Good point. I'll write it up.")

    assert found.occurrences[0].actions == ()
    assert remarks(found) == [(5, "I'll write it up.", "sounds like a promise, and is not written as an action")]


def test_code_and_comments_are_not_searched() -> None:
    found = body("```", "Decision: Pay.", "```", "", "<!-- Decision: Pay. -->", "", "That is all.")

    assert found.occurrences[0].decisions == ()
    assert remarks(found) == []


def test_code_that_nothing_closes_swallows_nothing() -> None:
    found = body("```", "Decision: Pay within 30 days.")

    assert len(found.occurrences[0].decisions) == 1
    assert [line for line, _, _ in remarks(found)] == [5]
