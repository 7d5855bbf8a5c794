from datetime import timedelta
from typing import Any

import pytest

from app.domain.actor import Role
from app.domain.ids import new_id
from app.domain.service_session import Evidence
from app.models.audit_entry import AuditEntry
from app.models.service_session import ServiceSession
from app.services import service_sessions
from tests.api.asking import faults
from tests.api.conftest import As, sqlite_only
from tests.builders import a_founder, staff
from tests.founder_road import FounderRoad

START, END = "2026-09-18T14:00:00+08:00", "2026-09-18T14:50:00+08:00"


def planned(road: FounderRoad) -> tuple[ServiceSession, str]:
    session = road.session_of(road.accepted())
    return session, f"/service-sessions/{session.id}"


def test_a_planned_meeting_tells_who_is_expected(road: FounderRoad, as_: As) -> None:
    session, path = planned(road)
    answer = as_(road.founder).get(path)
    seen = answer.json
    assert answer.headers["ETag"] == f'"{seen["version"]}"'
    assert (seen["status"], seen["planned_starts_at"]) == ("planned", START)
    assert {row["person_id"] for row in seen["attendances"]} == {
        str(road.founder.person_id),
        str(road.expert.person_id),
    }
    assert (seen["outcome_id"], seen["decision"]) == (None, None)
    assert seen["booking_id"] == str(session.booking_id)


def test_both_sides_check_themselves_in(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    early = as_(road.founder).post(f"{path}/check-in")
    assert (early.status_code, early.json["code"]) == (422, "service_session.too_early")
    road.put("09-18 13:55")
    for who in (road.founder, road.mentor):
        came = as_(who).post(f"{path}/check-in", {}).json
    assert came["status"] == "in_progress"
    assert {row["checked_in_at"] for row in came["attendances"]} == {"2026-09-18T13:55:00+08:00"}


def test_a_desk_does_not_check_itself_in(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    road.put("09-18 13:55")
    answer = as_(staff(road.store, Role.OFFICER)).post(f"{path}/check-in")
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_a_meeting_is_closed_with_its_real_times(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    road.put("09-18 15:00")
    founder_id = str(road.founder.person_id)
    facts = {
        "actual_start": START,
        "actual_end": END,
        "break_minutes": 5,
        "attendees": [founder_id],
        "experts": [
            {
                "expert_id": str(road.expert.id),
                "in_at": START,
                "out_at": "2026-09-18T14:40:00+08:00",
            }
        ],
    }
    done = as_(road.mentor).post(f"{path}/finish", facts).json
    assert (done["status"], done["actual_end"], done["break_minutes"]) == ("finished", END, 5)
    assert done["outcome_id"]
    times = {row["side"]: row["out_at"] for row in done["attendances"]}
    assert times["expert"] == "2026-09-18T14:40:00+08:00"
    assert (done["decision"]["status"], done["decision"]["reason"]) == (
        "not_counted",
        "unconfirmed",
    )
    assert as_(road.mentor).get(path).json == done
    again = as_(road.mentor).post(f"{path}/finish", facts)
    assert (again.status_code, again.json["code"]) == (409, "service_session.illegal_transition")


def finish_body(**values: Any) -> dict[str, Any]:
    return {"actual_start": START, "actual_end": END, **values}


@sqlite_only
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"actual_end": START}, {"actual_end": "service_session.end_before_start"}),
        ({"actual_end": "2026-09-18T13:00:00Z"}, {"actual_end": "service_session.in_future"}),
        ({"actual_start": "2026-09-18T02:00:00+08:00"}, {"actual_end": "service_session.too_long"}),
        ({"break_minutes": 50}, {"break_minutes": "service_session.break_too_long"}),
        ({"break_minutes": -1}, {"break_minutes": "input.too_small"}),
        ({"break_minutes": 10**30}, {"break_minutes": "input.too_large"}),
        ({"break_minutes": "5"}, {"break_minutes": "input.not_a_number"}),
        ({"break_minutes": True}, {"break_minutes": "input.not_a_number"}),
        ({"break_minutes": None}, {"break_minutes": "input.required"}),
        ({"attendees": [str(new_id())]}, {"attendees": "service_session.unknown_attendee"}),
        ({"attendees": "all"}, {"attendees": "input.not_a_list"}),
        ({"attendees": [str(new_id())] * 51}, {"attendees": "input.too_many"}),
        (
            {"experts": [{"expert_id": str(new_id()), "in_at": START, "out_at": END}]},
            {"experts": "service_session.unknown_expert"},
        ),
        ({"experts": [START]}, {"experts[0]": "input.not_an_object"}),
        (
            {"experts": [{"expert_id": "x", "in_at": START}]},
            {"experts[0].expert_id": "input.not_an_id", "experts[0].out_at": "input.required"},
        ),
    ],
)
def test_real_times_that_cannot_be_are_refused_by_name(
    road: FounderRoad, as_: As, values: dict[str, Any], expected: dict[str, str]
) -> None:
    session, path = planned(road)
    road.put("09-18 15:00")
    entries = len(road.rows(AuditEntry))
    answer = as_(road.mentor).post(f"{path}/finish", finish_body(**values))
    assert (answer.status_code, faults(answer)) == (422, expected)
    assert road.row(ServiceSession, ServiceSession.id == session.id).actual_end is None
    assert len(road.rows(AuditEntry)) == entries


@pytest.mark.parametrize("who", ["no_show_founder", "founder"])
def test_a_meeting_that_did_not_come_about_counts_for_nothing(
    road: FounderRoad, as_: As, who: str
) -> None:
    _, path = planned(road)
    road.put("09-18 14:29")
    missed = {"who": who, "reason": "等了三十分钟"}
    early = as_(road.mentor).post(f"{path}/no-show", missed)
    assert (early.status_code, early.json["code"]) == (422, "service_session.too_early")
    road.put("09-18 14:31")
    seen = as_(road.mentor).post(f"{path}/no-show", missed).json
    assert (seen["status"], seen["no_show"]) == ("no_show", "no_show_founder")
    assert seen["contest_by"] == "2026-09-23T00:00:00+08:00"
    assert seen["decision"]["reason"] == "no_show_founder"
    booking = as_(road.founder).get(f"/bookings/{seen['booking_id']}").json
    assert booking["status"] == "no_show"


def test_a_no_show_needs_who_and_why(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    road.put("09-18 14:31")
    mentor = as_(road.mentor)
    assert faults(mentor.post(f"{path}/no-show", {"who": "nobody"})) == {
        "who": "input.unknown_code",
        "reason": "input.required",
    }
    blank = mentor.post(f"{path}/no-show", {"who": "founder", "reason": " \n "})
    assert faults(blank) == {"reason": "input.required"}


def test_a_stale_look_closes_nothing(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    road.put("09-18 13:55")
    seen = as_(road.mentor).get(path)
    as_(road.founder).post(f"{path}/check-in")
    road.put("09-18 15:00")
    stale = {"If-Match": seen.headers["ETag"]}
    for step, sent in (("finish", finish_body()), ("no-show", {"who": "both", "reason": "无人"})):
        answer = as_(road.mentor).post(f"{path}/{step}", sent, headers=stale)
        assert (answer.status_code, answer.json["code"]) == (409, "version.stale")
    came = as_(road.mentor).post(f"{path}/check-in", headers=stale)
    assert came.json["code"] == "version.stale"


def test_somebody_elses_meeting_is_not_found(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    road.put(road.clock.now() + timedelta(days=3))
    stranger = as_(a_founder(road.store))
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/check-in").status_code == 404
    clerk = as_(staff(road.store, Role.STREET_LIAISON, street="hongjialou"))
    assert clerk.post(f"{path}/finish", finish_body()).status_code == 404


def test_a_founder_does_not_close_the_meeting(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    road.put("09-18 15:00")
    answer = as_(road.founder).post(f"{path}/finish", finish_body())
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_a_founder_reports_the_mentor_absent_and_not_himself(road: FounderRoad, as_: As) -> None:
    _, path = planned(road)
    founder, mentor = as_(road.founder), as_(road.mentor)
    road.put("09-18 14:29")
    early = founder.post(f"{path}/no-show", {"who": "mentor", "reason": "没来"})
    assert (early.status_code, early.json["code"]) == (422, "service_session.too_early")
    road.put("09-18 14:30")
    for asker, who in ((founder, "founder"), (mentor, "mentor")):
        answer = asker.post(f"{path}/no-show", {"who": who, "reason": "没来"})
        assert answer.status_code == 422
        assert faults(answer) == {"who": "service_session.own_absence"}

    seen = founder.post(f"{path}/no-show", {"who": "mentor", "reason": "等到两点半"}).json
    assert (seen["status"], seen["no_show"]) == ("no_show", "no_show_mentor")
    assert seen["decision"]["reason"] == "no_show_mentor"
    late = mentor.post(f"{path}/no-show", {"who": "founder", "reason": "没来"})
    assert (late.status_code, late.json["code"]) == (409, "service_session.illegal_transition")


def test_whom_the_desk_has_checked_in_nobody_reports_absent(road: FounderRoad, as_: As) -> None:
    session, path = planned(road)
    road.put("09-18 13:58")
    road.store.execute(
        staff(road.store, Role.OFFICER),
        service_sessions.check_in,
        session.id,
        person_id=road.founder.person_id,
        evidence=Evidence.CODE,
    )
    road.put("09-18 14:31")
    for who in ("founder", "both"):
        answer = as_(road.mentor).post(f"{path}/no-show", {"who": who, "reason": "没来"})
        assert (answer.status_code, answer.json["code"]) == (422, "service_session.was_seen")
        assert answer.json["seen_at"] == "2026-09-18T13:58:00+08:00"
    assert as_(road.mentor).get(path).json["status"] == "in_progress"


def test_a_tie_declared_while_the_meeting_runs_is_told_and_kept_once(
    road: FounderRoad, as_: As
) -> None:
    _, path = planned(road)
    early = as_(road.mentor).post(f"{path}/stand-aside", {})
    assert (early.status_code, early.json["code"]) == (422, "service_session.too_early")
    road.put("09-18 14:20")
    officer = as_(staff(road.store, Role.OFFICER))
    unnamed = officer.post(f"{path}/stand-aside", {})
    assert (unnamed.status_code, set(faults(unnamed))) == (422, {"expert_id"})
    named = {"expert_id": str(road.expert.id), "left_at": "2026-09-18T14:10:00+08:00"}
    told = officer.post(f"{path}/stand-aside", named).json
    (seat,) = (row for row in told["attendances"] if row["expert_id"])
    assert seat["stood_aside_at"] == "2026-09-18T14:10:00+08:00"
    again = as_(road.mentor).post(f"{path}/stand-aside", {})
    assert (again.status_code, again.json["code"]) == (409, "attendance.stood_aside_already")
