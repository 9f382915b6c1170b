"""What is compiled once in a run serves every test: templates, addresses, SQL statements, keys.

Each application and each database compiles for itself, which a running installation does once. The tests make
thousands of both, and would spend a third of their time on it. Nor do they wait for the disk, which nothing that they
write has to outlive.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

import flask
import flask.templating
import jinja2
import sqlalchemy
from google.auth.crypt import RSASigner
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from governance import database

_MANY = 4000
_signers: dict[tuple[Any, ...], RSASigner] = {}
_sign_with = RSASigner.from_string


class _KeptTemplates(jinja2.BytecodeCache):
    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.checksum, bucket.code


TEMPLATES = _KeptTemplates()
_environment = flask.templating.Environment.__init__
_builders: dict[tuple[Any, ...], Any] = {}
_compile_builder = Rule._compile_builder


def _warm_environment(self: flask.templating.Environment, app: Any, **options: Any) -> None:
    _environment(self, app, **options, bytecode_cache=TEMPLATES)


def _known_builder(self: Rule, append_unknown: bool = True) -> Any:
    """What makes addresses of a rule; our rules have no converters that know the application they belong to."""
    key = (self.rule, self.endpoint, str(self.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(self, append_unknown)
    return _builders[key]


_statements: dict[str, LRUCache[Any, Any]] = {}
_dialects: dict[type[Dialect], type[Dialect]] = {}


def _warm_engine(*words: Any, **options: Any) -> Engine:
    """An engine whose statements are those that another engine of its kind has compiled.

    Which dialect compiled a statement is part of its key, by identity; here those of one class are one.
    """
    engine = sqlalchemy.create_engine(*words, **options)
    kind = type(engine.dialect)
    if kind not in _dialects:
        alike = {
            "__eq__": lambda one, other: type(one) is type(other),
            "__hash__": lambda one: hash(type(one)),
            "supports_statement_cache": True,
        }
        _dialects[kind] = type(kind.__name__, (kind,), alike)
    engine.dialect.__class__ = _dialects[kind]
    engine._compiled_cache = _statements.setdefault(engine.dialect.name, LRUCache(_MANY))
    return engine


def _known_signer(key: Any, key_id: str | None = None) -> RSASigner:
    """A key is examined for long whenever it is read; the tests have one."""
    if (key, key_id) not in _signers:
        _signers[key, key_id] = _sign_with(key, key_id)
    return _signers[key, key_id]


def _hurry(connection: Any, _record: Any) -> None:
    """Nothing in this process has to survive a power cut; what does is tried with processes that are copies of one."""
    connection.execute("PRAGMA synchronous=OFF")


def _hurried_engine(*words: Any, **options: Any) -> Engine:
    engine = _warm_engine(*words, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    return engine


def pytest_configure() -> None:
    share_what_is_compiled()
    database.create_engine = _hurried_engine  # type: ignore[attr-defined]


def share_what_is_compiled() -> None:
    RSASigner.from_string = _known_signer  # type: ignore[method-assign]
    flask.templating.Environment.__init__ = _warm_environment  # type: ignore[method-assign]
    Rule._compile_builder = _known_builder  # type: ignore[method-assign]
    database.create_engine = _warm_engine  # type: ignore[attr-defined]
