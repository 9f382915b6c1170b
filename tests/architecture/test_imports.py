"""Who may know whom: web → governance ← jobs, and inside governance the domain knows nobody."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, guard, imports, is_within, modules, modules_in

COMMAND_LINE = "governance.cli"

# Package: what it must never import.
FORBIDDEN = {
    "governance": ("web", "jobs"),
    "web": ("jobs",),
    "jobs": ("web",),
    "governance.models": ("governance.store", "governance.services", "governance.reconcile", "governance.calendar"),
    "governance.store": ("governance.services", "governance.calendar"),
    "governance.push": ("governance.calendar", "governance.database"),
    "governance.calendar": ("governance.models", "governance.store", "governance.services", "governance.database"),
}

# Library: the only places that may import it.
HOMES = {
    "googleapiclient": ("governance.calendar", "governance.mail"),
    "google_auth_httplib2": ("governance.calendar", "governance.mail"),
    "google": ("governance.calendar", "governance.mail"),
    "httplib2": ("governance.calendar", "governance.mail"),
    "schedule": ("jobs.timetable",),
    "flask": ("web", "governance.calendar.sandbox"),
    "prometheus_client": ("web.metrics",),
    "dateutil": ("governance.domain.recurrence", "governance.calendar.sandbox"),
}

# Where the reconciler decides; the rest of reconcile/ reads, writes and calls these in order.
DECIDERS = tuple(f"governance.reconcile.{name}" for name in ("observed", "drift", "plan", "ports"))


@pytest.mark.parametrize("package", FORBIDDEN)
def test_nobody_imports_against_the_direction(package: str) -> None:
    found = [
        f"{module.at(entry.node)} imports {entry.name}"
        for module in modules_in(package)
        for entry in imports(module)
        if any(is_within(entry.name, other) for other in FORBIDDEN[package])
        and not (is_within(module.name, COMMAND_LINE) and entry.is_in_function)
    ]

    guard(
        found,
        why=f"{package} is used without {' or '.join(FORBIDDEN[package])}: they could no longer be changed alone.",
        instead="Hand in a value or a port of governance/reconcile/ports.py; only governance/cli.py puts the parts "
        "together, inside its commands.",
    )


def test_the_domain_knows_only_itself_and_the_standard_library() -> None:
    guard(
        list(strangers("governance.domain", allowed=("governance.domain",))),
        why="The rules are read and tested without database, web or Google.",
        instead="Pass what is needed as a value, or move what needs more to governance/services.",
    )


def test_the_reconciler_decides_from_values_alone() -> None:
    found = [
        stranger
        for module in closure(modules_in(*DECIDERS), within="governance.reconcile")
        for stranger in strange_imports(module, ("governance.domain", "governance.reconcile"))
    ]

    guard(
        found,
        why="Drift and plan are proven by tests over values; whatever they import would have to be set up first.",
        instead="Let governance/reconcile/ports.py say what is needed, and hand it in.",
    )


def test_what_is_to_be_done_with_channels_is_decided_from_values_alone() -> None:
    guard(
        list(strangers("governance.push.deciding", allowed=("governance.domain",))),
        why="Expiry over weeks and every death in between are tried over values, with a clock that is an argument.",
        instead="Let governance/push/tending.py read and call, and hand in what is known.",
    )


def test_old_minutes_are_read_and_judged_from_their_text_alone() -> None:
    guard(
        list(strangers("governance.minutes", allowed=("governance.domain", "governance.minutes"))),
        why="A rehearsal needs no trust because it needs nothing: no database, no configuration, no account.",
        instead="Let governance/commands/rehearsing.py open files and print, and hand in text.",
    )


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_home(library: str) -> None:
    found = [
        f"{module.at(entry.node)} imports {entry.name}"
        for module in modules()
        for entry in imports(module)
        if is_within(entry.name, library) and not module.lies_in(*HOMES[library])
    ]

    guard(
        found,
        why=f"Only {' and '.join(HOMES[library])} should have to change when {library} does.",
        instead=f"Call what {' or '.join(HOMES[library])} offers, in the product's own words.",
    )


def test_pages_never_call_google() -> None:
    found = [
        f"{module.at(entry.node)} imports {entry.name}"
        for module in modules_in("web")
        for entry in imports(module)
        if is_within(entry.name, "governance.calendar") and not is_within(entry.name, "governance.calendar.sandbox")
    ]

    guard(
        found,
        why="A page would be as slow as Google, and writing while answering a GET could not be ruled out.",
        instead="Show what is stored; a POST marks the meeting dirty and the worker does the rest.",
    )


def strangers(package: str, *, allowed: tuple[str, ...]) -> Iterator[str]:
    for module in modules_in(package):
        yield from strange_imports(module, allowed)


def closure(start: list[Module], *, within: str) -> list[Module]:
    """These modules and all of the package that they reach by imports."""
    found = list(start)
    for module in found:
        reached = [entry.name for entry in imports(module)]
        for other in modules_in(within):
            # Nobody reaches the package itself, which every import of a part of it mentions.
            if other not in found and other.name != within and any(is_within(name, other.name) for name in reached):
                found.append(other)
    return found


def strange_imports(module: Module, allowed: tuple[str, ...]) -> Iterator[str]:
    for entry in imports(module):
        root = entry.name.partition(".")[0]
        is_recurrence = root == "dateutil" and module.name == "governance.domain.recurrence"
        is_known = root in sys.stdlib_module_names or any(is_within(entry.name, package) for package in allowed)
        if not is_known and not is_recurrence:
            yield f"{module.at(entry.node)} imports {entry.name}"
