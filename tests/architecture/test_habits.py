"""Habits that keep the code readable and the rules provable."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator

from tests.architecture.source import Module, calls, dotted, guard, imports, is_within, modules, modules_in

CLOCKS = re.compile(
    r"(datetime\.)*(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|monotonic|perf_counter|localtime|gmtime)"
)
EFFECTS = ("logging", "os", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "threading", "time")
EMPTY_NAMES = {"common", "data", "helper", "helpers", "info", "manager", "misc", "util", "utils"}
COMPLAINTS = {
    *("A", "An", "Cannot", "Could", "Error", "Failed", "Illegal", "Invalid", "It", "Missing", "No", "Not", "Only"),
    *("Sorry", "That", "The", "There", "This", "Unable", "Unexpected", "Unknown", "Wrong", "You", "Your"),
}


def test_queries_live_in_the_store() -> None:
    found = [
        f"{module.at(entry.node)} imports {entry.name}"
        for module in modules()
        for entry in imports(module)
        if re.fullmatch(r"sqlalchemy(\.\w+)*\.select", entry.name) and not module.lies_in("governance.store")
    ] + [
        f"{module.at(call)} calls {name}"
        for module in modules()
        for call, name in calls(module)
        if (name in {"sa.select", "sqlalchemy.select"} or name.endswith("session.query"))
        and not module.lies_in("governance.store")
    ]

    guard(
        found,
        why="One question is asked in one place, with its index and its test on both databases.",
        instead="Name the question as a function in governance/store and call that.",
    )


def test_rules_are_told_the_time() -> None:
    found = [
        f"{module.at(call)} calls {name}"
        for module in modules_in("governance.domain", "governance.reconcile", "governance.push", "governance.minutes")
        for call, name in calls(module)
        if CLOCKS.fullmatch(name)
    ]

    guard(
        found,
        why="A rule that looks at the clock cannot be tried at midnight in October.",
        instead="Take `now` (an aware instant) or `on` (a day) as an argument.",
    )


def test_the_domain_has_no_effects() -> None:
    found = [
        f"{module.at(entry.node)} imports {entry.name}"
        for module in modules_in("governance.domain")
        for entry in imports(module)
        if any(is_within(entry.name, effect) for effect in EFFECTS)
    ] + [
        f"{module.at(call)} calls {name}"
        for module in modules_in("governance.domain")
        for call, name in calls(module)
        if name in {"open", "print", "input"}
    ]

    guard(
        found,
        why="The domain is pure: the same values give the same answer, and nothing else happens.",
        instead="Return a value that says what is to be done, and do it in a service or at the edge.",
    )


def test_only_the_edge_commits() -> None:
    found = [
        f"{module.at(call)} calls {name}"
        for module in modules_in("governance.services", "governance.store", "governance.models", "governance.domain")
        for call, name in calls(module)
        if name.endswith((".commit", ".rollback"))
    ]

    guard(
        found,
        why="A use-case that commits cannot be part of a larger one: half of that would be kept when the rest fails.",
        instead="Take the session; the request, the job step or the command opens it and commits.",
    )


def test_the_heart_explains_itself() -> None:
    found = [
        f"{module.path} has no docstring"
        for module in modules_in("governance.domain", "governance.reconcile")
        if not ast.get_docstring(module.tree)
    ]

    guard(
        found,
        why="These modules are read first by whoever wants to know what the product does.",
        instead="Open the module with what it is for, in a sentence or a paragraph.",
    )


def test_errors_begin_with_the_remedy() -> None:
    found = [
        f'{module.at(node)} says "{sentence}…"'
        for module in modules()
        for node, sentence in sentences(module)
        if sentence.split()[0].rstrip(",:") in COMPLAINTS or not sentence[0].isupper()
    ]

    guard(
        found,
        why="Whoever reads an error wants to know what to do, and reads the first words.",
        instead='Begin with the verb that mends it: "Enter …", "Share the calendar with …", "Choose …".',
    )


def test_names_tell_what_a_module_is_for() -> None:
    found = [module.path for module in modules() if module.name.rpartition(".")[2] in EMPTY_NAMES]

    guard(
        found,
        why="Anything fits under such a name, so everything ends up there.",
        instead="Name the module by the noun or the act that it is about.",
    )


def sentences(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """The opening words given to an error of our own tree: where it is raised, or handed up by its class."""
    for node, name in calls(module):
        if node.args and name.rpartition(".")[2] in told_errors() and (opening := opening_of(node.args[0])):
            yield node, opening
    for owner in ast.walk(module.tree):
        if isinstance(owner, ast.ClassDef) and owner.name in governance_errors():
            yield from handed_up(owner)


def handed_up(owner: ast.ClassDef) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(owner):
        is_init = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"
        if is_init and isinstance(node, ast.Call) and node.args and (opening := opening_of(node.args[0])):
            yield node, opening


def opening_of(argument: ast.expr) -> str:
    """The text an argument is known to begin with, or nothing when that is decided elsewhere."""
    first = argument.values[0] if isinstance(argument, ast.JoinedStr) and argument.values else argument
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value.strip()[:60]
    return ""


@functools.cache
def told_errors() -> frozenset[str]:
    """Those that are told their sentence where they are raised; the others take values and make it themselves."""
    makers = {
        node.name
        for node in error_classes()
        for init in node.body
        if isinstance(init, ast.FunctionDef) and init.name == "__init__" and init.args.args[1:2]
        if init.args.args[1].arg != "remedy"
    }
    return governance_errors() - makers


@functools.cache
def governance_errors() -> frozenset[str]:
    return frozenset({node.name for node in error_classes()})


@functools.cache
def error_classes() -> tuple[ast.ClassDef, ...]:
    """GovernanceError and all classes below it, found by following the names of their bases."""
    classes = [node for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    found = [node for node in classes if node.name == "GovernanceError"]
    for above in found:
        found += [
            node
            for node in classes
            if node not in found and any(dotted(base).rpartition(".")[2] == above.name for base in node.bases)
        ]
    return tuple(found)
