"""An approver stands a mentor down on his page, and lifts it there."""

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.stand_down import StandDown


def test_a_mentor_is_stood_down_told_why_and_let_back(district, desk, enter) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强")
    session = district.accepted(mentor, founder, "09-22 10:00")
    profile = f"/bureau/mentors/{mentor.expert.id}"
    page = f"{profile}/stand-downs"
    desk.get(page, 403)
    assert page not in desk.get(profile)
    approver = enter(district.approver)
    assert page in approver.get(profile)
    assert "没有登记过暂停期" in approver.get(page)

    sent = {"first_on": "2026-09-22", "last_on": "2026-09-20", "reason": "有人投诉收费"}
    answer = approver.post(page, status=422, **sent)
    assert "有人投诉收费" in answer.get_data(as_text=True)
    assert district.rows(StandDown) == []

    approver.post(page, **{**sent, "last_on": "2026-09-25"})
    twice = approver.post(page, status=422, **{**sent, "last_on": "2026-09-25"})
    assert "已经在暂停期内" in twice.get_data(as_text=True)
    booking = district.one(Booking, Booking.id == session.booking_id)
    assert booking.status is BookingStatus.SUSPENDED
    assert "导师这段时间暂停服务" in desk.get("/bureau/suspended")
    home = enter(mentor.actor).get("/mentor")
    assert "人社局让您暂停服务" in home
    assert "有人投诉收费" in home

    (row,) = district.rows(StandDown)
    assert "还没开始" in approver.get(page)
    approver.post(page, f"{page}/{row.id}/lift", version="1")
    assert "已结束" in approver.get(page)
    booking = district.one(Booking, Booking.id == session.booking_id)
    assert booking.status is BookingStatus.ACCEPTED
    assert "人社局让您暂停服务" not in enter(mentor.actor).get("/mentor")
