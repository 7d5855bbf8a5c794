"""登记表 on the page: printed with numbered rows, typed in whole or not at all."""

import re
from typing import Any

import pytest

from app.domain.paper_sheet import MOST_ROWS, clean_number
from app.models.desk_entry import DeskEntry
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.service_session import ServiceSession
from tests.desk import ServiceDesk, a_desk
from tests.scenes import Plays
from tests.web.bureau.conftest import Desk

NEW = "/bureau/desk/sheets/new"
HEAD = {"number": "QD260915-7KQ4M", "day": "2026-09-15", "filed_at": "档案柜 3-12", "count": "5"}
ROW = {
    "name": "钱大妈",
    "phone": "13800001234",
    "birth_year": "1963",
    "expert": "张敏",
    "session_type": "consultation",
    "topic": "registration",
    "mode": "onsite",
    "result": "advised",
    "starts": "09:00",
    "ends": "09:40",
    "text": "想办营业执照，不知道要带什么材料。",
    "advice": "先在网上核名，再带身份证到大厅。",
    "consented_on": "2026-09-15",
    "document": "居民身份证",
}


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


@pytest.fixture
def clerk(place: ServiceDesk, enter: Any) -> Desk:
    return enter(place.clerk)


def row(at: int, **values: str) -> dict[str, str]:
    return {f"r{at}_{column}": value for column, value in {**ROW, **values}.items()}


def test_every_blank_sheet_has_a_number_of_its_own_and_numbered_rows(clerk) -> None:
    pages = [clerk.get("/bureau/desk/sheets/blank") for _ in range(2)]
    numbers = [re.search(r"QD260916-\w{5}", page) for page in pages]
    assert all(numbers)
    assert len({clean_number(found[0]) for found in numbers if found}) == 2
    assert pages[0].count('<th scope="row">') == 12


def test_a_sheet_is_typed_in_whole_and_can_be_taken_back(place, clerk) -> None:
    second = row(3, name="吴大爷", phone="", birth_year="1958", starts="10:00", ends="10:40")
    answer = clerk.post(NEW, **HEAD, **row(1), **second)
    assert answer.location == "/bureau/desk"
    assert [each.position for each in place.district.rows(PaperSheetRow)] == [1, 3]
    page = clerk.get("/bureau/desk")
    assert "登记表 QD260915-7KQ4M 已录入 2 行" in page
    entry = place.district.one(DeskEntry)
    clerk.post("/bureau/desk", f"/bureau/desk/entries/{entry.id}/undo")
    assert "已撤回整张登记表" in clerk.get("/bureau/desk")
    assert place.district.one(PaperSheet).voided_at is not None


def test_a_row_may_name_a_venture_and_one_not_his_is_refused_at_its_column(place, clerk) -> None:
    named = row(1, venture="丰收农机")
    clerk.post(NEW, **HEAD, **named)
    (session,) = place.district.rows(ServiceSession)
    assert session.venture_id is not None
    mine = row(1, venture="没有这家", starts="13:00", ends="13:40")
    page = clerk.post(NEW, status=422, **{**HEAD, "number": "QD260915-7KQ4P"}, **mine).text
    assert "企业或团队" in page
    assert "不是该企业或团队的成员" in page


def test_faults_are_listed_by_row_column_and_reason_and_the_input_is_kept(place, clerk) -> None:
    second = row(2, expert="无此人", starts="10:00", ends="9点半")
    page = clerk.post(NEW, status=422, **HEAD, **row(1), **second).text
    assert re.search(
        r'<th scope="row" class="r">2</th><td data-l="列"><a href="#r2_ends">结束</a></td>', page
    )
    page = clerk.post(
        NEW, status=422, **HEAD, **row(1, phone="abc"), **row(2, expert="无此人")
    ).text
    assert 'href="#r2_expert"' in page
    assert 'href="#r1_phone"' in page
    assert 'value="无此人"' in page
    assert "整张都没有录入" in page
    assert place.district.rows(ServiceSession) == []


def test_a_sheet_that_was_entered_is_not_entered_again(place, clerk) -> None:
    clerk.post(NEW, **HEAD, **row(1))
    answer = clerk.post(NEW, status=409, **HEAD, **row(2, starts="15:00", ends="15:40"))
    assert "已经录过，没有再录" in answer.text
    assert 'value="15:00"' in answer.text
    assert len(place.district.rows(ServiceSession)) == 1


def test_an_empty_sheet_and_one_without_a_number_are_refused(clerk) -> None:
    assert "至少填一行" in clerk.post(NEW, status=422, **HEAD).text
    page = clerk.post(NEW, status=422, **{**HEAD, "number": ""}, **row(1)).text
    assert 'href="#number"' in page


def test_more_rows_are_given_up_to_fifty_and_nothing_is_lost(clerk) -> None:
    page = clerk.post(NEW, status=200, **HEAD, **row(1), more="yes").text
    assert page.count("<fieldset") == 15
    assert 'value="钱大妈"' in page
    page = clerk.post(NEW, status=200, **{**HEAD, "count": "45"}, more="yes").text
    assert page.count("<fieldset") == MOST_ROWS
    assert "再加 10 行" not in page
    for count in ("-1", "x", "999"):
        clerk.post(NEW, status=200, **{**HEAD, "count": count}, more="yes")
