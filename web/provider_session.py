"""What the browser keeps on its way to Google and back: signed, ten minutes, and at no other address of ours.

Nobody is signed in by it; sessions lie in the database.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from governance.config import Config

FOLDER = "/sign-in/google"
_LASTS = timedelta(minutes=10)


class _OnTheWay(SecureCookieSessionInterface):
    salt = "governance provider state"
    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith(FOLDER) else None


def keep_state(app: Flask, config: Config) -> None:
    is_https = config.site.public_url.startswith("https://")
    settings: dict[str, Any] = {
        "SECRET_KEY": config.site.secret_key,
        "SESSION_COOKIE_NAME": "__Host-provider" if is_https else "provider",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        # Not "Strict": the way back begins at the provider.
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": _LASTS,
    }
    app.config.update(settings)
    app.session_interface = _OnTheWay()
