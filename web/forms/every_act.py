"""Every act that the pages offer on a roster, by its word in the address."""

from __future__ import annotations

from collections.abc import Mapping

from web.forms.acts import RosterAct
from web.forms.department_acts import DEPARTMENT_ACTS
from web.forms.file_acts import FILE_ACTS
from web.forms.offer_acts import OFFER_ACTS
from web.forms.role_acts import ROLE_ACTS
from web.forms.room_acts import ROOM_ACTS
from web.forms.seat_acts import SEAT_ACTS

EVERY_ACT: Mapping[str, RosterAct] = {
    act.code: act for act in (*SEAT_ACTS, *ROOM_ACTS, *DEPARTMENT_ACTS, *ROLE_ACTS, *FILE_ACTS, *OFFER_ACTS)
}
