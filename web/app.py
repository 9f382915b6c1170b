"""The WSGI application, put together."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import jinja2
from flask import Flask
from flask.templating import Environment
from werkzeug.middleware.proxy_fix import ProxyFix

from governance.config import Config
from governance.database import Database
from governance.mail.markdown import passages
from governance.services import undoing
from web import assets, browser_token, errors, identity, navigation, provider_session, security, turns, unchanged
from web.kept import kept, tables
from web.site import EXTENSION, Demo, Site
from web.views import (
    acting,
    action_links,
    adopt,
    agenda,
    attendance,
    brief,
    charter,
    charter_acts,
    closing,
    decision_acts,
    decision_forms,
    decision_log,
    decision_marks,
    decisions,
    errands,
    feeds,
    google_sign_in,
    health,
    home,
    ledger,
    mail_acts,
    me,
    measures,
    meetings,
    minutes,
    notifications,
    pausing,
    preferences,
    promises,
    questions,
    releasing,
    relinking,
    rooms,
    roster,
    roster_acts,
    rules,
    sessions,
    sign_in,
    summaries,
    system,
    waiting,
)
from web.wording import about, acts, badges, briefs, care, changes, links, numbers, people, times
from web.wording import adopting as adopting_words
from web.wording import agenda as agenda_words
from web.wording import attendance as attendance_words
from web.wording import charter as charter_words
from web.wording import closing as closing_words
from web.wording import decision_log as log_words
from web.wording import decisions as decision_words
from web.wording import errands as errand_words
from web.wording import health as health_words
from web.wording import home as home_words
from web.wording import ledger as ledger_words
from web.wording import marks as mark_words
from web.wording import minutes as minute_words
from web.wording import promises as promise_words
from web.wording import relinking as relink_words
from web.wording import roster as roster_words
from web.wording import rules as rule_words
from web.wording import sessions as session_words
from web.wording import summaries as summary_words
from web.wording import system as system_words
from web.wording import waiting as waiting_words

_PARTS = (
    *(assets, health, sign_in, google_sign_in, sessions),
    *(home, meetings, roster, roster_acts, waiting, charter, charter_acts, measures, rules, ledger, me, feeds),
    *(system, mail_acts),
    *(acting, notifications, action_links, preferences, errands, adopt, pausing, relinking, releasing),
    *(rooms, attendance, questions, agenda, minutes, promises, brief, summaries),
    *(decision_log, decisions, decision_acts, decision_forms, decision_marks, closing),
)

BODY_LIMIT = 256 * 1024
"""Bytes a form may have: the largest holds the fingerprints of some ten thousand held changes."""


class _Environment(Environment):
    """Templates know our globals and none of their own: looked up in one place, as every import on a page does."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class _App(Flask):
    jinja_environment = _Environment


def create_app(
    config: Config,
    database: Database,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    demo: Demo | None = None,
) -> Flask:
    """The pages of one installation. With a `demo` the visitor is the chair without signing in."""
    app = _App(__name__, static_folder=None, template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT)
    app.extensions[EXTENSION] = Site(config, database, clock, demo)
    _prepare_templates(app)
    unchanged.answer_unchanged(app)  # before the others, so that it is the last to see an answer
    security.guard(app)
    browser_token.give_browser_tokens(app)
    turns.take_turns(app)
    identity.require_session(app)
    security.require_token(app)
    provider_session.keep_state(app, config)
    errors.answer_in_words(app)
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    if demo is not None:
        _add_mails_of_the_demo(app)
    if config.web.trusted_proxies:
        behind = config.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]
    return app


def _add_mails_of_the_demo(app: Flask) -> None:
    from web.views import mails  # what renders mails is loaded only where they are shown

    app.register_blueprint(mails.blueprint)


def _prepare_templates(app: Flask) -> None:
    app.jinja_options = {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(
        asset=assets.address,
        about=about,
        adopting_words=adopting_words,
        agendas=agenda_words,
        attendances=attendance_words,
        acts=acts,
        badges=badges,
        briefs=briefs,
        care=care,
        kept=kept,
        lines=tables.lines,
        changes=changes,
        charter_words=charter_words,
        decisions=decision_words,
        closing=closing_words,
        errand_words=errand_words,
        health=health_words,
        home_words=home_words,
        ledger_words=ledger_words,
        links=links,
        log_words=log_words,
        minute_words=minute_words,
        navigation=navigation,
        numbers=numbers,
        passages=passages,
        people=people,
        promises=promise_words,
        marks=mark_words,
        relink_words=relink_words,
        rule_words=rule_words,
        sessions=session_words,
        summary_words=summary_words,
        system_words=system_words,
        rosters=roster_words,
        waiting_words=waiting_words,
        times=times,
        undo=undoing,
    )
