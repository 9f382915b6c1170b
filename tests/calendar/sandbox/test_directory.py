"""Item 69: the Directory."""

from __future__ import annotations

from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, refusal


def test_69_a_user_is_found_by_address_alias_and_id_whatever_the_case(office: Office) -> None:
    users = office.sandbox.service(CHAIR, api="directory").users()
    ann = users.get(userKey=ANN).execute()

    found = [users.get(userKey=key).execute() for key in ("A.Adler@example.com", "ANN@EXAMPLE.COM", ann["id"])]

    assert found == [ann, ann, ann]
    assert (ann["primaryEmail"], ann["aliases"], ann["name"]["fullName"]) == (ANN, ["a.adler@example.com"], "Ann Adler")
    assert ann["organizations"] == [{"department": "Finance", "primary": True}]


def test_69_suspension_and_several_organisations_are_shown(office: Office) -> None:
    several = [{"department": "Legal"}, {"department": "Risk"}]
    office.control.seed(users=[{"email": "dora@example.com", "organizations": several}])
    office.control.suspend("dora@example.com")

    dora = office.sandbox.service(CHAIR, api="directory").users().get(userKey="dora@example.com").execute()

    assert (dora["suspended"], dora["organizations"]) == (True, several)


def test_69_a_renamed_user_keeps_id_and_old_address(office: Office) -> None:
    users = office.sandbox.service(CHAIR, api="directory").users()
    before = users.get(userKey=BOB).execute()

    office.control.rename_user(BOB, "robert@example.com")

    after = users.get(userKey=BOB).execute()
    assert (after["id"], after["primaryEmail"], after["aliases"]) == (before["id"], "robert@example.com", [BOB])


def test_69_unknown_is_404_and_strangers_are_403(office: Office) -> None:
    users = office.sandbox.service(CHAIR, api="directory").users()
    as_ann = office.sandbox.service(ANN, api="directory").users()

    assert refusal(users.get(userKey="nobody@example.com").execute) == (404, "notFound")
    assert refusal(as_ann.get(userKey=BOB).execute) == (403, "forbidden")
    assert as_ann.get(userKey=BOB, viewType="domain_public").execute()["primaryEmail"] == BOB


def test_69_lists_are_paged(office: Office) -> None:
    users = office.sandbox.service(CHAIR, api="directory").users()
    request = users.list(customer="my_customer", maxResults=3)
    pages = []
    while request is not None:
        answer = request.execute()
        pages.append([user["primaryEmail"] for user in answer["users"]])
        request = users.list_next(request, answer)

    assert pages == [[ANN, BOB, CEM], [CHAIR]]


def test_69_a_group_has_members_and_members_of_members(office: Office) -> None:
    office.control.seed(groups=[{"email": "all@example.com", "members": ["sales@example.com", ANN]}])
    directory = office.sandbox.service(CHAIR, api="directory")
    members = directory.members()

    direct = members.list(groupKey="all@example.com").execute()["members"]
    derived = members.list(groupKey="all@example.com", includeDerivedMembership=True).execute()["members"]

    assert [(m["email"], m["type"]) for m in direct] == [("sales@example.com", "GROUP"), (ANN, "USER")]
    assert {m["email"] for m in derived} == {"sales@example.com", ANN, BOB, CEM}
    assert members.hasMember(groupKey="all@example.com", memberKey=BOB).execute() == {"isMember": True}
    assert directory.groups().get(groupKey="sales@example.com").execute()["email"] == "sales@example.com"
    assert refusal(directory.groups().get(groupKey=ANN).execute) == (404, "notFound")
