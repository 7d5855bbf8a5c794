"""The service desk for machines: the same reach, the same masks, the same ten minutes."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.person import Person
from tests.api.asking import faults
from tests.desk import WORDS, ServiceDesk, a_desk
from tests.scenes import Plays

SHEET = {"kind": "signature", "given_on": "2026-09-16", "filed_at": "档案柜 3-12"}
MA: dict[str, Any] = {
    "name": "钱大妈",
    "phone": "138 0000 1234",
    "birth_year": 1963,
    "consent": SHEET,
}


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


def test_a_walk_in_is_registered_found_and_heard(place, as_) -> None:
    clerk = as_(place.clerk)
    made = clerk.post("/persons", {**MA, "document": "居民身份证"})
    assert made.status_code == 201
    assert (made.json["phone"], made.json["is_identified"]) == ("138 **** 1234", True)
    assert clerk.get(made.headers["Location"].removeprefix("/api/v1")).json == made.json
    found = clerk.get("/persons", q="1234").json
    assert [(each["id"], each["name"]) for each in found["items"]] == [(made.json["id"], "钱*")]
    stranger = as_(place.stranger)
    assert stranger.get("/persons", q="1234").json["items"] == []
    assert stranger.get(f"/persons/{made.json['id']}").status_code == 404

    body = {"text": WORDS, "session_type": "consultation", "person_id": made.json["id"]}
    need = clerk.post("/needs", {**body, "channel": "community_station"})
    assert (need.status_code, need.json["channel"]) == (201, "community_station")
    founder = as_(place.district.founder("李晓").actor)
    own = {"text": WORDS, "session_type": "consultation", "channel": "street"}
    assert faults(founder.post("/needs", own)) == {"channel": "need.channel_of_desk"}


def test_an_officer_verifies_a_group_the_person_has_named(place, as_) -> None:
    person = place.registers(group="veteran")
    path = f"/persons/{person.id}/groups/verify"
    seen = {"code": "veteran", "proof": "certificate"}
    assert as_(place.clerk).post(path, seen).status_code == 403
    officer = as_(place.district.officer)
    (waiting,) = officer.get(f"/persons/{person.id}").json["group_lines"]
    assert (waiting["verified_at"], waiting["may_verify"]) == (None, True)
    assert faults(officer.post(path, {**seen, "proof": "退役证"})) == {
        "proof": "input.unknown_code"
    }
    unknown = officer.post(path, {**seen, "code": "disabled"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "person.group_not_found")
    for _press in range(2):
        assert officer.post(path, seen).status_code == 200
    nothing = as_(place.clerk).post(f"/persons/{person.id}/consents", SHEET)
    assert (nothing.status_code, nothing.json["code"]) == (409, "person.nothing_to_consent")
    (line,) = officer.get(f"/persons/{person.id}").json["group_lines"]
    assert (line["code"], line["may_verify"]) == ("veteran", False)
    assert line["verified_at"] is not None


def test_those_much_alike_come_back_with_the_refusal(place, as_) -> None:
    known = place.registers()
    clerk = as_(place.clerk)
    refused = clerk.post("/persons", MA)
    assert (refused.status_code, refused.json["code"]) == (409, "person.likely_double")
    assert refused.json["persons"] == [str(known.id)]
    assert clerk.post("/persons", {**MA, "others": [str(known.id)]}).status_code == 201
    assert len(place.district.rows(Person, Person.name == "钱大妈")) == 2


def test_a_consent_that_is_missing_is_named(place, as_) -> None:
    clerk = as_(place.clerk)
    refused = clerk.post("/persons", {**MA, "group": "hardship_employment"})
    assert faults(refused) == {"group_given_on": "consent.separate"}
    assert faults(clerk.post("/persons", {"name": "钱大妈"})) == {"consent": "input.required"}


def test_what_was_entered_is_listed_and_taken_back_in_time(place, as_) -> None:
    booking = place.books(place.hears(place.registers()))
    clerk = as_(place.clerk)
    entries = clerk.get("/desk-entries").json["items"]
    assert [each["kind"] for each in entries] == ["booking", "need", "person"]
    path = f"/desk-entries/{entries[0]['id']}/undo"
    assert as_(place.stranger).post(path).status_code == 404
    undone = clerk.post(path)
    assert undone.status_code == 200
    assert undone.json["undone_at"] is not None
    assert place.district.one(Booking, Booking.id == booking.id).status is BookingStatus.WITHDRAWN
    assert clerk.post(path).json["code"] == "desk_entry.already_undone"

    place.district.clock.put(place.district.clock.now() + timedelta(minutes=10))
    late = clerk.post(f"/desk-entries/{entries[1]['id']}/undo")
    assert (late.status_code, late.json["code"]) == (422, "desk_entry.undo_over")
    assert clerk.get("/desk-entries").json["items"] == []


def test_a_booking_made_by_staff_over_the_wire_can_be_taken_back_too(place, as_) -> None:
    need = place.hears(place.registers())
    clerk = as_(place.clerk)
    body = {
        "need_id": str(need.id),
        "expert_ids": [str(place.mentor.expert.id)],
        "starts_at": "2026-09-18T14:00:00+08:00",
        "session_type": "consultation",
        "mode": "onsite",
    }
    made = clerk.post("/bookings", body)
    assert made.status_code == 201
    newest = clerk.get("/desk-entries").json["items"][0]
    assert newest["subject_id"] == made.json["id"]


def test_only_a_desk_looks_for_people(place, as_) -> None:
    for actor in (place.mentor.actor, place.district.founder("李晓").actor):
        assert as_(actor).get("/persons", q="1234").status_code == 403
        assert as_(actor).get("/desk-entries").status_code == 403
    assert Role.STREET_LIAISON in place.clerk.roles


def a_row(position: int, **values: Any) -> dict[str, Any]:
    defaults = {
        "position": position,
        "name": f"来人{position}",
        "phone": f"1390000000{position}",
        "consented_on": "2026-09-15",
        "expert": "张敏",
        "session_type": "consultation",
        "topic": "registration",
        "text": WORDS,
        "advice": "先在网上核名，再带身份证到大厅。",
        "result": "advised",
        "starts": f"{8 + position:02}:00",
        "ends": f"{8 + position:02}:40",
    }
    return {**defaults, **values}


def a_sheet(*rows: dict[str, Any]) -> dict[str, Any]:
    sheet = {"number": "QD260915-7KQ4M", "day": "2026-09-15", "filed_at": "档案柜 3-12"}
    return {**sheet, "rows": list(rows)}


def test_a_sheet_is_entered_once_read_and_taken_back(place, as_) -> None:
    clerk = as_(place.clerk)
    made = clerk.post("/paper-sheets", a_sheet(a_row(1), a_row(4)))
    assert made.status_code == 201, made.text
    assert [row["position"] for row in made.json["rows"]] == [1, 4]
    path = made.headers["Location"].removeprefix("/api/v1")
    assert as_(place.stranger).get(path).status_code == 404
    again = clerk.post("/paper-sheets", a_sheet(a_row(2)))
    assert (again.status_code, again.json["code"]) == (409, "paper_sheet.known")
    entry = clerk.get("/desk-entries").json["items"][0]
    assert (entry["kind"], entry["name"]) == ("sheet", "QD260915-7KQ4M")
    assert clerk.post(f"/desk-entries/{entry['id']}/undo").status_code == 200
    assert clerk.get(path).json["voided_at"] is not None


def test_faults_of_a_sheet_name_row_and_column(place, as_) -> None:
    clerk = as_(place.clerk)
    sheet = a_sheet(a_row(1, expert="无此人"), a_row(2), a_row(3, phone="abc"))
    assert faults(clerk.post("/paper-sheets", sheet)) == {
        "rows[0].expert": "expert.name_unknown",
        "rows[2].phone": "person.phone",
    }
    late = clerk.post("/paper-sheets", a_sheet(a_row(1, starts="9点")))
    assert faults(late) == {"rows[0].starts": "input.not_a_time"}
    assert place.district.rows(Booking) == []
