"""A slot of today's clinic, given through the API to who stands at its counter."""

import pytest

from tests.api.asking import faults
from tests.counter import TODAY, Counter, a_counter
from tests.moments import at
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"counter": a_counter}


@pytest.fixture
def counter(scene: Counter) -> Counter:
    return scene


def test_a_free_slot_of_today_is_found_given_and_taken_back(counter, as_) -> None:
    need, other = counter.comes(), counter.comes("吴大爷")
    clerk = as_(counter.clerk)
    (clinic,) = clerk.get(f"/needs/{need.id}/counter").json["clinics"]
    first = clinic["slots"][0]["starts_at"]
    assert (clinic["place"], first) == ("唐冶就业服务站", f"2026-{TODAY}T14:00:00+08:00")
    path = f"/clinics/{clinic['id']}/slots"

    given = clerk.post(path, {"need_id": str(need.id), "starts_at": first})

    assert (given.status_code, given.json["status"]) == (201, "accepted")
    assert given.json["service_session_id"] is not None
    taken = clerk.post(path, {"need_id": str(other.id), "starts_at": first})
    assert (taken.status_code, taken.json["code"]) == (409, "booking.time_taken")
    entry = clerk.get("/desk-entries").json["items"][0]
    assert entry["subject_id"] == given.json["id"]
    assert clerk.post(f"/desk-entries/{entry['id']}/undo").status_code == 200
    assert clerk.get(f"/bookings/{given.json['id']}").json["status"] == "cancelled"


def test_another_days_clinic_and_another_streets_need_are_refused(counter, as_) -> None:
    need = counter.comes()
    tomorrow = counter.sets("09-17", counter.place)
    body = {"need_id": str(need.id), "starts_at": "2026-09-17T14:00:00+08:00"}
    late = as_(counter.clerk).post(f"/clinics/{tomorrow.id}/slots", body)
    assert (late.status_code, late.json["code"]) == (422, "clinic.not_today")
    stranger, mentor = as_(counter.stranger), as_(counter.mentor.actor)
    assert stranger.get(f"/needs/{need.id}/counter").status_code == 404
    assert mentor.post(f"/clinics/{counter.clinic.id}/slots", body).status_code == 403


def test_who_has_come_is_noted_and_taken_back_through_the_api(counter, as_) -> None:
    session = counter.district.session_of(counter.gives(counter.comes()))
    guest = counter.registers("钱大伯", phone=None)
    counter.district.clock.put(at(f"{TODAY} 13:45"))
    clerk, path = as_(counter.clerk), f"/service-sessions/{session.id}/arrivals"

    came = clerk.post(path, {"person_id": str(guest.id), "evidence": "signature"})

    assert (came.status_code, came.json["status"]) == (200, "in_progress")
    listed = {row["person_id"]: row["evidence"] for row in came.json["attendances"]}
    assert (len(listed), listed[str(guest.id)]) == (3, "signature")
    told = clerk.post(path, {"person_id": str(guest.id), "evidence": "self"})
    assert faults(told) == {"evidence": "input.unknown_code"}
    body = {"person_id": str(guest.id), "evidence": "code"}
    assert as_(counter.mentor.actor).post(path, body).status_code == 403
    assert as_(counter.stranger).post(path, body).status_code == 404
    entry = clerk.get("/desk-entries").json["items"][0]
    assert (entry["kind"], entry["name"]) == ("arrival", "钱*")
    assert clerk.post(f"/desk-entries/{entry['id']}/undo").status_code == 200
    after = clerk.get(f"/service-sessions/{session.id}").json
    assert (after["status"], len(after["attendances"])) == ("planned", 2)


def test_a_clerk_opens_and_cancels_a_clinic_at_his_own_place_through_the_api(counter, as_) -> None:
    clerk, clinics = as_(counter.clerk), f"/experts/{counter.mentor.expert.id}/clinics"
    body = {"day": "2026-09-17", "starts_minute": 540, "ends_minute": 720, "slot_minutes": 30}
    made = clerk.post(clinics, {**body, "place_id": str(counter.place.id)})
    assert made.status_code == 201
    foreign = {**body, "day": "2026-09-18", "place_id": str(counter.elsewhere.id)}
    for refused in (foreign, {**body, "day": "2026-09-18"}):
        assert clerk.post(clinics, refused).status_code == 403
    assert as_(counter.stranger).post(f"{clinics}/{made.json['id']}/remove").status_code == 403
    left = clerk.post(f"{clinics}/{made.json['id']}/remove")
    assert [each["id"] for each in left.json["clinics"]] == [str(counter.clinic.id)]
