"""A panel asked, answered and moved by machines; places and times in common."""

import pytest

from app.models.booking import Booking, ResourceClaim
from app.models.service_session import ServiceSession
from tests.api.asking import Asker
from tests.api.conftest import As
from tests.builders import a_founder, a_need
from tests.moments import at
from tests.panel_meeting import MEETING, MEETING_END, Table, lay_table
from tests.scenes import Plays


def ask(verb, *sent, status=200):
    answer = verb(*sent)
    assert answer.status_code == status, answer.text
    return answer.json


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


@pytest.fixture
def officer(table: Table, as_: As) -> Asker:
    return as_(table.officer)


def body(table: Table, **changes):
    given = {
        "need_id": str(table.need_id),
        "expert_ids": [str(each.id) for each in table.experts[:3]],
        "lead_expert_id": str(table.experts[0].id),
        "quorum": 2,
        "companion_ids": [str(table.companion.person_id)],
        "starts_at": at("09-18 14:00").isoformat(),
        "ends_at": at("09-18 16:00").isoformat(),
        "session_type": "diagnosis",
        "mode": "onsite",
        "room_id": str(table.room.id),
    }
    return {**given, **changes}


def test_a_panel_is_asked_and_each_expert_answers_for_himself(table, officer, as_: As) -> None:
    booking = ask(officer.post, "/bookings", body(table), status=201)
    assert booking["room_id"] == str(table.room.id)
    assert [seat["answer"] for seat in booking["experts"]] == ["invited"] * 3
    here = f"/bookings/{booking['id']}"
    for number, status in ((0, "requested"), (1, "requested"), (2, "accepted")):
        answer = ask(as_(table.mentors[number]).post, f"{here}/accept", {})
        assert answer["status"] == status
    assert answer["service_session_id"]
    ask(as_(table.mentors[2]).post, f"{here}/cancel", {"reason": "m_illness"})
    left = ask(officer.get, here)
    assert left["status"] == "accepted"
    assert left["expert_ids"] == [str(each.id) for each in table.experts[:2]]


def test_a_room_that_is_taken_is_refused_with_times_that_all_share(table, officer) -> None:
    ask(officer.post, "/bookings", body(table), status=201)
    other = a_need(table.store, a_founder(table.store, name="别人").person_id)
    second = body(
        table,
        need_id=str(other.id),
        expert_ids=[str(each.id) for each in table.experts[3:]],
        lead_expert_id=None,
        companion_ids=[],
    )
    problem = ask(officer.post, "/bookings", second, status=409)
    assert problem["code"] == "booking.time_taken"
    assert len(problem["alternatives"]) == 3
    assert len(table.rows(Booking)) == 1
    near = problem["alternatives"][0]
    ask(officer.post, "/bookings", {**second, **near}, status=201)


def test_a_panel_moves_whole_or_not_at_all(table, officer, as_: As) -> None:
    booking = ask(officer.post, "/bookings", body(table), status=201)
    moved = ask(
        officer.post,
        f"/bookings/{booking['id']}/move",
        {"starts_at": at("09-21 09:00").isoformat()},
    )
    assert {claim.starts_at for claim in table.rows(ResourceClaim)} == {at("09-21 09:00")}
    assert moved["status"] == "requested"
    night = {"starts_at": at("09-21 20:00").isoformat()}
    ask(officer.post, f"/bookings/{booking['id']}/move", night, status=422)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quorum": 4}, "quorum"),
        ({"lead_expert_id": "01990000-0000-7000-8000-000000000001"}, "lead_expert_id"),
        ({"mode": "online"}, "mode"),
    ],
)
def test_what_contradicts_itself_is_named_at_its_field(table, officer, changes, field) -> None:
    problem = ask(officer.post, "/bookings", body(table, **changes), status=422)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_founders_ask_no_panels(table, as_: As) -> None:
    ask(as_(table.founder).post, "/bookings", body(table), status=403)


def test_times_in_common_name_the_rooms_that_are_free(table, officer, as_: As) -> None:
    asked = ",".join(str(each.id) for each in table.experts[:3])
    alone = ask(officer.get, f"/joint-times?experts={asked}&limit=2&minutes=120")
    assert len(alone["items"]) == 2
    assert alone["items"][0]["room_ids"] == []
    ask(
        officer.post,
        "/bookings",
        body(table, starts_at=at("09-17 09:00").isoformat(), ends_at=at("09-17 12:00").isoformat()),
        status=201,
    )
    found = ask(
        officer.get,
        f"/joint-times?experts={table.experts[4].id}&rooms={table.room.id}&minutes=120&limit=50"
        f"&founders={table.companion.person_id}",
    )
    on_thursday = [each for each in found["items"] if each["starts_at"][:10] == "2026-09-17"]
    assert on_thursday[0]["starts_at"] == "2026-09-17T13:30:00+08:00"
    assert all(each["room_ids"] == [str(table.room.id)] for each in found["items"])
    assert all(each["modes"] == ["onsite"] for each in found["items"])
    ask(officer.get, f"/joint-times?experts={asked}&rooms={table.need_id}", status=404)
    ask(as_(table.founder).get, f"/joint-times?experts={asked}", status=403)


def test_places_are_listed_added_changed_closed_and_retired(table, officer, as_: As) -> None:
    facts = {"kind": "station", "name": "某站 洽谈间", "address": "某路 1 号", "seats": 4}
    place = ask(officer.post, "/places", {**facts, "equipment": ["video"]}, status=201)
    here = f"/places/{place['id']}"
    assert len(place["hours"]) == 10
    listed = ask(as_(table.founder).get, "/places?seats=4&equipment=video")["items"]
    assert place["id"] in {each["id"] for each in listed}
    saturday = [{"weekday": 5, "starts_minute": 540, "ends_minute": 720}]
    changed = ask(officer.post, here, {**facts, "seats": 6, "hours": saturday})
    assert (changed["seats"], changed["version"]) == (6, 2)
    assert ask(officer.get, here)["hours"] == saturday
    days = {"first_on": "2026-09-26", "last_on": "2026-09-26", "reason": "消杀"}
    ask(officer.post, f"{here}/closings", days)
    ask(officer.post, f"{here}/closings", days, status=422)
    assert ask(officer.post, f"{here}/retire", {})["is_retired"]
    ask(officer.post, here, facts, status=422)
    ask(as_(table.founder).post, "/places", facts, status=403)


def test_who_was_missing_is_named_by_programs_too(table, as_: As) -> None:
    table.agreed()
    (session,) = table.rows(ServiceSession)
    path, ids = f"/service-sessions/{session.id}", [str(each.id) for each in table.experts]
    table.clock.put(at(MEETING_END))
    missed = {"who": "mentor", "reason": "没有等到", "experts": [ids[2]]}
    held = ask(as_(table.founder).post, f"{path}/no-show", missed, status=422)
    assert (held["code"], held["quorum"]) == ("service_session.panel_held", 2)
    times = {"actual_start": at(MEETING).isoformat(), "actual_end": at(MEETING_END).isoformat()}
    body = {**times, "absent_experts": [ids[2]]}
    found = ask(as_(table.mentors[0]).post, f"{path}/finish", body)
    contest_by = {row["expert_id"]: row["contest_by"] for row in found["attendances"]}
    assert contest_by[ids[2]] == "2026-09-23T00:00:00+08:00"
    assert contest_by[ids[1]] is None
    contested = ask(as_(table.mentors[2]).post, f"{path}/contest", {"statement": "我在场"})
    assert contested["service_session_id"] == str(session.id)
