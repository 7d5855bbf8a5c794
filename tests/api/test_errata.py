"""Errata for machines: proposed, listed, checked by another."""

import pytest

from app.domain.calendar import Month
from tests.api.asking import faults
from tests.journeys.district import District
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"district": District}


@pytest.fixture
def district(scene: District) -> District:
    scene.close(Month(2026, 9), "10-13 10:00")
    return scene


def test_an_erratum_is_proposed_listed_and_checked_by_another(district, as_) -> None:
    officer, approver = as_(district.officer), as_(district.approver)
    body = {"month": "2026-09", "words": "日历写错。"}
    assert faults(officer.post("/errata", {**body, "words": " "})) == {"words": "input.required"}
    early = officer.post("/errata", {**body, "month": "2026-10"})
    assert early.json["code"] == "erratum.month_open"
    made = officer.post("/errata", body).json
    assert (made["month"], made["words"], made["status"]) == ("2026-09", "日历写错。", "proposed")
    listed = approver.get("/errata", month="2026-09").json
    assert (listed["items"], [each["id"] for each in listed["waiting"]]) == ([], [made["id"]])
    check = f"/errata/{made['id']}/approve"
    assert officer.post(check).status_code == 403
    assert approver.post(check, headers={"If-Match": '"9"'}).json["code"] == "version.stale"
    approved = approver.post(check, headers={"If-Match": '"1"'}).json
    assert (approved["status"], approved["checked_by"]) == ("approved", district.approver.name)
    assert approver.post(check).json["code"] == "erratum.already_checked"
    assert approver.post(f"/errata/{made['id']}/refuse").status_code == 409
    listed = officer.get("/errata", month="2026-09").json
    assert ([each["id"] for each in listed["items"]], listed["waiting"]) == ([made["id"]], [])
