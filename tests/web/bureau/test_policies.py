"""口径变更 at the bureau: proposed, tried on past months, entered by another, withdrawn."""

import re
from datetime import date
from html import unescape

import pytest

from app.domain.actor import Role
from app.models.policy_change import PolicyChange, PolicyPreview
from app.models.service_record import CountingPolicyRow
from tests.builders import staff
from tests.previewing import count_all
from tests.web.bureau.conftest import Desk
from tests.web.figures import linked, unlinked

NEW = "/bureau/policies/new"
_INPUT = re.compile(r"<input[^>]*>")
_H1 = re.compile(r'<h1>.*?<span class="num">([\d,.]+)', re.DOTALL)
_AMOUNT = re.compile(r'class="r" data-l="(?:计数|时长)">([\d,]+)')


@pytest.fixture
def chief(year, enter) -> Desk:
    return enter(year.district.approver)


def numbers(page: str) -> dict[str, str]:
    """Return the numbers with which the form begins."""
    found = {}
    for tag in _INPUT.findall(page):
        name = re.search(r'name="(\w+)"', tag)
        value = re.search(r'value="(\d+)"', tag)
        if name and value and 'type="hidden"' not in tag:
            found[name[1]] = value[1]
    return found


def propose(chief: Desk, status: int = 303, **changed: str):
    given = {"valid_from": "2026-10-01", "reason": "历人社〔2026〕31号", "min_consultation": "46"}
    return chief.post(NEW, status=status, **{**numbers(chief.get(NEW)), **given, **changed})


def preview(year, desk: Desk, address: str, *months: str) -> str:
    answer = desk.post(address, f"{address}/previews", months=list(months))
    (asked,) = year.district.rows(PolicyPreview)
    assert "正在重新计算" in desk.get(answer.location)
    count_all(year.district.store, asked.id)
    return answer.location


def test_a_row_is_proposed_tried_entered_and_on_the_list(year, chief, desk) -> None:
    address = propose(chief).location
    page = desk.get(address)
    assert "创业咨询最低时长" in page
    assert "等待复核" in page

    told = desk.get(preview(year, desk, address, "2026-08", "2026-09"))
    assert "1 条记录的结论会变" in told

    desk.post(address, f"{address}/check", verdict="enter")
    listed = desk.get("/bureau/policies")
    assert "LC-COUNT-2" in listed
    assert "还没有生效" in listed
    assert "46 分钟" in desk.get("/bureau/rules?on=2026-10-01")
    assert "46 分钟" not in desk.get("/bureau/rules")


def test_every_number_of_a_preview_is_a_link_to_the_rows_that_sum_to_it(year, chief, desk) -> None:
    told = desk.get(preview(year, desk, propose(chief).location, "2026-08", "2026-09"))
    assert unlinked(told) == []
    found = [(href, shown) for href, shown in linked(told) if "/rows?" in href]
    assert len(found) >= 40
    for href, shown in dict.fromkeys(found):
        page = desk.get(href)
        (stated,) = _H1.findall(page)
        summed = sum(int(each.replace(",", "")) for each in _AMOUNT.findall(page))
        if "minutes" in href:
            assert float(stated) == float(shown) == int(summed / 6 + 0.5) / 10, href
        else:
            assert (stated, shown) == (str(summed), str(summed)), href
    apart = {href for href, _ in linked(told) if href.endswith("/changed") or "/changed?" in href}
    assert apart
    for href in apart:
        assert "变为不计入" in desk.get(href)


def test_a_record_that_would_change_says_from_what_to_what_and_why(year, chief, desk) -> None:
    address = preview(year, desk, propose(chief).location, "2026-08")
    page = desk.get(f"{address}/changed")
    assert year.meetings["guodian"].reference in page
    assert "不计入：低于最低时长" in page
    assert f"/bureau/sessions/{year.meetings['guodian'].id}" in page


def test_a_wrong_first_day_is_refused_in_words_and_what_was_typed_stays(year, chief) -> None:
    for day in ("2026-10-15", "2026-09-01"):
        page = propose(chief, 422, valid_from=day).get_data(as_text=True)
        assert "某月 1 日生效" in page
        assert 'value="46"' in page
    page = propose(chief, 422, min_diagnosis="-5", reason="").get_data(as_text=True)
    assert "处需要修改" in page
    assert year.district.rows(PolicyChange) == []


def test_who_proposed_it_is_told_that_another_has_to_check_it(year, chief) -> None:
    address = propose(chief).location
    assert "要由另一个人复核" in chief.get(address)
    token = chief.token(address)
    page = chief.send(f"{address}/check", 422, csrf_token=token, verdict="enter", version="1")
    assert "不能自己复核" in page.get_data(as_text=True)
    assert len(year.district.rows(CountingPolicyRow)) == 1


def test_a_row_that_waits_for_its_day_is_withdrawn_with_a_reason_and_stays(year, chief, desk):
    address = propose(chief).location
    desk.post(address, f"{address}/check", verdict="enter")
    assert "需要修改" in chief.post(address, f"{address}/withdraw", 422).get_data(as_text=True)
    chief.post(address, f"{address}/withdraw", reason="数字写错了")
    assert "已撤回" in desk.get("/bureau/policies")
    assert len(year.district.rows(CountingPolicyRow)) == 2


def test_no_month_chosen_and_pages_that_are_not_there(year, chief, desk) -> None:
    address = propose(chief).location
    answer = desk.post(address, f"{address}/previews", 422)
    assert "处需要修改" in answer.get_data(as_text=True)
    told = preview(year, desk, address, "2026-08")
    for query in ("page=2", "page=x", "page=0"):
        desk.get(f"{told}/changed?{query}", 404)
    desk.get(f"{told}/rows?side=new&measure=joy", 422)
    desk.get(f"{told}/rows?side=other&measure=sessions", 422)
    desk.get(f"{told}/rows?side=new&measure=sessions&month=2026-07", 404)


def test_auditors_read_previews_and_liaisons_the_list_alone(year, chief, desk, enter) -> None:
    told = preview(year, desk, propose(chief).location, "2026-08")
    auditor = enter(staff(year.district.store, Role.AUDITOR))
    assert "按新口径" in auditor.get(told)
    auditor.get(NEW, 403)
    liaison = enter(staff(year.district.store, Role.STREET_LIAISON, street="tangye"))
    assert "LC-COUNT-1" in liaison.get("/bureau/policies")
    liaison.get(told, 403)
    for actor in (year.firm.actor, year.scholar.actor):
        enter(actor).get("/bureau/policies", 403)


def test_the_form_offers_only_days_on_which_a_row_may_begin(year, chief) -> None:
    page = chief.get(NEW)
    offered = [
        date.fromisoformat(day) for day in re.findall(r'<option value="(\d{4}-[\d-]+)"', page)
    ]
    assert offered[0] == date(2026, 10, 1)
    assert all(day.day == 1 for day in offered)
    assert unescape(page).count("LC-COUNT") == 0
