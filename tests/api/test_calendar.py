"""GET /calendar, POST /calendar/import, tasks and suspended bookings, for the bureau's machines."""

from app.domain.actor import Role
from app.domain.suspension import SuspensionCause
from app.services import bookings
from tests.builders import staff

NEW_YEAR = {"date": "2027-01-01", "kind": "off", "name": "元旦", "source": "国办发明电〔2026〕7号"}


def test_a_year_is_read_rehearsed_and_imported(road, as_) -> None:
    approver = as_(staff(road.store, Role.APPROVER))
    now = approver.get("/calendar").json
    assert (now["year"], now["confirmed"]) == (2026, True)
    assert {"date": "2026-09-20", "kind": "workday"}.items() <= next(
        day.items() for day in now["items"] if day["date"] == "2026-09-20"
    )
    tried = approver.post("/calendar/import", {"items": [NEW_YEAR], "dry_run": True})
    assert (tried.status_code, tried.json["created"]) == (200, 1)
    assert approver.get("/calendar?year=2027").json["items"] == []
    assert approver.post("/calendar/import", {"items": [NEW_YEAR]}).json["created"] == 1
    year = approver.get("/calendar?year=2027").json
    assert [day["name"] for day in year["items"]] == ["元旦"]
    monday = {**NEW_YEAR, "date": "2027-01-04", "kind": "workday"}
    refused = approver.post("/calendar/import", {"items": [NEW_YEAR, monday]})
    assert refused.status_code == 422
    assert "calendar.plain_workday" in refused.text
    assert as_(staff(road.store)).post("/calendar/import", {"items": [NEW_YEAR]}).status_code == 403


def test_suspended_bookings_are_listed_and_resumed_once(road, as_) -> None:
    booking = road.accepted()
    officer = staff(road.store)
    road.store.execute(officer, bookings.suspend, booking.id, SuspensionCause.LEAVE)
    desk = as_(officer)
    [held] = desk.get("/suspended-bookings").json["items"]
    assert (held["id"], held["causes"], held["was_agreed"]) == (str(booking.id), ["leave"], True)
    [task] = desk.get("/tasks").json["items"]
    assert (task["kind"], task["subject_id"]) == ("suspended_booking", str(booking.id))
    refused = desk.post(f"/tasks/{task['id']}/close", {"note": "好"})
    assert (refused.status_code, refused.json["code"]) == (422, "task.closes_itself")
    resumed = desk.post(f"/bookings/{booking.id}/resume", {})
    assert (resumed.status_code, resumed.json["status"]) == (200, "accepted")
    again = desk.post(f"/bookings/{booking.id}/resume", {})
    assert (again.status_code, again.json["code"]) == (409, "booking.illegal_transition")
    assert desk.get("/tasks").json["open"] == 0
    [closed] = desk.get("/tasks?closed=true").json["items"]
    assert closed["ending"] == "settled"
    assert as_(road.founder).post(f"/bookings/{booking.id}/resume", {}).status_code == 403
