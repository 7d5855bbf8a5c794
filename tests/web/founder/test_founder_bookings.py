import pytest

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.services import bookings
from tests.builders import a_founder
from tests.moments import at


def test_without_bookings_the_list_leads_to_a_need(road, desk) -> None:
    page = desk.get("/bookings")
    assert "还没有预约" in page
    assert 'href="/needs/new"' in page


def test_the_list_tells_what_is_going_on_and_what_is_over(road, desk) -> None:
    road.accepted()
    gone = road.requested("09-22 09:00", need_id=road.a_need().id)
    road.store.execute(road.founder, bookings.withdraw, gone.id, "f_solved")
    kept = road.held("09-23 09:00", need_id=road.a_need().id)
    page = desk.get("/bookings")
    assert page.index("导师已确认") < page.index("以前的") < page.index("已撤回")
    assert f"/bookings/new?hold={kept.id}" in page


def test_a_request_tells_who_answers_by_when_and_what_otherwise(road, desk) -> None:
    page = desk.get(f"/bookings/{road.requested().id}")
    assert "等导师回复" in page
    assert "张敏会在 9月18日 10:00 前回复。到期没有回复，我们在同一时间为您换一位导师" in page
    assert "撤回这个预约" in page
    assert "临时取消无正当理由" not in page


def test_an_agreed_meeting_can_be_moved_or_called_off(road, desk) -> None:
    booking = road.accepted()
    page = desk.get(f"/bookings/{booking.id}")
    for words in ("导师已确认", "请您按时到", "取消这次见面", f"/bookings/{booking.id}/reschedule"):
        assert words in page


def test_a_request_is_taken_back_with_a_reason(road, desk) -> None:
    booking = road.requested()
    desk.post(f"/bookings/{booking.id}/cancel", reason="f_solved", version=booking.version)
    page = desk.get(f"/bookings/{booking.id}")
    assert "已撤回" in page
    assert "您写的原因：问题已解决" in page
    assert road.now(booking.id).status is BookingStatus.WITHDRAWN


def test_a_second_press_calls_off_once(road, desk) -> None:
    booking = road.accepted()
    for _ in range(2):
        desk.post(
            f"/bookings/{booking.id}/cancel",
            key="press",
            reason="f_time_conflict",
            version=booking.version,
        )
    row = road.now(booking.id)
    assert (row.status, row.ics_sequence, row.is_late) == (BookingStatus.CANCELLED, 1, False)


def test_a_late_cancellation_is_announced_before_it_is_made(road, desk) -> None:
    booking = road.accepted("09-18 14:00")
    road.put("09-17 15:00")
    page = desk.get(f"/bookings/{booking.id}")
    assert "离见面不到 24 小时" in page
    assert "临时取消无正当理由" in page
    assert "和导师商量改时间" in page
    desk.post(f"/bookings/{booking.id}/cancel", reason="f_solved", version=booking.version)
    assert road.now(booking.id).is_late is True


@pytest.mark.parametrize("reason", ["", "m_illness", "no-such"])
def test_calling_off_needs_a_reason_of_the_list(road, desk, reason) -> None:
    booking = road.accepted()
    page = desk.post(
        f"/bookings/{booking.id}/cancel", 422, reason=reason, version=booking.version
    ).get_data(as_text=True)
    assert "<title>错误：" in page
    assert '<details class="disc" id="end" open>' in page
    assert road.now(booking.id).status is BookingStatus.ACCEPTED


def test_a_stale_page_calls_nothing_off(road, desk) -> None:
    booking = road.requested()
    road.store.execute(road.mentor, bookings.accept, booking.id)
    page = desk.post(
        f"/bookings/{booking.id}/cancel", 409, reason="f_solved", version=booking.version
    ).get_data(as_text=True)
    assert "别人改过这里" in page
    assert "导师已确认" in page
    assert road.now(booking.id).status is BookingStatus.ACCEPTED


def test_what_is_over_cannot_be_called_off_again(road, desk) -> None:
    booking = road.requested()
    gone = road.store.execute(road.founder, bookings.withdraw, booking.id, "f_solved")
    desk.post(f"/bookings/{booking.id}/cancel", 409, reason="f_solved", version=gone.version)


def test_a_refusal_by_the_mentor_is_told_gently_with_a_way_on(road, desk) -> None:
    booking = road.requested()
    road.store.execute(road.mentor, bookings.decline, booking.id, "m_time_conflict")
    page = desk.get(f"/bookings/{booking.id}")
    assert "导师这次不方便" in page
    assert "导师的原因：时间冲突" in page
    assert f"/needs/{road.need.id}/mentors" in page


def test_the_other_times_of_the_mentor_are_shown(road, desk) -> None:
    booking = road.accepted()
    page = desk.get(f"/bookings/{booking.id}/reschedule?day=2026-09-21")
    assert "9月21日 周一 · 北京时间" in page
    assert "原来的时间 9月18日 周五 14:00–14:50" in page
    part = desk.client.get(
        f"/bookings/{booking.id}/reschedule?day=2026-09-22", headers={"HX-Request": "true"}
    ).get_data(as_text=True)
    assert "<html" not in part
    assert "9月22日 周二" in part


def test_a_meeting_takes_another_time(road, desk) -> None:
    booking = road.accepted()
    for _ in range(2):
        desk.post(
            f"/bookings/{booking.id}/reschedule",
            key="press",
            starts_at="2026-09-21T02:00:00+00:00",
            version=booking.version,
        )
    row = road.now(booking.id)
    assert (row.starts_at, row.ics_sequence) == (at("09-21 10:00"), 1)


def test_a_taken_time_leaves_the_old_one_and_brings_alternatives(road, desk) -> None:
    booking = road.accepted()
    other = a_founder(road.store, name="王强")
    road.store.execute(
        other, bookings.request_now, road.choice("09-21 10:00", need_id=road.a_need(other).id)
    )
    page = desk.post(
        f"/bookings/{booking.id}/reschedule",
        409,
        starts_at="2026-09-21T02:00:00+00:00",
        version=booking.version,
    ).get_data(as_text=True)
    assert "9月21日 10:00 刚刚被别人约了" in page
    assert page.count('class="slot"') - page.count('<span class="slot"') == 3
    assert road.now(booking.id).starts_at == at("09-18 14:00")


@pytest.mark.parametrize(("when", "status"), [("", 422), ("noon", 422)])
def test_moving_needs_a_time(road, desk, when, status) -> None:
    booking = road.accepted()
    page = desk.post(
        f"/bookings/{booking.id}/reschedule", status, starts_at=when, version=booking.version
    ).get_data(as_text=True)
    assert "选择“时间”" in page


def test_a_move_is_too_late_on_the_day_before(road, desk) -> None:
    booking = road.accepted()
    road.put("09-17 15:00")
    page = desk.post(
        f"/bookings/{booking.id}/reschedule",
        422,
        starts_at="2026-09-21T02:00:00+00:00",
        version=booking.version,
    ).get_data(as_text=True)
    assert "24" in page
    assert road.now(booking.id).starts_at == at("09-18 14:00")


def test_what_is_over_is_not_moved(road, desk) -> None:
    booking = road.requested()
    road.store.execute(road.founder, bookings.withdraw, booking.id, "f_solved")
    desk.get(f"/bookings/{booking.id}/reschedule", 409)
    desk.post(
        f"/bookings/{booking.id}/reschedule",
        409,
        starts_at="2026-09-21T02:00:00+00:00",
        version=booking.version,
    )


@pytest.mark.parametrize("path", ["", "/reschedule"])
def test_somebody_elses_booking_is_not_found(road, enter, path) -> None:
    booking = road.accepted()
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.get(f"/bookings/{booking.id}{path}", 404)
    stranger.get("/bookings/7", 404)


@pytest.mark.parametrize("path", ["cancel", "reschedule"])
def test_nobody_acts_on_somebody_elses_booking(road, enter, path) -> None:
    booking = road.accepted()
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.post(
        f"/bookings/{booking.id}/{path}",
        404,
        reason="f_solved",
        starts_at="2026-09-21T02:00:00+00:00",
        version=booking.version,
    )
    assert road.row(Booking).status is BookingStatus.ACCEPTED
