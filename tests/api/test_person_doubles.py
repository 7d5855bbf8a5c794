"""Two records of one person for machines: proposed, listed, checked by another."""

import pytest

from app.models.person import PersonAlias
from tests.api.asking import faults
from tests.desk import ServiceDesk, a_desk
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


def test_two_records_are_proposed_and_checked_by_another(place, as_) -> None:
    first = place.registers()
    second = place.registers(actor=place.stranger, phone="13900005678")
    third = place.registers("孙大爷", phone="13700009999", birth_year=1950)
    officer, approver = as_(place.district.officer), as_(place.district.approver)
    path = f"/persons/{first.id}/doubles"
    assert faults(officer.post(path, {"other_id": str(second.id), "grounds": " "})) == {
        "grounds": "input.required"
    }
    assert as_(place.clerk).post(path, {"other_id": str(second.id), "grounds": "问过"}).json[
        "code"
    ] == ("forbidden")
    made = [
        officer.post(path, {"other_id": str(each.id), "grounds": "当面问过"}).json
        for each in (second, third)
    ]
    assert [each["likeness"] for each in made] == [["birth_year"], []]
    assert (made[0]["alias"]["id"], made[0]["person"]["id"]) == (str(second.id), str(first.id))
    assert made[0]["alias"]["name"] == "钱*"
    again = officer.post(path, {"other_id": str(second.id), "grounds": "当面问过"})
    assert (again.status_code, again.json["code"]) == (409, "person.double_waits")

    listed = approver.get("/person-doubles").json
    assert [each["id"] for each in listed["items"]] == [each["id"] for each in made]
    check = f"/person-doubles/{made[0]['id']}/approve"
    assert officer.post(check).status_code == 403
    assert approver.post(check, headers={"If-Match": '"9"'}).json["code"] == "version.stale"
    approved = approver.post(check, headers={"If-Match": '"1"'})
    assert (approved.status_code, approved.json["status"]) == (200, "approved")
    assert approver.post(check).json["code"] == "person.double_checked"
    refused = approver.post(f"/person-doubles/{made[1]['id']}/refuse")
    assert refused.json["status"] == "refused"
    assert len(place.district.rows(PersonAlias)) == 1
    assert approver.get("/person-doubles").json == {"items": [], "open": 0, "next": None}
    checked = approver.get("/person-doubles", checked="true").json["items"]
    assert [each["id"] for each in checked] == [made[1]["id"], made[0]["id"]]
    own = officer.get(f"/persons/{first.id}").json["doubles"]
    assert [(each["status"], each["other"]["id"]) for each in own] == [("approved", str(second.id))]
