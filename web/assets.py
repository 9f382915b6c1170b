"""Style, script, font and icons: addressed by content, so that browsers keep them and never show an old one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for

blueprint = Blueprint("assets", __name__)

FOLDER = Path(__file__).with_name("static")
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


@blueprint.get("/static/<path:name>")
def static_file(name: str) -> Response:
    response = send_from_directory(FOLDER, name)
    is_this_content = request.args.get("v") == version(name)
    response.headers["Cache-Control"] = _FOR_EVER if is_this_content else _ASK_AGAIN
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return send_from_directory(FOLDER, "mark.svg", mimetype="image/svg+xml")


def address(name: str) -> str:
    """Put together once: a page of fifty seats has three hundred icons."""
    return _address(name, request.script_root)


@cache
def _address(name: str, _below: str) -> str:
    return url_for("assets.static_file", name=name, v=version(name))


@cache
def version(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]


@cache
def pages_version() -> str:
    """Differs when the program that makes the pages does, so that nobody keeps a page of the one before."""
    files = sorted(path for path in FOLDER.parent.rglob("*") if path.suffix in {".html", ".py", ".css"})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:10]
