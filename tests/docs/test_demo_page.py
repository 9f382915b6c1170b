"""What the demo offers is what its page describes."""

from __future__ import annotations

from dataclasses import fields

from governance.calendar.sandbox.switches import Switches
from governance.domain.block import CLOSING, OPENING
from governance.reconcile.apply import MARK
from governance.seed import panel
from tests.docs.pages import page, rows


def test_every_act_of_the_side_panel_is_described_in_order() -> None:
    described = [row[0].strip("*") for row in rows(page("trying-it").text)]

    assert described == [act.label for act, _ in panel._ACTS]


def test_every_switch_of_the_sandbox_is_described_as_it_stands_at_first() -> None:
    described = {
        row[0].strip("`"): row[1].strip("`")
        for row in rows(page("development").section("The sandbox calendar").text)
        if not row[0].startswith("`--")
    }

    assert described == {field.name: str(field.default) for field in fields(Switches)}


def test_the_block_and_the_property_are_shown_as_they_are_written() -> None:
    reconciler = page("reconciler")
    block = next(text for text in reconciler.blocks("text") if text.startswith("---")).strip().splitlines()

    assert (block[0], block[-1]) == (OPENING, CLOSING)
    assert f"`{MARK}`" in reconciler.text
