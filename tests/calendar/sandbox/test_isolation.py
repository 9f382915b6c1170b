"""The sandbox stands for the outside world: it may know nothing of the product."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import googleapiclient
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import governance.calendar.sandbox
from governance.calendar.sandbox import vocabulary
from governance.calendar.sandbox.client import SandboxControl, SandboxError
from tests.calendar.sandbox.conftest import ANN, BOB, Office, refusal

SOURCE = Path(governance.calendar.sandbox.__file__).parent
DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
SCHEMAS = [
    ("calendar.v3", "Event", vocabulary.EVENT),
    ("calendar.v3", "Events", vocabulary.EVENTS),
    ("calendar.v3", "Calendar", vocabulary.CALENDAR),
    ("calendar.v3", "CalendarListEntry", vocabulary.CALENDAR_LIST_ENTRY),
    ("calendar.v3", "CalendarList", vocabulary.CALENDAR_LIST),
    ("calendar.v3", "Acl", vocabulary.ACL),
    ("calendar.v3", "Channel", vocabulary.CHANNEL),
    ("admin.directory_v1", "User", vocabulary.USER),
    ("admin.directory_v1", "Users", vocabulary.USERS),
    ("admin.directory_v1", "Group", vocabulary.GROUP),
    ("admin.directory_v1", "Groups", vocabulary.GROUPS),
    ("admin.directory_v1", "Members", vocabulary.MEMBERS),
    ("admin.directory_v1", "MembersHasMember", vocabulary.HAS_MEMBER),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([ANN, BOB, "2026-11-03"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
WRITABLE = (
    "summary", "start", "end", "attendees", "recurrence", "reminders", "extendedProperties", "status", "colorId",
    "conferenceData", "guestsCanModify", "eventType", "organizer", "attachments", "source", "attendeesOmitted", "id",
)  # fmt: skip
BODIES = st.dictionaries(st.sampled_from(WRITABLE), JSON, max_size=4) | JSON


def test_it_imports_nothing_of_the_product() -> None:
    found = {
        f"{file.name}: {node.module}"
        for file in SOURCE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.level != 1
        and (node.level > 1 or (node.module or "").startswith(("governance", "web", "jobs")))
    }

    assert found == set(), "Move what is needed into the sandbox, or ask for it over HTTP."


@pytest.mark.parametrize(("document", "schema", "written"), SCHEMAS)
def test_3_the_names_for_fields_are_those_of_googles_documents(document: str, schema: str, written: str) -> None:
    described = json.loads((DOCUMENTS / f"{document}.json").read_text())["schemas"]

    assert set(paths(written)) == set(described_paths(described, described[schema]))


def test_3_a_name_that_there_is_not_is_refused(office: Office) -> None:
    for wrong in ("itmes(id)", "items(idd)", "items/attendees/mail", "nextToken"):
        assert refusal(lambda wrong=wrong: office.page(fields=wrong)) == (400, "invalidParameter")


def test_the_control_acts_are_not_for_web_pages(office: Office) -> None:
    response = office.raw("POST", "/_sandbox/reset", b"{}", origin="https://evil.example")

    assert response.status == 400
    assert office.control.events(BOB) == []


def test_an_unknown_act_is_told(office: Office) -> None:
    with pytest.raises(SandboxError, match="there is no act"):
        SandboxControl._do(office.control, "levitate")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=BODIES,
    method=st.sampled_from(["PATCH", "PUT", "POST"]),
    event=st.sampled_from(["weekly0", "weekly0_20261110T080000Z"]),
)
def test_7_no_body_breaks_the_server(office: Office, body: Any, method: str, event: str) -> None:
    office.control.reset(now="2026-11-02T08:00:00Z")
    office.control.seed(users=["chair@example.com", ANN, BOB])
    office.weekly(ANN)
    path = (
        "/calendar/v3/calendars/primary/events" + ("" if method == "POST" else f"/{event}") + "?conferenceDataVersion=1"
    )

    response = office.raw(method, path, json.dumps(body).encode())

    assert response.status in (200, 400, 403, 409)
    assert office.raw("GET", "/calendar/v3/calendars/primary/events?showDeleted=true").status == 200


def paths(written: str, prefix: str = "") -> list[str]:
    return list(mask_paths(vocabulary.fields.compiled(written), prefix))


def mask_paths(mask: Any, prefix: str) -> list[str]:
    found = []
    for name, inner in mask.items():
        found.append(f"{prefix}{name}")
        found += mask_paths(inner, f"{prefix}{name}/") if inner else []
    return found


def described_paths(schemas: Any, schema: Any, prefix: str = "") -> list[str]:
    found = []
    for name, described in schema.get("properties", {}).items():
        found.append(f"{prefix}{name}")
        while described.get("type") == "array":
            described = described["items"]
        described = schemas[described["$ref"]] if "$ref" in described else described
        if "additionalProperties" in described:
            found.append(f"{prefix}{name}/*")
        found += described_paths(schemas, described, f"{prefix}{name}/")
    return found
