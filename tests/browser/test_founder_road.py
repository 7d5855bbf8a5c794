import pytest

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.services import bookings
from tests.browser.conftest import DESK, PHONE
from tests.builders import a_founder
from tests.founder_road import plays, road
from tests.moments import at

__all__ = ["plays", "road"]

WORDS = "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？"


def tell(page, ensure_accessible) -> None:
    page.goto("/needs/new")
    page.fill("#text", WORDS)
    page.wait_for_selector("#understood >> text=注册登记")
    ensure_accessible(page, PHONE, DESK)
    page.click("text=看看推荐的导师")
    page.wait_for_url("**/mentors")


def choose(page, ensure_accessible) -> None:
    page.click("text=排序是怎么来的")
    ensure_accessible(page, PHONE, DESK)
    page.click("text=更多时间")
    page.wait_for_url("**/book?*")
    page.click('.day:has-text("18")')
    page.wait_for_selector("legend:has-text('9月18日')")
    page.wait_for_selector("legend:focus")
    page.check('input[name=starts_at][value="2026-09-18T06:00:00+00:00"]', force=True)
    assert "9月18日 周五 14:00–14:50" in page.inner_text("[data-said]")
    ensure_accessible(page, PHONE, DESK)
    page.click("text=下一步：核对")
    page.wait_for_url("**/bookings/new?*")


def send(page, ensure_accessible) -> None:
    page.click("text=提交预约")
    page.wait_for_selector(".errsum")
    page.wait_for_selector(".errsum:focus")
    ensure_accessible(page, PHONE, DESK)
    page.check("#consent")
    page.click("text=提交预约")
    page.wait_for_url("**?sent=yes")


def test_a_founder_walks_from_words_to_a_request(road, site, ensure_accessible) -> None:
    page = site.enter(road.founder, PHONE)
    page.goto("/me")
    ensure_accessible(page, PHONE, DESK)
    tell(page, ensure_accessible)
    choose(page, ensure_accessible)
    page.wait_for_selector("#hold:has-text('这个时间还为您保留 9 分')")
    send(page, ensure_accessible)
    assert "张敏会在 9月18日 10:00 前回复" in page.inner_text("main")
    ensure_accessible(page, PHONE, DESK)
    booking = road.row(Booking)
    assert (booking.status, booking.starts_at) == (BookingStatus.REQUESTED, at("09-18 14:00"))


def test_without_scripts_the_whole_road_can_be_walked(road, site) -> None:
    page = site.enter(road.founder, PHONE, scripts=False)
    page.goto("/needs/new")
    page.fill("#text", WORDS)
    page.click("text=按现在写的更新")
    assert "注册登记" in page.inner_text("#understood")
    page.click("text=看看推荐的导师")
    page.click(".slot >> nth=0")
    page.click("text=下一步：核对")
    page.check("#consent")
    page.click("text=提交预约")
    assert "预约已提交" in page.inner_text("h1")
    assert road.row(Booking).status is BookingStatus.REQUESTED


def test_a_topic_is_struck_and_put_back_by_keyboard(road, site) -> None:
    page = site.enter(road.founder)
    page.goto("/needs/new")
    page.fill("#text", WORDS)
    strike = page.wait_for_selector("#understood button[name=strike]")
    strike.focus()
    page.keyboard.press("Enter")
    restore = page.wait_for_selector("#understood button[name=restore]")
    page.wait_for_selector("#understood-title:focus")
    restore.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#understood button[name=strike]")
    assert page.input_value("#text") == WORDS


def test_enter_in_a_field_sends_the_need_and_strikes_no_topic(road, site) -> None:
    page = site.enter(road.founder)
    page.goto("/needs/new")
    page.fill("#text", WORDS)
    page.wait_for_selector("#understood button[name=strike]")
    page.fill("#industry", "餐饮")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mentors")


def test_a_time_lost_on_the_way_keeps_the_boxes_and_offers_others(
    road, site, ensure_accessible
) -> None:
    hold = road.held()
    page = site.enter(road.founder, PHONE)
    page.goto(f"/bookings/new?hold={hold.id}")
    page.check("#keep_mentor")
    page.check("#consent")
    road.put("09-16 10:11")
    other = a_founder(road.store, name="王强")
    choice = road.choice(need_id=road.a_need(other).id)
    road.store.execute(other, bookings.request_now, choice)
    page.click("text=提交预约")

    page.wait_for_selector("text=9月18日 14:00 刚刚被别人约了")
    ensure_accessible(page)
    assert page.is_checked("#keep_mentor")
    assert page.is_checked("#consent")
    page.check("input[name=instead] >> nth=2", force=True)
    page.click("text=提交预约")
    page.wait_for_url("**?sent=yes")
    (mine,) = road.rows(
        Booking,
        Booking.need_id == road.need.id,
        Booking.hold_until.is_(None),
        Booking.status == BookingStatus.REQUESTED,
    )
    assert mine.may_pass_on is False


def test_ten_more_minutes_keep_the_boxes(road, site) -> None:
    hold = road.held()
    page = site.enter(road.founder)
    page.goto(f"/bookings/new?hold={hold.id}")
    page.check("#keep_mentor")
    road.put("09-16 10:08")
    page.click("text=再保留 10 分钟")
    page.wait_for_url(lambda address: str(hold.id) not in address)
    assert page.is_checked("#keep_mentor")
    (kept,) = road.rows(Booking, Booking.status == BookingStatus.ON_HOLD)
    assert kept.hold_until == at("09-16 10:18")


def test_the_founder_confirms_what_happened(road, site, ensure_accessible) -> None:
    session = road.recorded()
    page = site.enter(road.founder, PHONE)
    page.goto(f"/sessions/{session.id}/confirm")
    ensure_accessible(page)
    page.check("input[name=agrees][value=yes]")
    page.check("input[name=rating][value='5']")
    page.click("text=提交核对结果")
    page.wait_for_selector("text=双方已确认")
    ensure_accessible(page)


def test_an_absent_mentor_is_reported_and_contests_it(road, site, ensure_accessible) -> None:
    session = road.session_of(road.accepted())
    road.put("09-18 14:31")
    page = site.enter(road.founder, PHONE)
    page.goto(f"/bookings/{session.booking_id}")
    ensure_accessible(page)
    page.click("text=导师没来，或没有谈成？")
    page.click("text=登记没有谈成")
    page.wait_for_selector(".errsum:focus")
    ensure_accessible(page)
    page.check("input[name=who][value=no_show_mentor]", force=True)
    page.fill("#note", "在二楼等到 14:30")
    page.click("text=登记没有谈成")
    page.wait_for_selector("text=导师可以在 9月22日 周二 24:00 前提出异议")
    ensure_accessible(page)

    mentor = site.enter(road.mentor, PHONE)
    mentor.goto(f"/mentor/sessions/{session.id}/report")
    ensure_accessible(mentor)
    mentor.fill("#statement", "14:00 已在三楼会议室")
    mentor.click("text=提出异议")
    mentor.wait_for_selector("text=24:00 前裁定")
    ensure_accessible(mentor)


@pytest.mark.parametrize("look", [{}, {"theme": "dark"}, {"size": "xxl"}], ids=str)
def test_other_pages_have_no_violation(road, site, ensure_accessible, look) -> None:
    road.accepted()
    road.told("张敏接受了您的预约")
    page = site.enter(road.founder, PHONE)
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.address} for name, value in look.items()]
    )
    for address in ("/bookings", "/inbox", "/mentors", f"/mentors/{road.expert.id}"):
        page.goto(address)
        ensure_accessible(page)
