from uuid import UUID

from app.services import bookings
from tests.api.asking import faults
from tests.api.conftest import As
from tests.builders import a_founder
from tests.founder_road import FounderRoad

ASKED = "2026-09-18T14:00:00+08:00"
MONDAY = "2026-09-21T15:00:00+08:00"
TUESDAY = "2026-09-22T14:00:00+08:00"


def path(booking, step: str) -> str:
    return f"/bookings/{booking.id}/{step}"


def test_a_counter_offer_names_its_times_and_the_founders_deadline(
    road: FounderRoad, as_: As
) -> None:
    booking = road.requested()
    body = {"times": [TUESDAY, MONDAY], "note": "请带上立项书"}
    answer = as_(road.mentor).post(path(booking, "counter-offer"), body)

    assert answer.status_code == 200
    assert answer.json["offer"] == {
        "kind": "counter",
        "side": "mentor",
        "starts": [MONDAY, TUESDAY],
        "note": "请带上立项书",
        "answer_by": "2026-09-18T10:00:00+08:00",
    }
    assert answer.json["status"] == "requested"
    assert as_(road.founder).get(f"/bookings/{booking.id}").json == answer.json


def test_one_press_takes_a_time_and_the_meeting_is_agreed(road: FounderRoad, as_: As) -> None:
    booking = road.requested()
    as_(road.mentor).post(path(booking, "counter-offer"), {"times": [MONDAY, TUESDAY]})
    key = {"Idempotency-Key": "press"}
    answers = [
        as_(road.founder).post(path(booking, "take-offer"), {"starts_at": TUESDAY}, key)
        for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
    taken = answers[0].json
    assert (taken["status"], taken["starts_at"], taken["ics_sequence"]) == ("accepted", TUESDAY, 1)
    assert taken["service_session_id"]
    assert taken["offer"] is None


def test_a_time_that_is_gone_comes_back_with_the_others_and_alternatives(
    road: FounderRoad, as_: As
) -> None:
    booking = road.requested()
    as_(road.mentor).post(path(booking, "counter-offer"), {"times": [MONDAY, TUESDAY]})
    other = a_founder(road.store, name="王强")
    choice = road.choice("09-21 15:00", need_id=road.a_need(other).id)
    road.store.execute(other, bookings.request_now, choice)

    answer = as_(road.founder).post(path(booking, "take-offer"), {"starts_at": MONDAY})

    assert (answer.status_code, answer.json["code"]) == (409, "booking.time_taken")
    assert [time["starts_at"] for time in answer.json["others"]] == [TUESDAY]
    assert len(answer.json["alternatives"]) == 3
    again = {"starts_at": answer.json["others"][0]["starts_at"]}
    assert as_(road.founder).post(path(booking, "take-offer"), again).status_code == 200


def test_none_of_the_times_ends_the_request(road: FounderRoad, as_: As) -> None:
    booking = road.requested()
    as_(road.mentor).post(path(booking, "counter-offer"), {"times": [MONDAY]})
    declined = as_(road.founder).post(path(booking, "decline-offer")).json
    assert (declined["status"], declined["end_side"]) == ("declined", "mentor")
    again = as_(road.founder).post(path(booking, "decline-offer"))
    assert (again.status_code, again.json["code"]) == (409, "time_offer.over")


def test_a_move_under_a_day_is_proposed_and_agreed(road: FounderRoad, as_: As) -> None:
    booking = road.accepted()
    road.put("09-18 08:00")
    late = as_(road.founder).post(path(booking, "move"), {"starts_at": MONDAY})
    assert (late.status_code, late.json["code"]) == (422, "booking.move_too_late")
    proposed = as_(road.founder).post(path(booking, "counter-offer"), {"times": [MONDAY]}).json
    assert (proposed["offer"]["kind"], proposed["starts_at"]) == ("move", ASKED)
    moved = as_(road.mentor).post(path(booking, "take-offer"), {"starts_at": MONDAY}).json
    assert (moved["id"], moved["starts_at"]) == (str(booking.id), MONDAY)


def test_four_times_are_refused_at_their_field(road: FounderRoad, as_: As) -> None:
    times = [f"2026-09-2{day}T15:00:00+08:00" for day in (1, 2, 3, 4)]
    answer = as_(road.mentor).post(path(road.requested(), "counter-offer"), {"times": times})
    assert faults(answer) == {"times": "input.too_many"}


def test_a_time_is_kept_requested_or_given_back(road: FounderRoad, as_: As) -> None:
    body = {
        "need_id": str(road.need.id),
        "expert_ids": [str(road.expert.id)],
        "starts_at": ASKED,
        "session_type": "consultation",
        "mode": "onsite",
    }
    founder = as_(road.founder)
    kept = founder.post("/holds", body)
    assert (kept.status_code, kept.json["status"]) == (201, "on_hold")
    assert kept.json["hold_until"] == "2026-09-16T10:10:00+08:00"
    released = founder.post(f"/holds/{kept.json['id']}/release").json
    assert released["status"] == "released"

    again = founder.post("/holds", body).json
    asked = founder.post(f"/holds/{again['id']}/request", {"may_pass_on": False}).json
    assert (asked["status"], asked["hold_until"]) == ("requested", None)
    assert road.now(UUID(asked["id"])).may_pass_on is False

    later = founder.post("/holds", {**body, "starts_at": MONDAY}).json
    road.put("09-16 10:11")
    over = founder.post(f"/holds/{later['id']}/request", {})
    assert (over.status_code, over.json["code"]) == (409, "booking.hold_over")
