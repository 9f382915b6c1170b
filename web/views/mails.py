"""The mails of the demo: each kind with the cast in it, and what has been sent. Nowhere else are there such pages."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from governance.mail.building import build
from governance.mail.kinds import KINDS
from governance.mail.laid_down import LaidDown, laid_down, read_mail
from governance.seed.letters import Example, examples
from web.mail_frame import around, within
from web.site import site

blueprint = Blueprint("mails", __name__)


@blueprint.get("/demo/mails")
def all_mails() -> str:
    kinds = [(example, KINDS[example.kind], _built(example).subject) for example in _examples()]
    return render_template("demo/mails.html", examples=kinds, sent=_sent(), zone=site().config.site.time_zone)


@blueprint.get("/demo/mails/kinds/<name>")
def one_kind(name: str) -> Response:
    example = _example(name)
    return _page(_built(example), f"/demo/mails/kinds/{name}/shown", about=KINDS[example.kind].about, is_example=True)


@blueprint.get("/demo/mails/kinds/<name>/shown")
def one_kind_shown(name: str) -> Response:
    return within(_built(_example(name)).html)


@blueprint.get("/demo/mails/sent/<name>")
def one_sent(name: str) -> Response:
    return _page(_sent_mail(name), f"/demo/mails/sent/{name}/shown", about="sent in this demo", is_example=False)


@blueprint.get("/demo/mails/sent/<name>/shown")
def one_sent_shown(name: str) -> Response:
    return within(_sent_mail(name).html)


def _page(mail: LaidDown, frame: str, *, about: str, is_example: bool) -> Response:
    return around(
        render_template("demo/mail.html", mail=mail, frame=frame, about=about, is_example=is_example, links=_ours(mail))
    )


def _ours(mail: LaidDown) -> list[tuple[str, str]]:
    """Links lead nowhere out of the frame; those to this installation are offered beside it."""
    root = site().config.site.public_url.rstrip("/")
    return [(label, address) for label, address in mail.links if address.startswith(f"{root}/")]


def _examples() -> tuple[Example, ...]:
    return examples(site().clock(), site().config.site.public_url.rstrip("/"))


def _example(name: str) -> Example:
    return next((one for one in _examples() if one.name == name), None) or abort(404)


def _built(example: Example) -> LaidDown:
    return read_mail(build(example.mail).content, name=example.name, at=example.mail.date)


def _sent() -> tuple[LaidDown, ...]:
    return laid_down(site().config.mail.folder)


def _sent_mail(name: str) -> LaidDown:
    return next((one for one in _sent() if one.name == name), None) or abort(404)
