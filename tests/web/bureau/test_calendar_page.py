import re
from html import unescape
from io import BytesIO

import pytest

from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.models.availability import CalendarDay
from app.models.booking import Booking
from tests.builders import staff

NOTICE = "日期\t类型\t名称\t文号\n2027-01-01\t放假\t元旦\t国办发明电〔2026〕7号\n"


@pytest.fixture
def approver(district, enter):
    return enter(district.approver)


def send(desk, status: int = 200, **fields) -> str:
    page = "/bureau/calendar"
    fields = {"csrf_token": desk.token(page), **fields}
    answer = desk.client.post(page, data=fields, content_type="multipart/form-data")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_the_bureau_is_warned_from_november_until_the_next_year_is_imported(
    district, desk, approver
) -> None:
    warning = "2027年放假安排未导入"
    assert warning not in desk.get("/bureau/tasks")
    district.wait_until("11-01 09:00")
    assert warning in desk.get("/bureau/tasks")
    assert warning in approver.get("/bureau/calendar")
    checked = send(approver, table=NOTICE)
    assert "还没有导入" in checked
    assert "国办发明电" not in approver.get("/bureau/calendar?year=2027")
    approver.send("/bureau/calendar/confirm", **fields_of(checked))
    assert warning not in desk.get("/bureau/tasks")
    assert "国办发明电" in approver.get("/bureau/calendar?year=2027")
    assert "已公布" in approver.get("/bureau/calendar?year=2027")


def fields_of(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def test_a_file_or_table_with_faults_names_each_and_takes_nothing(district, approver) -> None:
    page = send(approver, 422, table="2027-01-04，上班，补班\n2027-13-01，放假，元旦")
    assert "2 处需要修改" in page
    assert "本来就是工作日" in page
    send(approver, 422, file=(BytesIO(b"not a table"), "notice.pdf"))
    send(approver, 422, table="")
    assert not [row for row in district.rows(CalendarDay) if row.day.year == 2027]


def test_what_an_import_does_to_bookings_is_told_before_and_after(district, approver) -> None:
    session = district.accepted(district.mentor("高源"), district.founder("王强"), "09-22 10:00")
    rows = [row for row in district.rows(CalendarDay) if row.day.year == 2026]
    table = "\n".join(f"{row.day}\t{row.kind}\t{row.name}\t{row.source}" for row in rows)
    checked = send(approver, table=f"{table}\n2026-09-22\t放假\t庆典")
    assert "挂起 1 个预约" in checked
    booking = district.one(Booking, Booking.id == session.booking_id)
    assert booking.status is BookingStatus.ACCEPTED
    approver.send("/bureau/calendar/confirm", **fields_of(checked))
    assert "挂起预约 1 个" in approver.get("/bureau/calendar")
    assert district.one(Booking, Booking.id == booking.id).status is BookingStatus.SUSPENDED


def test_officers_read_the_calendar_and_approvers_alone_import(district, desk, enter) -> None:
    page = desk.get("/bureau/calendar")
    assert "国庆节" in page
    assert 'name="table"' not in page
    desk.send("/bureau/calendar", 403, csrf_token=desk.token("/bureau/tasks"), table=NOTICE)
    assert desk.get("/bureau/calendar?year=2030").count("未导入")
    desk.get("/bureau/calendar?year=soon", 404)
    enter(staff(district.store, Role.STREET_LIAISON, street="x")).get("/bureau/calendar", 403)
