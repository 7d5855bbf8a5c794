import io
from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM
from app.domain.availability import Span
from app.domain.busy_calendar import Fault, Reading
from app.models.busy_calendar import BusyCalendar
from app.services import busy_calendars
from tests.builders import staff
from tests.moments import START, at
from tests.web.mentor.conftest import Visit

PAGE = "/mentor/calendars"
SECRET = "https://calendar.example.org/private-5e3a/basic.ics"


def the_calendar(road) -> BusyCalendar:
    with road.store.read(SYSTEM) as reader:
        return reader.session.query(BusyCalendar).one()


def tried(road, **reading) -> None:
    road.store.execute(SYSTEM, busy_calendars.record, the_calendar(road).id, Reading(**reading))


def test_a_mentor_adds_an_address_and_it_is_not_shown_again(road, visit: Visit) -> None:
    assert "还没有" in visit.get(PAGE)
    assert visit.post(PAGE, address=f" {SECRET} ").status_code == 303
    page = visit.get(PAGE)
    assert "calendar.example.org/…" in page
    assert "private-5e3a" not in page
    assert "正在读取" in page


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "日历的订阅地址"),
        ("ftp://calendar.example.org/a.ics", "要以 https://"),
        ("https://me:secret@calendar.example.org/a.ics", "不能带用户名"),
        ("https://", "不是一个网址"),
        ("https://host:99999/a.ics", "不是一个网址"),
    ],
)
def test_what_is_no_address_is_refused_and_kept_to_correct(visit: Visit, address, said) -> None:
    answer = visit.post(PAGE, address=address)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert said in text
    if address:
        assert address in text


def test_the_same_address_and_the_fourth_are_conflicts(visit: Visit) -> None:
    visit.post(PAGE, address=SECRET)
    again = visit.post(PAGE, address=SECRET)
    assert again.status_code == 409
    assert "已经添加过" in again.get_data(as_text=True)
    hidden = visit.hidden(PAGE)
    for number in (2, 3):
        visit.client.post(PAGE, data={**visit.hidden(PAGE), "address": f"{SECRET}?{number}"})
    hidden["idempotency_key"] = "fourth"
    full = visit.client.post(PAGE, data={**hidden, "address": f"{SECRET}?4"})
    assert full.status_code == 409
    assert "最多读取 3 个" in visit.get(PAGE)


def test_the_page_tells_the_age_the_fault_in_plain_words_and_what_follows(road, visit) -> None:
    visit.post(PAGE, address=SECRET)
    tried(road, spans=(Span(at("09-21 14:00"), at("09-21 15:00")),))
    assert "已读取" in visit.get(PAGE)
    tried(road, fault=Fault.ZONE_UNKNOWN)
    page = visit.get(PAGE)
    assert "最近一次没读到" in page
    assert "不认识的时区" in page
    assert "24 小时都读不到" in page
    road.clock.put(START + timedelta(hours=24))
    page = visit.get(PAGE)
    assert "读不到，时间暂不放出" in page
    assert "您的时间先不放给创业者" in page


def test_the_bureau_and_the_founder_are_told_of_a_calendar_that_cannot_be_read(
    app, road, visit, sign_in
) -> None:
    visit.post(PAGE, address=SECRET)
    tried(road, fault=Fault.UNREACHABLE)
    officer = sign_in(app.test_client(), staff(road.store))
    page = officer.get(f"/bureau/mentors/{road.expert.id}").get_data(as_text=True)
    assert "有一个日历读不到，这位导师的时间暂不放出" in page
    assert "private-5e3a" not in page
    founder = sign_in(app.test_client(), road.founder)
    times = founder.get(f"/needs/{road.need.id}/book?mentor={road.expert.id}")
    assert "导师自己的日历暂时读不到，时间先不放出" in times.get_data(as_text=True)


def test_a_file_is_uploaded_and_a_calendar_removed(road, visit: Visit) -> None:
    sent = (io.BytesIO(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "会议.ics")
    assert visit.post(f"{PAGE}/file", came_from=PAGE, file=sent).status_code == 303
    assert "会议.ics" in visit.get(PAGE)
    remove = f"{PAGE}/{the_calendar(road).id}/remove"
    assert visit.post(remove, came_from=PAGE).status_code == 303
    assert "还没有" in visit.get(PAGE)
    assert visit.post(remove, came_from=PAGE).status_code == 404


def test_no_file_is_said_at_the_field(visit: Visit) -> None:
    answer = visit.post(f"{PAGE}/file", came_from=PAGE)
    assert answer.status_code == 422
    assert "日历文件" in answer.get_data(as_text=True)


def test_the_week_shows_when_he_is_busy_elsewhere(road, visit: Visit) -> None:
    visit.post(PAGE, address=SECRET)
    assert "还没有读到您自己的日历，这一周" in visit.get("/mentor/calendar")
    tried(road, spans=(Span(at("09-17 14:00"), at("09-17 15:00")),))
    page = visit.get("/mentor/calendar")
    assert "没有读到您自己的日历" not in page
    assert '<li class="ev busy t-24 h-4"><a href="/mentor/calendars"><b>自己的日历：忙</b>' in page
