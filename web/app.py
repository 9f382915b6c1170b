"""The WSGI application, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import jinja2
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from governance.config import Config
from governance.database import Database
from web import assets, errors, identity, security
from web.site import EXTENSION, Demo, Site
from web.views import acting, health, me, meetings, notifications, roster, roster_acts, sign_in
from web.wording import about, acts, badges, changes, people, times
from web.wording import health as health_words
from web.wording import roster as roster_words

BODY_LIMIT = 256 * 1024
"""Bytes a form may have: the largest holds the fingerprints of some ten thousand held changes."""


def create_app(
    config: Config,
    database: Database,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    demo: Demo | None = None,
) -> Flask:
    """The pages of one installation. With a `demo` the visitor is the chair without signing in."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT)
    app.extensions[EXTENSION] = Site(config, database, clock, demo)
    _prepare_templates(app)
    security.guard(app)
    identity.require_session(app)
    errors.answer_in_words(app)
    for part in (assets, health, sign_in, meetings, roster, roster_acts, me, acting, notifications):
        app.register_blueprint(part.blueprint)
    if config.web.trusted_proxies:
        behind = config.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_options = {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(
        asset=assets.address,
        about=about,
        acts=acts,
        badges=badges,
        changes=changes,
        health=health_words,
        people=people,
        rosters=roster_words,
        times=times,
    )
