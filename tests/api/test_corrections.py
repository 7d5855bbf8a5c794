"""Corrections for machines: proposed, previewed, checked by another, posted to an open month."""

from typing import Any

import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.models.service_record import Correction, ServiceRecord
from app.unit_of_work import Store
from tests.acquainted import People, acquainted
from tests.api.asking import faults
from tests.builders import a_venture, staff
from tests.scenes import Plays


def once_met(store: Store, clock: FixedClock) -> People:
    people = acquainted(store, clock)
    people.meet("09-17 14:00", 60)
    return people


@pytest.fixture
def plays() -> Plays:
    return {"people": once_met}


@pytest.fixture
def people(scene: People) -> People:
    return scene


def path(people: People) -> str:
    return f"/service-sessions/{people.sessions[0].id}/corrections"


def body(operation: str, **values: Any) -> dict[str, Any]:
    return {"operation": operation, "reason": "电话核实", **values}


def test_a_venture_is_put_right_after_a_look_at_what_would_change(people, as_) -> None:
    district = people.district
    team = a_venture(district.store, people.founder.person_id, name="第二个项目")
    officer, approver = as_(district.officer), as_(district.approver)
    made = officer.post(path(people), body("set_venture", venture_id=str(team.id)))
    assert made.json["value"]["venture_id"] == str(team.id)
    assert (made.json["status"], made.json["is_own"]) == ("proposed", True)
    one = f"/corrections/{made.json['id']}"

    decided = len(district.rows(ServiceRecord))
    told = approver.get(f"{one}/preview").json
    assert told["before"]["venture_id"] == str(people.founder.venture.id)
    assert told["after"]["venture_id"] == str(team.id)
    assert told["months"] == [
        {
            "month": "2026-09",
            "posted_month": None,
            "figures": [
                {"measure": "enterprises", "before": 1, "after": 0},
                {"measure": "teams", "before": 0, "after": 1},
            ],
        }
    ]
    assert len(district.rows(ServiceRecord)) == decided

    assert officer.post(f"{one}/approve").json["code"] == "forbidden"
    stale = approver.post(f"{one}/approve", headers={"If-Match": '"9"'})
    assert stale.json["code"] == "version.stale"
    checked = approver.post(f"{one}/approve", headers={"If-Match": '"1"'}).json
    assert (checked["status"], checked["checked_by"]) == ("approved", "老田")
    assert district.measures(Month(2026, 9)).own.teams == 1
    gone = approver.get(f"{one}/preview")
    assert (gone.status_code, gone.json["code"]) == (404, "correction.no_preview")


def test_of_a_closed_month_the_answer_tells_where_the_difference_is_posted(people, as_) -> None:
    district = people.district
    district.close(Month(2026, 9), "10-13 09:00")
    approver = as_(district.approver)
    made = as_(district.officer).post(path(people), body("void")).json
    (month,) = approver.get(f"/corrections/{made['id']}/preview").json["months"]
    assert month["posted_month"] == "2026-10"
    (posted,) = approver.post(f"/corrections/{made['id']}/approve").json["posted"]
    assert (posted["month"], posted["posted_month"]) == ("2026-09", "2026-10")
    assert posted["measures"]["sessions"] == -1
    listed = approver.get("/corrections", state="approved", month="2026-09").json
    assert [each["id"] for each in listed["items"]] == [made["id"]]
    assert approver.get("/corrections").json == {"items": [], "open": 0, "next": None}


@pytest.mark.parametrize(
    ("operation", "values", "field", "code"),
    [
        ("remove_attendee", {}, "person_id", "input.required"),
        ("set_topic", {"topic": "magic"}, "value", "input.unknown_code"),
        ("set_overrun", {}, "is_overrun_approved", "input.required"),
        ("set_actual_times", {"actual_start": "2026-09-17T14:00:00+08:00"}, "actual_end", None),
        (
            "set_actual_times",
            {
                "actual_start": "2026-09-17T14:00:00+08:00",
                "actual_end": "2026-09-17T13:00:00+08:00",
            },
            "actual_end",
            "service_session.end_before_start",
        ),
        ("set_venture", {"venture_id": "01990000-0000-7000-8000-000000000001"}, "value", None),
        ("void", {"reason": " "}, "reason", "input.required"),
        ("invent", {}, "operation", None),
    ],
)
def test_what_cannot_be_taken_is_named_and_keeps_nothing(
    people, as_, operation, values, field, code
) -> None:
    found = faults(as_(people.district.officer).post(path(people), body(operation, **values)))
    assert set(found) == {field}
    assert code is None or found[field] == code
    assert people.district.rows(Correction) == []


def test_times_and_an_overrun_are_told_back_as_they_were_given(people, as_) -> None:
    officer = as_(people.district.officer)
    times = {
        "actual_start": "2026-09-17T14:05:00+08:00",
        "actual_end": "2026-09-17T14:55:00+08:00",
        "break_minutes": 5,
    }
    made = officer.post(path(people), body("set_actual_times", **times)).json
    assert {name: made["value"][name] for name in times} == times
    more = officer.post(path(people), body("set_overrun", is_overrun_approved=True)).json
    assert more["value"]["is_overrun_approved"] is True
    refused = as_(people.district.approver).post(f"/corrections/{more['id']}/refuse").json
    assert refused["status"] == "refused"
    again = officer.post(path(people), body("set_overrun", is_overrun_approved=False))
    assert (again.status_code, again.json["code"]) == (422, "correction.nothing_changes")


def test_who_does_not_see_every_figure_gets_no_preview(people, as_) -> None:
    made = as_(people.district.officer).post(path(people), body("void")).json
    department = people.district.decision(people.sessions[0]).detail["dimensions"]["department"]
    liaison = staff(people.district.store, Role.DEPT_LIAISON, department=department)
    answer = as_(liaison).get(f"/corrections/{made['id']}/preview")
    assert answer.status_code in (403, 404)
    assert as_(people.mentor.actor).get("/corrections").status_code == 403
