import pytest

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.domain.suspension import SuspensionCause
from app.models.account import Account
from app.models.booking import Booking
from app.models.expert import Expert
from app.services import bookings
from tests.builders import an_actor
from tests.moments import at


@pytest.fixture
def suspended(district) -> list[Booking]:
    """Three agreed meetings, all held back."""
    mentor, founder = district.mentor("高源"), district.founder("王强")
    found = []
    for when in ("09-22 10:00", "09-22 11:15", "09-22 14:00"):
        session = district.accepted(mentor, founder, when)
        found.append(
            district.store.execute(
                district.officer, bookings.suspend, session.booking_id, SuspensionCause.LEAVE
            )
        )
    return found


def now(district, booking: Booking) -> Booking:
    return district.one(Booking, Booking.id == booking.id)


def value(booking: Booking) -> str:
    return f"{booking.id}.{booking.version}"


def test_several_are_resumed_at_once_and_each_is_told_by_name(district, suspended, desk) -> None:
    first, second, third = suspended
    page = "/bureau/suspended"
    assert "挂起的预约 3 个" in desk.get(page)
    assert "导师请假" in desk.get(page)
    # Somebody was faster with the second one.
    district.store.execute(district.officer, bookings.cancel, second.id, "b_emergency")
    hidden = desk.hidden(page)
    chosen = {"act": "resume", "booking": [value(first), value(second)], **hidden}
    desk.send(page, 303, **chosen)
    told = desk.get(page)
    assert f"已恢复：{first.reference}" in told
    assert f"{second.reference}：没有办成" in told
    assert now(district, first).status is BookingStatus.ACCEPTED
    assert now(district, second).status is BookingStatus.CANCELLED
    assert now(district, third).status is BookingStatus.SUSPENDED
    version = now(district, first).version
    desk.send(page, 303, **chosen)
    assert now(district, first).version == version


def test_cancelling_asks_for_a_reason_of_the_bureau(district, suspended, desk) -> None:
    page, chosen = "/bureau/suspended", [value(each) for each in suspended]
    refused = desk.post(page, status=422, act="cancel", booking=chosen, reason="")
    assert "取消的原因" in refused.get_data(as_text=True)
    desk.post(page, status=422, act="resume")
    desk.post(page, status=422, act="resume", booking="nothing")
    desk.post(page, act="cancel", booking=chosen, reason="b_suspended")
    ended = [now(district, each) for each in suspended]
    assert {(each.status, each.end_reason) for each in ended} == {
        (BookingStatus.CANCELLED, "b_suspended")
    }
    assert "没有挂起的预约" in desk.get(page)


def test_one_is_given_another_time(district, suspended, desk) -> None:
    page = f"/bureau/suspended/{suspended[0].id}"
    assert "改期" in desk.get(page)
    taken = desk.post(page, status=422, day="2026-09-22", time="23:00")
    assert "没有办成" in taken.get_data(as_text=True)
    desk.post(page, status=422, day="", time="10:00")
    desk.post(page, day="2026-09-28", time="10:00")
    moved = now(district, suspended[0])
    assert (moved.status, moved.starts_at) == (BookingStatus.ACCEPTED, at("09-28 10:00"))
    desk.get(page, 404)


def test_both_sides_read_who_decides_and_by_when(district, suspended, enter) -> None:
    booking = suspended[0]
    for person_id, page, role in (
        (booking.founder_person_id, f"/bookings/{booking.id}", Role.FOUNDER),
        (
            district.one(Expert, Expert.id == booking.lead_expert_id).person_id,
            "/mentor/calendar",
            Role.MENTOR,
        ),
    ):
        account = district.one(Account, Account.person_id == person_id)
        read = enter(an_actor(account, role)).get(page)
        assert "导师请假" in read
        assert "前决定照常、改期还是取消" in read
