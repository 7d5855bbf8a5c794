import pytest

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking
from app.models.task import Task
from app.services import bookings
from tests.builders import an_expert, staff
from tests.founder_road import plays, road
from tests.moments import at

__all__ = ["plays", "road"]

WHEN = "09-22 14:00"


@pytest.fixture
def officer(road):
    return staff(road.store)


@pytest.fixture
def desk(officer, enter):
    return enter(officer)


@pytest.fixture
def other(road):
    return an_expert(road.store, name="徐总", topics=["registration", "ip"])


def page_of(booking: Booking) -> str:
    return f"/bureau/bookings/{booking.id}/reassign"


def test_a_booking_is_handed_to_a_proposed_expert_who_is_free_then(road, desk, other) -> None:
    road.proposed(road.expert, other)
    booking = road.accepted(WHEN)
    assert page_of(booking) in desk.get(f"/bureau/needs/{booking.need_id}")
    page = desk.get(page_of(booking))
    assert "徐总" in page
    assert "这个时间有空" in page
    assert f'value="{road.expert.id}"' not in page

    answer = desk.post(page_of(booking), expert=str(other.id), reason="b_emergency")

    assert answer.location == f"/bureau/needs/{booking.need_id}"
    (successor,) = road.rows(Booking, Booking.replaces_id == booking.id)
    assert (successor.lead_expert_id, successor.starts_at) == (other.id, at(WHEN))
    assert road.now(booking.id).status is BookingStatus.CANCELLED
    assert "已请新的导师答复" in desk.get(answer.location)
    desk.get(page_of(booking), 404)


def test_another_time_may_be_chosen_with_an_expert_nobody_proposed(road, desk, other) -> None:
    booking = road.requested(WHEN)
    chosen = {"other": str(other.id), "reason": "b_room", "day": "2026-09-23", "time": "10:00"}
    desk.post(page_of(booking), **chosen)
    (successor,) = road.rows(Booking, Booking.replaces_id == booking.id)
    assert successor.starts_at == at("09-23 10:00")


def test_a_fault_keeps_what_was_typed_and_a_closed_time_what_stands(road, desk, other) -> None:
    booking = road.requested(WHEN)
    refused = desk.post(page_of(booking), status=422, reason="b_room", day="2026-09-23")
    said = refused.get_data(as_text=True)
    assert 'id="other-e"' in said
    assert 'value="2026-09-23"' in said
    night = {"other": str(other.id), "reason": "b_room", "day": "2026-09-23", "time": "03:00"}
    refused = desk.post(page_of(booking), status=422, **night)
    assert "原来的预约没有变" in refused.get_data(as_text=True)
    assert road.now(booking.id).status is BookingStatus.REQUESTED


def test_a_suspended_booking_leads_there_from_its_list_and_its_task(road, desk, officer) -> None:
    booking = road.accepted(WHEN)
    road.store.execute(officer, bookings.suspend, booking.id, SuspensionCause.LEAVE)
    (task,) = road.rows(Task, Task.subject_id == booking.id)
    assert page_of(booking) in desk.get("/bureau/suspended")
    assert page_of(booking) in desk.get(f"/bureau/tasks/{task.id}")


def test_a_clerk_of_a_street_hands_nothing_on(road, enter) -> None:
    booking = road.requested(WHEN)
    clerk = enter(staff(road.store, Role.STREET_LIAISON, street="tangye"))
    clerk.get(page_of(booking), 403)
    reader = enter(staff(road.store, Role.AUDITOR))
    assert page_of(booking) not in reader.get(f"/bureau/needs/{booking.need_id}")
