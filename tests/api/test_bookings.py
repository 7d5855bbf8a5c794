from datetime import timedelta
from typing import Any

import pytest

from app.domain.actor import Role
from app.domain.ids import new_id
from app.models.booking import Booking, ResourceClaim
from app.models.job import Job
from tests.api.asking import Asker, faults
from tests.api.conftest import As, sqlite_only
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.founder_road import FounderRoad
from tests.moments import at

TWO = "2026-09-18T14:00:00+08:00"
THREE = "2026-09-18T15:00:00+08:00"


def body(road: FounderRoad, **values: Any) -> dict[str, Any]:
    return {
        "need_id": str(road.need.id),
        "expert_ids": [str(road.expert.id)],
        "starts_at": TWO,
        "session_type": "consultation",
        "mode": "onsite",
        **values,
    }


def requested(road: FounderRoad, as_: As, **values: Any) -> dict[str, Any]:
    answer = as_(road.founder).post("/bookings", body(road, **values))
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def test_a_request_names_its_deadline_and_place(road: FounderRoad, as_: As) -> None:
    road.proposed()
    founder = as_(road.founder)
    answer = founder.post("/bookings", body(road))

    assert answer.status_code == 201
    booking = answer.json
    assert booking["status"] == "requested"
    assert booking["reference"].startswith("YY2026-")
    assert booking["answer_by"] == "2026-09-18T10:00:00+08:00"
    assert booking["ends_at"] == "2026-09-18T14:50:00+08:00"
    assert booking["place"]
    assert booking["expert_ids"] == [booking["lead_expert_id"]] == [str(road.expert.id)]
    assert answer.headers["ETag"] == f'"{booking["version"]}"'
    again = founder.get(f"/bookings/{booking['id']}")
    assert again.json == booking
    assert again.headers["ETag"] == answer.headers["ETag"]
    (row,) = road.rows(Booking)
    assert row.proposal_id is not None


def test_an_instant_may_come_with_any_offset(road: FounderRoad, as_: As) -> None:
    booking = requested(road, as_, starts_at="2026-09-18T06:00:00Z", ends_at="2026-09-18T06:45:00Z")
    assert (booking["starts_at"], booking["ends_at"]) == (TWO, "2026-09-18T14:45:00+08:00")


def test_a_taken_time_is_refused_with_three_that_are_free_for_both(
    road: FounderRoad, as_: As
) -> None:
    requested(road, as_)
    stranger = a_founder(road.store, name="王强")
    need = road.a_need(stranger)
    other = an_expert(road.store, name="另一位")
    asked = {**body(road), "need_id": str(need.id)}
    busy = {**asked, "expert_ids": [str(other.id)], "starts_at": THREE}
    assert as_(stranger).post("/bookings", busy).status_code == 201

    answer = as_(stranger).post("/bookings", asked)

    assert (answer.status_code, answer.json["code"]) == (409, "booking.time_taken")
    near = answer.json["alternatives"]
    assert len(near) == 3
    assert [set(time) for time in near] == [{"starts_at", "ends_at"}] * 3
    starts = [time["starts_at"] for time in near]
    assert starts == sorted(starts)
    assert TWO not in starts
    assert THREE not in starts
    first = {**asked, "starts_at": near[0]["starts_at"]}
    assert as_(stranger).post("/bookings", first).status_code == 201


def test_a_refused_time_leaves_nothing_behind(road: FounderRoad, as_: As) -> None:
    requested(road, as_)
    stranger = a_founder(road.store, name="王强")
    kept = {model: len(road.rows(model)) for model in (Booking, ResourceClaim, Job)}
    asked = {**body(road), "need_id": str(road.a_need(stranger).id)}
    assert as_(stranger).post("/bookings", asked).status_code == 409
    assert {model: len(road.rows(model)) for model in kept} == kept


def test_accepting_leads_to_a_service_session(road: FounderRoad, as_: As) -> None:
    booking = requested(road, as_)
    path = f"/bookings/{booking['id']}"
    assert booking["service_session_id"] is None
    accepted = as_(road.mentor).post(f"{path}/accept").json
    assert accepted["status"] == "accepted"
    assert accepted["service_session_id"]
    assert as_(road.founder).get(path).json == accepted


def test_an_illegal_step_is_a_conflict(road: FounderRoad, as_: As) -> None:
    path = f"/bookings/{requested(road, as_)['id']}"
    assert as_(road.mentor).post(f"{path}/accept").status_code == 200
    for step, sent in (("accept", {}), ("decline", {"reason": "m_overload"})):
        answer = as_(road.mentor).post(f"{path}/{step}", sent)
        assert (answer.status_code, answer.json["code"]) == (409, "booking.illegal_transition")


def test_a_declined_request_names_the_booking_that_takes_its_place(
    road: FounderRoad, as_: As
) -> None:
    second = an_expert(road.store, name="下一位")
    road.proposed(road.expert, second)
    path = f"/bookings/{requested(road, as_)['id']}"
    declined = as_(road.mentor).post(f"{path}/decline", {"reason": "m_overload", "note": "太忙"})
    assert declined.json["status"] == "declined"
    assert (declined.json["end_reason"], declined.json["end_side"]) == ("m_overload", "mentor")
    # Who asks another expert is not the mentor's to know.
    assert declined.json["replaced_by_id"] is None

    seen = as_(road.founder).get(path).json
    successor = as_(road.founder).get(f"/bookings/{seen['replaced_by_id']}").json
    assert (successor["lead_expert_id"], successor["starts_at"]) == (str(second.id), TWO)
    assert successor["replaces_id"] == seen["id"]


def test_calling_off_needs_a_reason_of_ones_own_side(road: FounderRoad, as_: As) -> None:
    path = f"/bookings/{requested(road, as_)['id']}"
    as_(road.mentor).post(f"{path}/accept")
    wrong = as_(road.founder).post(f"{path}/cancel", {"reason": "m_illness"})
    assert (wrong.status_code, faults(wrong)) == (422, {"reason": "booking.reason_unknown"})
    done = as_(road.founder).post(f"{path}/cancel", {"reason": "f_solved"}).json
    assert (done["status"], done["end_side"]) == ("cancelled", "founder")


def test_a_request_nobody_answered_is_withdrawn_instead(road: FounderRoad, as_: As) -> None:
    path = f"/bookings/{requested(road, as_)['id']}"
    assert as_(road.founder).post(f"{path}/cancel", {"reason": "f_solved"}).json["status"] == (
        "withdrawn"
    )


def test_a_move_keeps_the_booking_and_offers_alternatives_when_taken(
    road: FounderRoad, as_: As
) -> None:
    stranger = a_founder(road.store, name="王强")
    taken = {**body(road, starts_at=THREE), "need_id": str(road.a_need(stranger).id)}
    assert as_(stranger).post("/bookings", taken).status_code == 201
    booking = requested(road, as_, starts_at="2026-09-18T13:00:00+08:00")
    path = f"/bookings/{booking['id']}/move"
    founder = as_(road.founder)

    refused = founder.post(path, {"starts_at": THREE})

    assert (refused.status_code, refused.json["code"]) == (409, "booking.time_taken")
    # Its own time becomes free by moving, so it is offered as well.
    starts = [time["starts_at"] for time in refused.json["alternatives"]]
    assert TWO in starts
    moved = founder.post(path, {"starts_at": TWO}).json
    assert (moved["id"], moved["starts_at"], moved["ends_at"]) == (
        booking["id"],
        TWO,
        "2026-09-18T14:50:00+08:00",
    )
    assert moved["version"] > booking["version"]


def test_a_step_from_a_stale_look_is_refused_with_the_version_there_is(
    road: FounderRoad, as_: As
) -> None:
    booking = requested(road, as_)
    path, tag = f"/bookings/{booking['id']}", f'"{booking["version"]}"'
    founder = as_(road.founder)
    moved = founder.post(f"{path}/move", {"starts_at": THREE}, headers={"If-Match": tag})
    assert moved.status_code == 200
    for stale in (tag, 'W/"1"', '"somebody else\'s"', "2, 3"):
        answer = founder.post(f"{path}/cancel", {"reason": "f_solved"}, headers={"If-Match": stale})
        assert (answer.status_code, answer.json["code"]) == (409, "version.stale")
        assert answer.json["version"] == moved.json["version"]
    fresh = {"If-Match": moved.headers["ETag"]}
    assert founder.post(f"{path}/cancel", {"reason": "f_solved"}, headers=fresh).status_code == 200


def test_any_version_will_do_for_a_star(road: FounderRoad, as_: As) -> None:
    path = f"/bookings/{requested(road, as_)['id']}/accept"
    assert as_(road.mentor).post(path, headers={"If-Match": "*"}).status_code == 200


def test_a_second_press_gets_the_same_answer_and_books_once(road: FounderRoad, as_: As) -> None:
    key = {"Idempotency-Key": "press-1"}
    founder = as_(road.founder)
    first = founder.post("/bookings", body(road), headers=key)
    second = founder.post("/bookings", body(road), headers=key)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Location"] == first.headers["Location"]
    assert len(road.rows(Booking)) == 1

    other = founder.post("/bookings", body(road, mode="phone"), headers=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency.key_reused")
    assert len(road.rows(Booking)) == 1


def test_somebody_elses_booking_is_not_found(road: FounderRoad, as_: As) -> None:
    path = f"/bookings/{requested(road, as_)['id']}"
    stranger = as_(a_founder(road.store, name="王强"))
    other = as_(a_mentor(road.store, an_expert(road.store, name="另一位")))
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/cancel", {"reason": "f_solved"}).status_code == 404
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/accept").status_code == 404
    asked = as_(a_founder(road.store)).post("/bookings", body(road, starts_at=THREE))
    assert (asked.status_code, asked.json["code"]) == (404, "need.not_found")
    nobody = as_(road.founder).post("/bookings", body(road, expert_ids=[str(new_id())]))
    assert (nobody.status_code, nobody.json["code"]) == (404, "expert.not_found")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"starts_at": "2026-09-16T09:00:00+08:00"}, "availability.past"),
        ({"starts_at": "2001-09-16T09:00:00+08:00"}, "availability.past"),
        ({"starts_at": "2099-09-16T09:00:00+08:00"}, "availability.too_far"),
        ({"starts_at": "2026-09-18T14:07:00+08:00"}, "availability.off_grid"),
        ({"starts_at": "2026-09-18T22:00:00+08:00"}, "availability.closed"),
    ],
)
def test_a_time_that_is_not_offered_is_refused_with_its_cause(
    road: FounderRoad, as_: As, values: dict[str, Any], code: str
) -> None:
    answer = as_(road.founder).post("/bookings", body(road, **values))
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert road.rows(Booking) == []


def test_a_holiday_is_named_as_such(road: FounderRoad, as_: As) -> None:
    official = an_expert(road.store, weekly=False, category="official")
    asked = body(road, expert_ids=[str(official.id)], starts_at="2026-10-01T10:00:00+08:00")
    answer = as_(road.founder).post("/bookings", asked)
    assert (answer.status_code, answer.json["code"]) == (422, "availability.holiday")
    assert "2026-10-01" in answer.json["detail"]


@sqlite_only
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"ends_at": "2026-09-18T13:00:00+08:00"}, {"ends_at": "booking.length"}),
        ({"ends_at": TWO}, {"ends_at": "booking.length"}),
        ({"ends_at": "2026-09-18T23:00:00+08:00"}, {"ends_at": "booking.length"}),
        ({"starts_at": "2026-09-18T14:00:00"}, {"starts_at": "input.no_offset"}),
        ({"starts_at": "morgen"}, {"starts_at": "input.not_an_instant"}),
        ({"starts_at": "0001-01-01T00:00:00+08:00"}, {"starts_at": "input.too_early"}),
        ({"starts_at": "9999-12-31T23:59:59-08:00"}, {"starts_at": "input.too_late"}),
        ({"expert_ids": []}, {"expert_ids": "input.required"}),
        ({"expert_ids": ["1"]}, {"expert_ids[0]": "input.not_an_id"}),
        ({"lead_expert_id": str(new_id())}, {"lead_expert_id": "input.not_a_choice"}),
        ({"room_id": "3 楼"}, {"room_id": "input.not_an_id"}),
        ({"mode": "letter"}, {"mode": "input.unknown_code"}),
        ({"may_pass_on": 1}, {"may_pass_on": "input.not_true_or_false"}),
        ({"note": "话" * 501}, {"note": "input.too_long"}),
    ],
)
def test_each_fault_is_named_at_its_field(
    road: FounderRoad, as_: As, values: dict[str, Any], expected: dict[str, str]
) -> None:
    answer = as_(road.founder).post("/bookings", body(road, **values))
    assert (answer.status_code, faults(answer)) == (422, expected)
    assert road.rows(Booking) == []


def listed(asker: Asker, **query: Any) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = asker.get("/bookings", **query, **({"cursor": cursor} if cursor else {})).json
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return found


def test_bookings_are_listed_newest_first_to_those_concerned(road: FounderRoad, as_: As) -> None:
    first = at("09-18 09:00")
    booked = []
    for number in range(3):
        starts_at = (first + timedelta(hours=2 * number)).isoformat()
        need_id = str(road.a_need().id)
        booked.append(requested(road, as_, need_id=need_id, starts_at=starts_at)["id"])
    as_(road.mentor).post(f"/bookings/{booked[0]}/accept")
    newest = booked[::-1]
    assert listed(as_(road.founder), limit=2) == newest
    assert listed(as_(road.mentor), limit=1, status="requested") == newest[:2]
    assert listed(as_(staff(road.store, Role.OFFICER))) == newest
    assert listed(as_(a_founder(road.store))) == []
