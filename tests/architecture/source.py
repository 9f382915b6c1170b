"""The project's own source as the guards read it: parsed once, never imported."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("governance", "web", "jobs")


@dataclass(frozen=True, slots=True)
class Module:
    """A module by its dotted name, with its syntax tree."""

    name: str
    path: str
    tree: ast.Module

    def lies_in(self, *packages: str) -> bool:
        return any(is_within(self.name, package) for package in packages)

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, absolute: `governance.domain.people.Person` or `sqlalchemy`."""

    name: str
    node: ast.AST
    is_in_function: bool


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@functools.cache
def modules() -> tuple[Module, ...]:
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(_parse(path) for path in paths)


def modules_in(*packages: str) -> list[Module]:
    return [module for module in modules() if module.lies_in(*packages)]


@functools.cache
def imports(module: Module) -> tuple[Import, ...]:
    """Every import, those within functions too: a late import couples as an early one does."""
    return tuple(_imports(module))


def _imports(module: Module) -> Iterator[Import]:
    inner = {
        id(node)
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node, id(node) in inner)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Import(f"{_origin(module, node)}.{alias.name}", node, id(node) in inner)


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name it is made by, such as `datetime.now`; other calls have no name to guard."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (name := dotted(node.func)):
            yield node, name


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@functools.cache
def project_files() -> tuple[str, ...]:
    """What belongs to the project, by its path: what git knows or would take, else what lies here."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if not _is_hidden(path)]
    return tuple(sorted(name for name in listed if name and (ROOT / name).is_file()))


def guard(found: list[str], *, why: str, instead: str) -> None:
    """Fails with what was found, why it matters and what to do instead."""
    assert not found, "\n".join(
        ["", *[f"  found    {line}" for line in found], f"  why      {why}", f"  instead  {instead}"]
    )


def _parse(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, relative.as_posix(), ast.parse(path.read_text(encoding="utf-8"), str(relative)))


def _origin(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".")
    if not module.path.endswith("/__init__.py"):
        package = package[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(ROOT).parts)
