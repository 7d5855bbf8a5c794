import pytest

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.person import Person
from app.services import bookings
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder
from tests.moments import at

NOBODY = "01999999-0000-7000-8000-000000000000"


def fields(hold, **more):
    return {"hold": str(hold.id), "consent": "yes", **more}


def take(road, when="09-18 14:00"):
    other = a_founder(road.store, name="王强")
    choice = road.choice(when, need_id=road.a_need(other).id)
    road.store.execute(other, bookings.request_now, choice)


def requested(road):
    return road.rows(Booking, Booking.status == BookingStatus.REQUESTED)


def test_everything_is_shown_once_more(road, desk) -> None:
    page = desk.get(f"/bookings/new?hold={road.held().id}")
    for words in (
        "第 4 步，共 4 步",
        "张敏",
        "9月18日 周五 14:00–14:50",
        "后天下午",
        "历城区创业孵化基地",
        "我想办营业执照",
        "注册登记、变更与注销",
        "138 **** 0000",
        "2 个工作日内回复",
        'data-hold-seconds="600"',
    ):
        assert words in page


def test_letters_are_named_where_an_address_is_known(road, desk) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.load(Person, road.founder.person_id).email = "lixiao@example.org"

    road.store.execute(road.founder, use_case)
    assert "站内消息和邮件" in desk.get(f"/bookings/new?hold={road.held().id}")


def test_a_request_is_sent_and_the_page_says_who_answers_by_when(road, desk) -> None:
    hold = road.held()
    answer = desk.post("/bookings", **fields(hold))
    page = desk.get(answer.headers["Location"])
    assert "预约已提交" in page
    assert "张敏会在 9月18日 10:00 前回复" in page
    assert "换一位导师" in page
    (booking,) = road.rows(Booking)
    assert (booking.id, booking.status, booking.may_pass_on) == (
        hold.id,
        BookingStatus.REQUESTED,
        True,
    )


def test_whoever_wants_this_mentor_alone_says_so(road, desk) -> None:
    answer = desk.post("/bookings", **fields(road.held(), keep_mentor="yes"))
    assert road.row(Booking).may_pass_on is False
    assert "不会自动换人" in desk.get(answer.headers["Location"])


def test_without_consent_nothing_is_sent_and_the_boxes_stay(road, desk) -> None:
    hold = road.held()
    page = desk.post("/bookings", 422, hold=str(hold.id), keep_mentor="yes").get_data(as_text=True)
    assert "<title>错误：" in page
    assert "勾选“同意把以上内容给导师和人社局经办人看”" in page
    assert page.count(" checked") == 1
    assert requested(road) == []


def test_a_second_press_sends_one_request(road, desk) -> None:
    hold = road.held()
    first = desk.post("/bookings", key="press", **fields(hold))
    second = desk.post("/bookings", key="press", **fields(hold))
    third = desk.post("/bookings", key="another", **fields(hold))
    assert {a.headers["Location"] for a in (first, second, third)} == {
        f"/bookings/{hold.id}?sent=yes"
    }
    assert len(road.rows(Booking)) == 1


def test_after_ten_minutes_a_free_time_is_asked_for_anew(road, desk) -> None:
    hold = road.held()
    road.put("09-16 10:11")
    assert "保留时间已过" in desk.get(f"/bookings/new?hold={hold.id}")
    desk.post("/bookings", key="press", **fields(hold))
    desk.post("/bookings", key="press", **fields(hold))
    (booking,) = requested(road)
    assert (booking.starts_at, booking.place) == (hold.starts_at, hold.place)


def test_a_time_lost_meanwhile_brings_three_others_in_the_same_form(road, desk) -> None:
    hold = road.held()
    road.put("09-16 10:11")
    take(road)
    page = desk.post("/bookings", 409, **fields(hold, keep_mentor="yes")).get_data(as_text=True)
    assert "9月18日 14:00 刚刚被别人约了" in page
    assert page.count('type="radio" name="instead"') == 3
    assert page.count(" checked") == 2
    assert "我想办营业执照" in page

    answer = desk.post(
        "/bookings", **fields(hold, keep_mentor="yes", instead="2026-09-18T07:00:00+00:00")
    )
    assert answer.headers["Location"].startswith("/bookings/")
    (mine,) = [row for row in requested(road) if row.need_id == road.need.id]
    assert (mine.starts_at, mine.may_pass_on) == (at("09-18 15:00"), False)


def test_as_many_requests_as_allowed_are_refused_kindly(road, desk) -> None:
    for hour in ("09:00", "10:00", "11:00", "12:00"):
        road.requested(f"09-18 {hour}", need_id=road.a_need().id)
    hold = road.held()
    page = desk.post("/bookings", 422, **fields(hold)).get_data(as_text=True)
    assert "您还有几个预约没有办完" in page
    assert road.now(hold.id).status is BookingStatus.ON_HOLD


def test_what_was_sent_already_leads_to_its_page(road, desk) -> None:
    booking = road.requested()
    answer = desk.client.get(f"/bookings/new?hold={booking.id}")
    assert answer.headers["Location"] == f"/bookings/{booking.id}"


@pytest.mark.parametrize("hold", ["", "7", NOBODY])
def test_no_hold_is_not_found(road, desk, hold) -> None:
    desk.get(f"/bookings/new?hold={hold}", 404)
    desk.post("/bookings", 404, hold=hold, consent="yes")


def test_somebody_elses_hold_is_not_found(road, enter) -> None:
    hold = road.held()
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.get(f"/bookings/new?hold={hold.id}", 404)
    stranger.post("/bookings", 404, **fields(hold))
    assert road.now(hold.id).status is BookingStatus.ON_HOLD
