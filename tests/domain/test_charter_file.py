"""A charter that a form has made is the file that reads back to it; a difference is what people can read."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.charter import Charter, Measure, MeasuredValue, Way, read_charter
from governance.domain.charter_changes import Mark, changed_parts, charter_changes, word_runs
from governance.domain.charter_file import write_charter
from governance.domain.measures import Known, MeasureLine, fold_measure, taken_from_file

DAY = date(2026, 11, 16)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60).map(str.strip)
_NUMBERS = st.floats(-1e14, 1e14, allow_nan=False)
_NAMES = st.text(max_size=30).map(str.strip).filter(lambda text: bool(text) and text.isprintable())
_VALUES = st.builds(MeasuredValue, st.dates(), _NUMBERS)
_MEASURES = st.builds(
    Measure, name=_NAMES, unit=_TEXTS, target=st.none() | _NUMBERS, values=st.lists(_VALUES, max_size=2).map(tuple)
)
_CHARTERS = st.builds(
    Charter,
    short=_TEXTS,
    purpose=_TEXTS,
    rules=_TEXTS,
    measures=st.lists(_MEASURES, max_size=2).map(tuple),
    quorum=st.none() | st.fractions(Fraction(1, 100), 1, max_denominator=100),
    way=st.sampled_from(Way),
    summary=st.sampled_from(["1h", "999h", "Fri 16:00"]),
)


@given(_CHARTERS)
@settings(max_examples=15)
def test_what_is_written_reads_back_to_the_same(charter: Charter) -> None:
    assert read_charter(write_charter(charter)) == charter


@given(_TEXTS, _TEXTS)
@settings(max_examples=15)
def test_a_difference_holds_both_texts_word_for_word(before: str, after: str) -> None:
    runs = word_runs(before, after)

    assert "".join(run.text for run in runs if run.mark is not Mark.COME) == before
    assert "".join(run.text for run in runs if run.mark is not Mark.GONE) == after


def test_the_same_charter_has_no_differences_and_values_are_none() -> None:
    measured = Charter(measures=(Measure(name="Kept", values=(MeasuredValue(DAY, 1),)),))

    assert charter_changes(Charter(), Charter()) == ()
    assert charter_changes(Charter(measures=(Measure(name="Kept"),)), measured) == ()


def test_only_the_words_that_changed_are_marked() -> None:
    runs = word_runs("We decide here.\nTwice a week.\n", "We decide here.\nOnce a week.\n")

    assert [(run.mark.value, run.text) for run in runs] == [
        ("kept", "We decide here.\n"),
        ("gone", "Twice "),
        ("come", "Once "),
        ("kept", "a week.\n"),
    ]


def test_measures_are_told_one_by_one_and_their_order_by_itself() -> None:
    kept, late = Measure(name="Kept", target=90), Measure(name="Late")
    changes = charter_changes(Charter(measures=(kept, late)), Charter(measures=(late, Measure(name="kept", unit="%"))))

    assert changed_parts(Charter(measures=(kept, late)), Charter(measures=(late,), short="New")) == (
        "short",
        "measures",
    )
    assert [(one.part, one.before, one.after) for one in changes] == [
        ("measures", kept, Measure(name="kept", unit="%")),
        ("order", ("Kept", "Late"), ("Late", "kept")),
    ]


def test_very_long_texts_are_compared_in_no_time() -> None:
    """Quadratic comparisons of the same thousand lines would take minutes."""
    assert word_runs("a\n" * 10_000, "a\n" * 9_999 + "b")[-1].text == "b"


def test_of_a_file_only_what_no_page_has_spoken_of_is_taken() -> None:
    def of(day: int, value: float) -> MeasuredValue:
        return MeasuredValue(DAY.replace(day=day), value)

    charter = Charter(measures=(Measure(name="Decision  Within", values=(of(1, 9), of(2, 8), of(3, 7), of(4, 6))),))
    name = fold_measure("decision within")
    known = {
        (name, DAY.replace(day=1)): Known(1.0, is_of_file=False),
        (name, DAY.replace(day=2)): Known(None, is_of_file=False),
        (name, DAY.replace(day=3)): Known(1.0, is_of_file=True),
        (name, DAY.replace(day=5)): Known(5.0, is_of_file=True),
    }

    assert taken_from_file(charter, known) == {(name, DAY.replace(day=3)): 7, (name, DAY.replace(day=4)): 6}


def test_the_distance_is_that_of_the_latest_value_to_the_target() -> None:
    values = (MeasuredValue(DAY, 8), MeasuredValue(DAY.replace(day=23), 5.5))

    assert MeasureLine("Within", "days", 5, values).distance == 0.5
    assert MeasureLine("Within", "days", None, values).distance is None
    assert MeasureLine("Within", "days", 5, ()).distance is None
