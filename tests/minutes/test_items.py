"""Agenda items: which headings and entries are one, when two are the same, and what it means to come back."""

from __future__ import annotations

import pytest

from governance.minutes.items import key_of, title_of
from tests.minutes.builders import found, minutes, occurrence, reading, rehearsed


def items(*lines: str) -> list[tuple[str, bool]]:
    text = "\n".join(["# Board 2026-03-05", "", *lines])
    return [(one.title, one.is_discussed) for one in occurrence(text).items]


def test_a_heading_with_a_text_is_an_item() -> None:
    assert items("## Payment terms", "", "We talked.") == [("Payment terms", True)]


def test_a_heading_that_only_groups_is_none_and_what_it_groups_is() -> None:
    assert items(
        "## Nominated", "", "### Payment terms", "", "We talked.", "", "### Office hours", "", "We talked."
    ) == [
        ("Payment terms", True),
        ("Office hours", True),
    ]


def test_a_label_above_listed_items_makes_no_item_of_the_heading_above_it() -> None:
    lines = ("## Waiting", "", '- "Office hours" #9', "", "Active:", "", '- "Payment terms" #12', "- #13")

    assert items(*lines) == [("Office hours", False), ("Payment terms", False), ("#13", False)]


def test_a_heading_within_an_item_belongs_to_it() -> None:
    assert items("## Payment terms", "", "We talked.", "", "### Figures", "", "| a | b |") == [("Payment terms", True)]


def test_a_heading_with_a_number_is_an_item_although_all_its_text_stands_below_other_headings() -> None:
    lines = ("### Travel #276", "", "- **Link:** https://example.com/276", "", "#### Figures", "", "We looked at them.")

    assert items("## Nominated", "", *lines) == [("Travel", True)]


def test_bold_lines_within_an_item_are_no_items() -> None:
    lines = (
        "## Payment terms",
        "",
        "**Background**",
        "",
        "We talked.",
        "",
        "**Decision**",
        "",
        "- Pay",
        "",
        "**Discussion**",
        "",
    )

    assert items(*lines, "We went on.") == [("Payment terms", True)]


def test_bold_lines_are_items_where_no_heading_is() -> None:
    assert items("**1. Payment terms**", "", "We talked.", "", "**2. Office hours**", "", "Skipped.") == [
        ("Payment terms", True),
        ("Office hours", False),
    ]


def test_a_heading_of_discussion_or_notes_belongs_to_its_item() -> None:
    lines = ("## Payment terms", "### Decision", "Pay within 30 days.", "### Discussion", "We talked.")

    found = occurrence("\n".join(["# Board 2026-03-05", *lines]))

    assert [(one.title, one.is_discussed, one.is_decided) for one in found.items] == [("Payment terms", True, True)]
    assert [one.text for one in found.decisions] == ["Pay within 30 days."]


@pytest.mark.parametrize(
    "line",
    [
        "[N-1]: https://example.com/1",
        "**Time estimate:** a quarter of an hour",
        "",
        "- **Link:** https://example.com/12",
        "https://example.com/12",
        "(Skipped.)",
        "Deferred.",
    ],
)
def test_links_and_a_word_that_it_was_skipped_are_no_discussion(line: str) -> None:
    assert items("## Payment terms", "", line) == [("Payment terms", False)]


@pytest.mark.parametrize(
    "heading", ["Check-in", "Consent to agenda", "Announcements of the week", "4. Any other business"]
)
def test_what_comes_every_time_by_nature_is_no_item(heading: str) -> None:
    assert items(f"## {heading}", "", "We talked.") == []


@pytest.mark.parametrize("heading", ["Topics we didn't get to", "Not discussed", "Deferred items", "Parking lot"])
def test_what_was_put_off_is_listed_and_not_discussed(heading: str) -> None:
    lines = (f"## {heading}", "", '* "Office hours" [board#9](https://example.com/9)', "    * Mei: later, please")

    assert items(*lines, "", "### Payment terms #12") == [("Office hours", False), ("Payment terms", False)]


def test_an_agenda_and_the_heading_of_the_same_item_are_one() -> None:
    assert items(
        "## Agenda", "", "1. Payment terms (10 min)", "2. Office hours", "", "## Payment terms", "", "We talked."
    ) == [
        ("Payment terms", True),
        ("Office hours", False),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"Payment terms" board#12', '"Terms of payment" [org/board#12](https://example.com/12)'),
        ("1. Payment terms", "Payment  Terms (10 min)"),
        ('~~"Payment terms"~~', "**Payment terms**"),
    ],
)
def test_the_same_item_is_known_by_its_number_or_its_words(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_another_number_or_another_word_is_another_item() -> None:
    assert key_of("Payment terms #12") != key_of("Payment terms #13")
    assert key_of("Payment terms") != key_of("Payment term")


def test_the_title_is_what_people_call_it() -> None:
    assert title_of('3. "Payment terms" [org/board#12](https://example.com/12)') == "Payment terms"


# --- coming back

TALKED = ("## Payment terms", "", "We talked.")
SKIPPED = ("## Not discussed", "", "- Payment terms")
DECIDED = ("## Payment terms", "", "Decision: Pay within 30 days.")


def test_twice_is_no_return_to_speak_of() -> None:
    assert found(rehearsed(minutes("2026-03-05", *TALKED), minutes("2026-03-12", *TALKED)), "returns") == []


def test_the_third_time_undecided_is_flagged_where_it_stands() -> None:
    days = [minutes("2026-03-05", *TALKED), minutes("2026-03-12", *SKIPPED), minutes("2026-03-19", *SKIPPED)]

    assert found(rehearsed(*days, minutes("2026-03-26", *SKIPPED)), "returns") == [
        (
            "2026-03-19.md:5",
            "“Payment terms” is there for the third time undecided; listed 4 times by 2026-03-26, discussed once",
        )
    ]


def test_a_decision_ends_the_count() -> None:
    days = [minutes("2026-03-05", *TALKED), minutes("2026-03-12", *DECIDED), minutes("2026-03-19", *TALKED)]

    assert found(rehearsed(*days, minutes("2026-03-26", *TALKED)), "returns") == []


def test_decided_at_the_third_time_is_in_time() -> None:
    days = [minutes("2026-03-05", *TALKED), minutes("2026-03-12", *TALKED), minutes("2026-03-19", *DECIDED)]

    assert found(rehearsed(*days), "returns") == []


def test_the_order_of_the_files_makes_no_difference() -> None:
    days = [minutes("2026-03-19", *SKIPPED), minutes("2026-03-05", *TALKED), minutes("2026-03-12", *TALKED)]

    assert [place for place, _ in found(rehearsed(*days), "returns")] == ["2026-03-19.md:5"]


# --- promises


def test_a_promise_of_the_last_minutes_is_not_forgotten_yet() -> None:
    assert found(rehearsed(minutes("2026-03-05", "## Actions", "- [ ] Change the form")), "forgotten") == []


def test_a_promise_nobody_speaks_of_again_is_flagged() -> None:
    days = [
        minutes("2026-03-05", "## Actions", "- [ ] Change the form (owner: Mei Tanaka)"),
        minutes("2026-03-12", *TALKED),
    ]

    assert found(rehearsed(*days), "forgotten") == [
        (
            "2026-03-05.md:4",
            "The promise of Mei Tanaka “Change the form (owner: Mei Tanaka)” does not come up again, "
            "in 1 later occurrence",
        )
    ]


@pytest.mark.parametrize("line", ["- [x] Change the form", "We agreed to change the FORM in June.", "See board#12."])
def test_its_words_or_its_number_are_enough_to_be_remembered(line: str) -> None:
    days = [
        minutes("2026-03-05", "## Actions", "- [ ] Change the form @mei board#12"),
        minutes("2026-03-12", "## Form", line),
    ]

    assert found(rehearsed(*days), "forgotten") == []


def test_the_beginning_of_another_number_is_not_its_number() -> None:
    days = [
        minutes("2026-03-05", "## Actions", "- [ ] Change it board#1"),
        minutes("2026-03-12", "## Form", "See board#12."),
    ]

    assert [place for place, _ in found(rehearsed(*days), "forgotten")] == ["2026-03-05.md:4"]


def test_a_promise_that_was_kept_at_once_is_not_forgotten() -> None:
    days = [minutes("2026-03-05", "## Actions", "- [x] Change the form"), minutes("2026-03-12", *TALKED)]

    assert found(rehearsed(*days), "forgotten") == []


def test_a_review_whose_day_has_passed_in_silence_is_flagged() -> None:
    decision = ("## Payment terms", "", "Decision: Pay within 30 days.", "- Review: 2026-03-10")
    days = [minutes("2026-03-05", *decision), minutes("2026-03-12", "## Office hours", "", "We talked.")]

    assert found(rehearsed(*days), "D08") == [
        (
            "2026-03-05.md:5",
            "“Pay within 30 days.” was to be reviewed by 2026-03-10, and does not come up again, in 1 occurrence since",
        )
    ]
    assert found(rehearsed(*days, minutes("2026-03-19", *TALKED)), "D08") == []


def test_every_line_of_a_group_is_read_as_what_it_is() -> None:
    kinds = reading('# Board 2026-03-05\n\n## Active\n\n- "Office hours" #9\n').kinds

    assert [kind.value for kind in kinds] == ["title", "blank", "heading", "blank", "item"]
