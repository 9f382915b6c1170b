"""Three meetings on two calendars with much to put right: what the workers under test are ended in the middle of."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from governance.calendar.opening import open_google
from governance.calendar.sandbox.client import SandboxControl
from governance.config import Config
from governance.database import Database
from governance.reconcile.judging import Site
from governance.seed import cast
from governance.seed.cast import Character, Department
from governance.seed.stage import Scene, Stage, next_weekday

FINANCE = Department("Finance", cast.BEATRICE, cast.AMARA, cast.JONAS, "Money")
LEGAL = Department("Legal", cast.ARJUN, cast.HENRIK, cast.LUCJA, "Contracts")
SECURITY = Department("IT Security", cast.MIHAI, cast.MEI, cast.CAGLA, "Access")
OPERATIONS = Department("Operations", cast.SVEN, cast.PIOTR, cast.ROSA, "Routes")
ROSTER = (FINANCE, LEGAL, SECURITY)
CHARTER = 'short = "We decide for the customers."\n'


def arrange(config: Config, control: SandboxControl) -> None:
    """Everything up to the moment at which the worker under test begins."""
    now = datetime.now(UTC)
    database, google = Database(config.database.url), open_google(config)
    try:
        control.seed(users=cast.users())
        site = Site(frozenset(config.site.domains), config.site.public_url)
        stage = Stage(database, google, control, site, now)
        alpha = _in_order(stage, _scene("alpha", cast.CHAIR, now), CHARTER)
        gamma = _in_order(stage, _scene("gamma", cast.SCRIBE, now), None)
        _first_plan(stage, _scene("beta", cast.CHAIR, now))
        _drift(stage, alpha)
        _hand_over(stage, gamma)
    finally:
        google.close()
        database.dispose()
    control.clear_log()


def _scene(slug: str, owner: Character, now: datetime) -> Scene:
    first = next_weekday(now, days_ahead=3, at=time(9))
    return Scene(slug, owner.address, f"{slug}series", first, timedelta(hours=1))


def _open(stage: Stage, scene: Scene, *guests: Character, charter: str | None = None) -> None:
    stage.series(scene, scene.slug.title(), [one.address for one in guests], guestsCanInviteOthers=False)
    stage.adopt(scene, cap=6)
    if charter:
        stage.charter(scene.slug, charter)
    stage.roster(scene.slug, ROSTER, until=None)
    stage.cycle(scene.slug)


def _in_order(stage: Stage, scene: Scene, charter: str | None) -> Scene:
    _open(stage, scene, cast.AMARA, cast.HENRIK, cast.MEI, charter=charter)
    if charter:
        stage.approve(scene.slug)
        stage.cycle(scene.slug)
    stage.cycle(scene.slug)
    return scene


def _first_plan(stage: Stage, scene: Scene) -> None:
    """Somebody to add and somebody to take off, approved and not yet written."""
    _open(stage, scene, cast.AMARA, cast.HENRIK, cast.KATJA)
    stage.approve(scene.slug)


def _drift(stage: Stage, scene: Scene) -> None:
    """A new seat, a stranger from outside, a lost charter, a flag, a decline, and an exception changed by hand."""
    control, calendar, series = stage.control, scene.calendar, scene.event_id
    stage.roster(scene.slug, [OPERATIONS], until=None)
    control.forward(calendar, scene.instance(2), cast.AMARA.address, cast.KATJA.address)
    control.drop_guest(calendar, scene.instance(2), cast.HENRIK.address)
    control.forward(calendar, series, cast.AMARA.address, cast.WALTER.address)
    control.organizer_edits(calendar, series, {"description": "Bring coffee."})
    control.flip_flags(calendar, series, guestsCanInviteOthers=True)
    stage.answer(scene, scene.instance(1), cast.AMARA, "declined")


def _hand_over(stage: Stage, scene: Scene) -> None:
    """Another delegate, on the series and on an exception, which also has a stranger; and a decline."""
    control, calendar = stage.control, scene.calendar
    control.forward(calendar, scene.instance(1), cast.AMARA.address, cast.ISMAEL.address)
    stage.answer(scene, scene.instance(3), cast.HENRIK, "declined")
    stage.hand_over(scene.slug, SECURITY, cast.CAGLA, why="Mei leads the new team")
    stage.mandate(scene.slug, SECURITY, cast.CAGLA, until=None)
