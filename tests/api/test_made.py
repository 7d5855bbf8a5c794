"""What is made by a request is answered with 201, its keys and where it is."""

import pytest

from app.domain.actor import Role
from app.domain.clock import FixedClock
from app.models.appeal import Appeal
from app.models.policy_change import PolicyChange, PolicyPreview
from app.unit_of_work import Store
from tests.acquainted import People, acquainted
from tests.builders import staff
from tests.scenes import Plays

WHY = "前台有登记，实际谈了 40 分钟。"


def met_shortly(store: Store, clock: FixedClock) -> People:
    people = acquainted(store, clock)
    people.meet("09-17 14:00", 20)
    return people


@pytest.fixture
def plays() -> Plays:
    return {"people": met_shortly}


@pytest.fixture
def people(scene: People) -> People:
    return scene


def test_an_appeal_is_opened_once(people, as_) -> None:
    path = f"/service-sessions/{people.sessions[0].id}/appeal"
    made = as_(people.mentor.actor).post(path, {"statement": WHY})
    assert (made.status_code, made.json["status"]) == (201, "open")
    assert [str(row.id) for row in people.district.rows(Appeal)] == [made.json["id"]]


def test_a_policy_is_proposed_and_previewed(people, as_) -> None:
    approver = as_(staff(people.district.store, Role.APPROVER))
    kinds = ("consultation", "diagnosis", "tutoring", "roundtable", "lecture", "review")
    body = {
        "min_minutes": dict.fromkeys(kinds, 40),
        "standard_minutes": dict.fromkeys(kinds, 60),
        "merge_gap_minutes": 120,
        "close_working_day": 5,
        "overrun_cap_minutes": 30,
        "late_confirmation_days": 90,
        "valid_from": "2026-11-01",
        "reason": "历人社〔2026〕31号",
    }
    made = approver.post("/counting-policies", body)
    assert made.status_code == 201, made.json
    (change,) = people.district.rows(PolicyChange)
    assert made.json["id"] == str(change.id)
    asked = approver.post(f"/counting-policies/{change.id}/previews", {"months": ["2026-08"]})
    assert asked.status_code == 201, asked.json
    assert [str(row.id) for row in people.district.rows(PolicyPreview)] == [asked.json["id"]]
