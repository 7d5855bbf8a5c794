from app.domain.booking import BookingStatus
from app.models.time_offer import TimeOffer
from app.services import bookings
from tests.moments import at


def path(booking, step: str = "propose") -> str:
    return f"/mentor/requests/{booking.id}/{step}"


def test_up_to_three_of_the_free_times_are_sent_to_the_founder(road, visit) -> None:
    booking = road.requested()
    assert path(booking) in visit.get("/mentor")
    page = visit.get(path(booking))
    assert "选 1–3 个时间让对方挑" in page
    assert page.count('type="checkbox"') == 12

    chosen = [at("09-21 15:00").isoformat(), at("09-22 14:00").isoformat()]
    answer = visit.post(path(booking), times=chosen, note="请带上立项书")

    assert (answer.status_code, answer.location) == (303, path(booking))
    (offer,) = road.rows(TimeOffer)
    assert len(offer.times) == 2
    page = visit.get(path(booking))
    assert "已发给创业者" in page
    assert "等对方在 9月18日 10:00 前选定" in page
    assert "没有预约等您回复" in visit.get("/mentor")
    assert "等对方选时间" in visit.get("/mentor/calendar")


def test_no_time_four_times_and_nonsense_are_refused_and_the_choice_is_kept(road, visit) -> None:
    booking = road.requested()
    four = [at(f"09-2{day} 15:00").isoformat() for day in (1, 2, 3, 4)]
    for times, words in (
        ([], "您空着的时间"),
        (four, "最多选 3 个时间"),
        (["now"], "您空着的时间"),
    ):
        answer = visit.post(path(booking), times=times, note="请带上立项书")
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
        assert "请带上立项书" in answer.get_data(as_text=True)
    assert road.rows(TimeOffer) == []


def test_a_time_that_has_just_gone_is_a_conflict(road, visit) -> None:
    booking = road.requested()
    typed = visit.hidden(path(booking))
    road.requested("09-21 15:00", need_id=road.a_need().id)
    answer = visit.client.post(
        path(booking), data={**typed, "times": at("09-21 15:15").isoformat()}
    )
    assert answer.status_code == 409
    assert "下面是现在的情况" in answer.get_data(as_text=True)


def test_the_founders_wish_to_move_is_agreed_or_not(road, visit) -> None:
    booking = road.accepted()
    road.put("09-18 08:00")
    for answer_path in ("decline-offer", "take-offer"):
        road.store.execute(road.founder, bookings.offer_times, booking.id, [at("09-21 15:00")])
        page = visit.get(path(booking))
        assert "李晓想改时间" in page
        assert path(booking) in visit.get("/mentor/calendar")
        answer = visit.post(path(booking, answer_path), came_from=path(booking))
        assert (answer.status_code, answer.location) == (303, "/mentor/calendar")
    row = road.now(booking.id)
    assert (row.status, row.starts_at) == (BookingStatus.ACCEPTED, at("09-21 15:00"))


def test_what_is_over_takes_no_other_time(road, visit) -> None:
    booking = road.accepted()
    road.put("09-18 14:00")
    assert "这次见面现在不能改时间" in visit.get(path(booking))
