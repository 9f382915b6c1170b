"""A calendar feed is read by whoever has its address: it has what its owner may read of a meeting, and no more."""

from __future__ import annotations

import pytest

from governance.domain.access import Who
from governance.services import people
from governance.services.feeds import keeping
from tests.access.canaries import SEATED
from tests.access.situation import ADDRESSES, Situation
from tests.access.test_confidentiality import found_in, leaks
from tests.support.ics import events_of
from tests.web.conftest import ADDRESS, config_for

SECRET = config_for().site.secret_key


def feed_of(situation: Situation, who: Who) -> bytes:
    with situation.database.writing() as session:
        person = people.person_named(session, ADDRESSES[who])
        keeping.make(session, person.id, now=situation.scene.now, source="test")
        made = keeping.own_address(session, person.id, ADDRESS, SECRET)
    assert made is not None
    return situation.app.test_client().get(made[0]).data


@pytest.mark.parametrize("who", Who)
def test_no_feed_has_what_is_not_for_its_owner(situation: Situation, who: Who) -> None:
    """Administrators included: that one runs the site is in no address that can get about."""
    content = feed_of(situation, who)

    assert leaks(content, who) == []
    assert bool(events_of(content)) is (who in SEATED - {Who.ADMINISTRATOR})


def test_what_is_somebodys_own_is_in_their_feed(situation: Situation) -> None:
    """Else a harness that looks at empty feeds would find nothing wrong."""
    of_delegate, of_chair = feed_of(situation, Who.DELEGATE), feed_of(situation, Who.CHAIR)

    assert {one.name for one in found_in(of_delegate)} == {"meeting name", "promise", "decision"}
    assert {one.name for one in found_in(of_chair)} == {"meeting name", "decision"}
