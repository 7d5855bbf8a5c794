from app.domain.booking import BookingStatus
from app.models.time_offer import TimeOffer
from app.services import bookings
from tests.builders import a_founder
from tests.moments import at

MONDAY, TUESDAY = "09-21 15:00", "09-22 14:00"


def offered(road, booking, *times: str):
    chosen = [at(each) for each in times or (MONDAY, TUESDAY)]
    return road.store.execute(
        road.mentor, bookings.offer_times, booking.id, chosen, note="请带上立项书"
    )


def test_the_mentors_times_stand_on_the_booking_with_the_deadline_to_choose(road, desk) -> None:
    booking = offered(road, road.requested())
    page = desk.get(f"/bookings/{booking.id}")
    assert "等您选时间" in page
    assert "请您在 9月18日 10:00 前选一个，选定就算约好" in page
    assert "导师附言：请带上立项书" in page
    assert page.count("就约这个时间") == 2
    assert "我们按您的同意在原来的时间另请一位导师" in page
    assert "等您选时间" in desk.get("/bookings")


def test_one_press_agrees_and_a_second_does_nothing_twice(road, desk) -> None:
    booking = offered(road, road.requested())
    for _ in range(2):
        desk.post(
            f"/bookings/{booking.id}/take-offer",
            key="press",
            starts_at=at(TUESDAY).isoformat(),
            version=booking.version,
        )
    row = road.now(booking.id)
    assert (row.status, row.starts_at) == (BookingStatus.ACCEPTED, at(TUESDAY))
    assert "导师已确认" in desk.get(f"/bookings/{booking.id}")


def test_a_time_that_has_gone_leaves_the_others_to_choose_from(road, desk) -> None:
    booking = offered(road, road.requested())
    other = a_founder(road.store, name="王强")
    road.store.execute(
        other, bookings.request_now, road.choice(MONDAY, need_id=road.a_need(other).id)
    )
    page = desk.post(
        f"/bookings/{booking.id}/take-offer",
        409,
        starts_at=at(MONDAY).isoformat(),
        version=booking.version,
    ).get_data(as_text=True)
    assert "下面是现在的情况" in page
    assert page.count("就约这个时间") == 1
    assert "约不上了" in page


def test_none_suits(road, desk) -> None:
    booking = offered(road, road.requested())
    desk.post(f"/bookings/{booking.id}/decline-offer", version=booking.version)
    assert road.now(booking.id).status is BookingStatus.DECLINED
    late = desk.post(f"/bookings/{booking.id}/decline-offer", 409, version=booking.version)
    assert "别人改过这里" in late.get_data(as_text=True)


def test_less_than_a_day_before_a_move_is_proposed_to_the_mentor(road, desk) -> None:
    booking = road.accepted()
    road.put("09-18 08:00")
    assert "和导师商量改时间" in desk.get(f"/bookings/{booking.id}")
    page = desk.get(f"/bookings/{booking.id}/reschedule")
    assert "改时间要导师同意" in page
    assert f'action="/bookings/{booking.id}/propose-move"' in page
    desk.post(
        f"/bookings/{booking.id}/propose-move",
        starts_at=at(MONDAY).isoformat(),
        version=booking.version,
    )
    assert road.now(booking.id).starts_at == at("09-18 14:00")
    page = desk.get(f"/bookings/{booking.id}")
    assert "您提出了改时间，张敏会在 今天 14:00 前答复" in page or "前答复；没有答应以前" in page
    (offer,) = road.rows(TimeOffer)
    desk.post(f"/bookings/{booking.id}/decline-offer", version=road.now(booking.id).version)
    assert road.row(TimeOffer, TimeOffer.id == offer.id).status == "withdrawn"


def test_a_proposal_needs_a_time_that_can_be_had(road, desk) -> None:
    booking = road.accepted()
    road.put("09-18 08:00")
    path = f"/bookings/{booking.id}/propose-move"
    desk.post(path, 422, version=booking.version)
    holiday = desk.post(path, 422, starts_at=at("09-25 14:00").isoformat(), version=booking.version)
    assert "离它最近的时间" in holiday.get_data(as_text=True)
