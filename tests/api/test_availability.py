from typing import Any

import pytest

from app.domain.ids import new_id
from app.models.place import Place
from tests.api.asking import faults
from tests.api.conftest import As
from tests.builders import a_mentor, an_expert, staff
from tests.founder_road import FounderRoad

MODES = ["onsite", "online"]
SPAN = {"weekday": 1, "starts_minute": 540, "ends_minute": 720, "modes": MODES}
WEEK: dict[str, Any] = {
    "spans": [
        {**SPAN, "every_weeks": 2, "anchor_on": "2026-09-23"},
        {**SPAN, "weekday": 3, "valid_from": "2026-10-01", "valid_until": "2026-12-31"},
    ],
    "time_zone": "Asia/Kolkata",
    "monthly_limit": 6,
    "buffer_before_minutes": 10,
    "buffer_minutes": 15,
    "notice_hours": 24,
    "horizon_days": 45,
    "consultation_minutes": 45,
}


def path(road: FounderRoad, rest: str = "availability") -> str:
    return f"/experts/{road.expert.id}/{rest}"


def put(asker: Any, where: str, body: Any, version: int | None = None) -> Any:
    headers = {"If-Match": f'"{version}"'} if version else {}
    return asker.send("PUT", where, json=body, headers=headers)


def test_a_week_is_put_and_read_back_and_what_is_offered_follows(
    road: FounderRoad, as_: As
) -> None:
    mentor = as_(road.mentor)
    before = mentor.get(path(road)).json

    answer = put(mentor, path(road), WEEK, before["version"])

    assert (answer.status_code, answer.json["version"]) == (200, before["version"] + 1)
    assert answer.json == mentor.get(path(road)).json
    first = answer.json["spans"][0]
    assert (first["every_weeks"], first["anchor_on"]) == (2, "2026-09-21")
    assert {name: answer.json[name] for name in WEEK if name != "spans"} == {
        name: value for name, value in WEEK.items() if name != "spans"
    }
    times = mentor.get(path(road, "free-times"), **{"from": "2026-09-22", "to": "2026-09-29"}).json
    # 09:00 in India is 11:30 in Beijing; the 29th is a Tuesday of the other week.
    assert times["items"][0]["starts_at"] == "2026-09-22T11:30:00+08:00"
    assert {item["starts_at"][:10] for item in times["items"]} == {"2026-09-22"}
    assert (times["time_zone"], times["expert_time_zone"]) == ("Asia/Shanghai", "Asia/Kolkata")


def test_a_stale_week_is_refused(road: FounderRoad, as_: As) -> None:
    mentor = as_(road.mentor)
    version = mentor.get(path(road)).json["version"]
    assert put(mentor, path(road), WEEK, version).status_code == 200
    answer = put(mentor, path(road), WEEK, version)
    assert (answer.status_code, answer.json["code"]) == (409, "version.stale")


@pytest.mark.parametrize(
    ("changes", "span", "field", "code"),
    [
        ({}, {"ends_minute": 540}, "spans[1].ends_minute", "availability.end_before_start"),
        ({}, {"every_weeks": 2}, "spans[1].anchor_on", "availability.no_anchor"),
        ({}, {"modes": []}, "spans[1].modes", "input.not_chosen"),
        ({}, {"valid_until": "2026-09-01"}, "spans[1].valid_until", "input.too_early"),
        ({}, {"place_id": str(new_id())}, "spans[1].place_id", "availability.place_unknown"),
        ({"time_zone": "Mars/Base"}, {}, "time_zone", "availability.zone_unknown"),
        ({"diagnosis_minutes": 45}, {}, "diagnosis_minutes", "input.too_small"),
        ({"horizon_days": 61}, {}, "horizon_days", "input.too_large"),
    ],
)
def test_a_fault_is_named_where_it_stands_in_the_body(
    road: FounderRoad, as_: As, changes, span, field, code
) -> None:
    spans = [WEEK["spans"][0], {**WEEK["spans"][1], **span}]
    answer = put(as_(road.mentor), path(road), {**WEEK, "spans": spans, **changes})
    assert (answer.status_code, faults(answer)) == (422, {field: code})


def test_special_days_are_added_and_removed(road: FounderRoad, as_: As) -> None:
    mentor = as_(road.mentor)
    closed = {"kind": "off", "first_on": "2026-09-22", "last_on": "2026-09-23", "reason": "出差"}
    mentor.post(path(road, "special-days"), closed)
    opened = {"kind": "extra", "first_on": "2026-09-26", "starts_minute": 540, "ends_minute": 600}
    answer = mentor.post(path(road, "special-days"), {**opened, "modes": ["phone"]})

    days = answer.json["special_days"]
    assert [(day["day"], day["kind"]) for day in days] == [
        ("2026-09-22", "off"),
        ("2026-09-23", "off"),
        ("2026-09-26", "extra"),
    ]
    ids = {"ids": [day["id"] for day in days[:2]]}
    left = mentor.post(path(road, "special-days/remove"), ids).json["special_days"]
    assert [day["day"] for day in left] == ["2026-09-26"]
    assert mentor.post(path(road, "special-days/remove"), ids).status_code == 404


def test_a_clinic_is_set_offered_and_taken_back(road: FounderRoad, as_: As) -> None:
    officer = as_(staff(road.store))
    place = road.rows(Place)[0]
    clinic = {
        "day": "2026-09-22",
        "starts_minute": 870,
        "ends_minute": 930,
        "slot_minutes": 20,
        "place_id": str(place.id),
    }
    made = officer.post(path(road, "clinics"), clinic)
    assert made.status_code == 201
    asked = {"from": "2026-09-22", "to": "2026-09-22"}
    times = officer.get(path(road, "free-times"), **asked).json["items"]
    slots = [t for t in times if t["starts_at"] == "2026-09-22T14:50:00+08:00"]
    assert [(slot["ends_at"], slot["mode"]) for slot in slots] == [
        ("2026-09-22T15:10:00+08:00", "onsite")
    ]
    gone = officer.post(path(road, f"clinics/{made.json['id']}/remove"))
    assert gone.json["clinics"] == []


def test_nobody_else_reads_or_sets_an_experts_hours(road: FounderRoad, as_: As) -> None:
    stranger = as_(a_mentor(road.store, an_expert(road.store, name="刘总")))
    assert stranger.get(path(road)).status_code == 404
    assert put(stranger, path(road), WEEK).status_code == 403
    assert as_(road.founder).get(path(road)).status_code == 403
