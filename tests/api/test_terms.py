"""Terms, leaves and deputies by the API."""

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.models.booking import Booking
from tests.builders import a_mentor, an_expert, staff
from tests.moments import at

PAPER = "历人社聘〔2026〕9号"


def status(road, booking: Booking) -> BookingStatus:
    return road.rows(Booking, Booking.id == booking.id)[0].status


def test_a_term_is_read_extended_renewed_and_ended(road, as_) -> None:
    approver, path = as_(staff(road.store, Role.APPROVER)), f"/experts/{road.expert.id}"
    [term] = approver.get(f"{path}/terms").json["items"]
    assert (term["kind"], term["ends_on"]) == ("term", "2028-06-30")
    assert as_(road.mentor).get(f"{path}/terms").json["items"] == [term]
    other = as_(a_mentor(road.store, an_expert(road.store, name="徐总")))
    assert other.get(f"{path}/terms").status_code == 404

    until = {"document": PAPER, "until": "2028-07-30"}
    assert as_(staff(road.store)).post(f"{path}/terms/extend", until).status_code == 403
    extended = approver.post(f"{path}/terms/extend", until).json
    assert [row["kind"] for row in extended["items"]] == ["term", "extension"]
    renewal = {"document": PAPER, "starts_on": "2028-07-31", "ends_on": "2031-07-30"}
    short = approver.post(f"{path}/terms", renewal)
    assert [error["code"] for error in short.json["errors"]] == ["expert.short_term"]
    assert len(approver.get(f"{path}/terms").json["items"]) == 2
    renewal["reason"] = "导师因病休养，已恢复。"
    seen = {"If-Match": f'"{extended["version"]}"'}
    assert len(approver.post(f"{path}/terms", renewal, headers=seen).json["items"]) == 3
    stale = approver.post(f"{path}/terms/resign", {"document": PAPER}, headers=seen)
    assert (stale.status_code, stale.json["code"]) == (409, "version.stale")
    ended = approver.post(f"{path}/terms/resign", {"document": PAPER}).json
    assert (ended["is_paused"], ended["items"][0]["ends_on"]) == (True, "2026-09-16")


def test_a_term_back_dated_or_an_extension_too_long_is_refused(road, as_) -> None:
    approver, path = as_(staff(road.store, Role.APPROVER)), f"/experts/{road.expert.id}"
    back = {"document": PAPER, "starts_on": "2026-09-01", "ends_on": "2029-08-31"}
    answer = approver.post(f"{path}/terms", back)
    assert (answer.status_code, answer.json["code"]) == (422, "expert.appointment_back_dated")
    long = {"document": PAPER, "until": "2028-07-31"}
    answer = approver.post(f"{path}/terms/extend", long)
    assert (answer.status_code, answer.json["code"]) == (422, "expert.extension_refused")
    assert len(approver.get(f"{path}/terms").json["items"]) == 1


def test_a_leave_holds_back_its_days_until_it_is_ended(road, as_) -> None:
    booking = road.accepted()
    mentor, path = as_(road.mentor), f"/experts/{road.expert.id}/leaves"
    on = "2026-09-18"
    body = {"first_on": on, "last_on": on, "reason": "出差"}
    [leave] = mentor.post(path, body).json["items"]
    assert status(road, booking) is BookingStatus.SUSPENDED
    overlap = mentor.post(path, body)
    assert (overlap.status_code, overlap.json["code"]) == (422, "leave.overlaps")
    stale = mentor.post(f"{path}/{leave['id']}/end", headers={"If-Match": '"9"'})
    assert stale.status_code == 409
    assert mentor.post(f"{path}/{leave['id']}/end").json["items"] == []
    assert status(road, booking) is BookingStatus.ACCEPTED
    assert as_(road.founder).get(path).status_code == 403


def test_a_deputy_answers_for_a_colleague_on_leave_and_sees_no_more(road, as_, clock) -> None:
    deputy = as_(a_mentor(road.store, stand_in := an_expert(road.store, name="徐总")))
    body = {"first_on": "2026-09-21", "last_on": "2026-09-25", "reason": "出差"}
    path = f"/experts/{road.expert.id}/leaves"
    taken = as_(road.mentor).post(path, {**body, "deputy_id": str(stand_in.id)})
    assert taken.json["items"][0]["deputy_id"] == str(stand_in.id)
    assert deputy.get("/deputy-requests").json["items"] == []

    clock.put(at("09-21 09:00"))
    first, second = road.requested("09-29 14:00"), road.requested("09-29 16:00")
    asked = deputy.get("/deputy-requests").json["items"]
    assert {row["booking_id"] for row in asked} == {str(first.id), str(second.id)}
    declined = deputy.post(f"/bookings/{second.id}/decline-as-deputy", {"reason": "m_overload"})
    assert declined.json["status"] == "declined"
    stale = deputy.post(f"/bookings/{first.id}/accept-as-deputy", headers={"If-Match": '"99"'})
    assert stale.status_code == 409
    accepted = deputy.post(f"/bookings/{first.id}/accept-as-deputy")
    assert (accepted.status_code, accepted.json["status"]) == (200, "accepted")
    assert deputy.get(f"/bookings/{first.id}").status_code == 404
    again = deputy.post(f"/bookings/{first.id}/accept-as-deputy")
    assert again.status_code == 409


def test_nobody_answers_for_who_is_not_on_leave(road, as_) -> None:
    booking = road.requested()
    other = as_(a_mentor(road.store, an_expert(road.store, name="徐总")))
    assert other.post(f"/bookings/{booking.id}/accept-as-deputy").status_code == 403
    assert status(road, booking) is BookingStatus.REQUESTED


def test_a_stand_down_holds_back_its_days_until_it_is_lifted(road, as_) -> None:
    booking = road.accepted()
    approver, path = as_(staff(road.store, Role.APPROVER)), f"/experts/{road.expert.id}/stand-downs"
    on = "2026-09-18"
    body = {"first_on": on, "last_on": on, "reason": "有人投诉收费，正在核查"}
    assert as_(road.mentor).post(path, body).status_code == 403
    assert as_(staff(road.store)).post(path, body).status_code == 403
    [row] = approver.post(path, body).json["items"]
    assert (row["is_standing"], row["is_in_force"]) == (True, False)
    assert status(road, booking) is BookingStatus.SUSPENDED
    overlap = approver.post(path, body)
    assert (overlap.status_code, overlap.json["code"]) == (422, "stand_down.overlaps")
    back = approver.post(path, {**body, "first_on": "2026-09-01"})
    assert [error["field"] for error in back.json["errors"]] == ["first_on"]
    assert as_(road.mentor).get(path).json["items"] == [row]
    other = as_(a_mentor(road.store, an_expert(road.store, name="徐总")))
    assert other.get(path).status_code == 404

    [lifted] = approver.post(f"{path}/{row['id']}/lift").json["items"]
    assert (lifted["is_standing"], lifted["lifted_at"]) != (True, None)
    assert status(road, booking) is BookingStatus.ACCEPTED
    again = approver.post(f"{path}/{row['id']}/lift")
    assert (again.status_code, again.json["code"]) == (422, "stand_down.over")
