"""计划目标 on its pages: each number is the sum of its rows, each entry two people's."""

import io
import re
from datetime import date
from html import unescape

import pytest

from app.adapters.import_rows import OPENING
from app.adapters.sheets import write_workbook
from app.domain.actor import Role
from app.domain.plan import SupportKind
from app.models.plan import IndicatorBase, ReportedFigure
from app.models.support_item import OpeningList, OpeningRow, SupportItem
from app.queries.plan import figures
from app.services import plan
from app.services.plan import ItemEntry, Report
from tests.builders import a_person, staff
from tests.founder_road import statements
from tests.scenes import Plays, after
from tests.web.bureau.year import Year, a_year

_NUMBER = re.compile(
    r'href="(/bureau/plan/indicators/[^"]*)"[^>]*>'
    r'(?:<span class="lab">.*?<span class="big">)?'
    r"(?:<b[^>]*>)?(?:[^<>]*? )?([\d,]+(?:\.\d\d)?)<",
    re.DOTALL,
)
_HEAD = re.compile(r'<h1>.*?<span class="num">([\d,.]+)', re.DOTALL)
_ROW = re.compile(r'data-l="计入">([\d,.]+)<')
_NEXT = re.compile(r'<a class="btn" href="([^"]+)">下一页</a>')
LISTED = (
    ("王强", "", "13800000000", "补贴", "2024-03-01", "2000", "", "历补1号"),
    ("张三", "370102199001011234", "", "补贴", "2024-05-20", "3000", "", "历补2号"),
    ("张三", "370102199001011234", "", "担保贷款", "2025-05-20", "100000.50", "", "历贷3号"),
    ("赵六", "", "13655550002", "带动就业", "2025-06-01", "", "12", "历就4号"),
    ("李四", "", "13655550003", "服务", "2025-07-01", "", "", "历服5号"),
)


@after(a_year)
def a_plan(year: Year) -> Year:
    """Let loans, jobs, reports and a list of those before count beside the services."""
    store, officer, approver = year.district.store, year.district.officer, year.district.approver
    new = a_person(store, name="新人", phone="13700000001")
    given = (
        (SupportKind.LOAN, year.firm.person_id, 15_000_050),
        (SupportKind.LOAN, new.id, 30_000_000),
        (SupportKind.SETTLEMENT, new.id, None),
        (SupportKind.JOBS, year.other.person_id, 7),
    )
    for number, (kind, person_id, quantity) in enumerate(given):
        item = ItemEntry(
            kind=kind,
            person_id=person_id,
            done_on=date(2026, 3 + number, 1),
            quantity=quantity,
            document=f"第{number}号",
        )
        made = store.execute(officer, plan.propose_item, item)
        store.execute(approver, plan.approve_item, made.id)
    for code, period, amount in (("T04", "2025", 9), ("T04", "2026-Q1", 3), ("T07", "2025", 14)):
        sent = store.execute(
            officer, plan.report, Report(code=code, period=period, amount=amount, document="文")
        )
        store.execute(approver, plan.approve_report, sent.id)
    return year


@pytest.fixture
def plays() -> Plays:
    return {"planned": a_plan, "year": a_year}


@pytest.fixture
def planned(scene: Year) -> Year:
    return scene


@pytest.fixture
def district(scene: Year):
    return scene.district


@pytest.fixture
def chief(scene: Year, enter):
    return enter(scene.district.approver)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def followed(desk, href: str) -> tuple[float, float]:
    """Return the figure of the page a number leads to, and what the rows there sum to."""
    shown, summed = None, 0.0
    while href:
        page = desk.get(href)
        shown = number(_HEAD.findall(page)[0])
        summed += sum(number(each) for each in _ROW.findall(page))
        href = next((unescape(each) for each in _NEXT.findall(page)), "")
    assert shown is not None
    return shown, round(summed, 2)


def ensure_sums(desk, path: str, fewest: int) -> None:
    found = dict.fromkeys(
        (unescape(href), number(shown)) for href, shown in _NUMBER.findall(desk.get(path))
    )
    assert len(found) >= fewest, found
    for href, shown in found:
        assert followed(desk, href) == (shown, shown), href


def a_file(*rows: tuple[str, ...]) -> io.BytesIO:
    headings = [heading.zh for heading in OPENING.headings]
    return io.BytesIO(write_workbook("期初名单", headings, rows or LISTED))


def bring(desk, chief) -> str:
    """Import the list and have it approved; return its page."""
    fields = {"csrf_token": desk.token("/bureau/plan/lists/new"), "document": "历人社〔2026〕9号"}
    page = desk.client.post(
        "/bureau/plan/lists/new",
        data={**fields, "file": (a_file(), "期初.xlsx")},
        content_type="multipart/form-data",
    ).get_data(as_text=True)
    assert "共 5 行，对上人的 1 行，没对上的 4 行单列一类" in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    desk.send("/bureau/plan/lists/confirm", **{k: unescape(v) for k, v in hidden.items()})
    (path,) = re.findall(
        r'href="(/bureau/plan/lists/[0-9a-f-]{36})"', desk.get("/bureau/plan/lists")
    )
    chief.post(path, verdict="approve")
    return path


def test_every_number_of_the_plan_is_the_sum_of_its_rows(planned, desk, chief) -> None:
    bring(desk, chief)
    ensure_sums(desk, "/bureau/plan", 14)
    ensure_sums(desk, "/bureau/plan?year=2025", 14)
    for code, fewest in (("T01", 12), ("T02", 10), ("T03", 8), ("T04", 4), ("T07", 4)):
        ensure_sums(desk, f"/bureau/plan/indicators/{code}", fewest)
    ensure_sums(desk, "/bureau", 4)
    page = desk.get("/bureau/plan")
    # Three served, one of them lent to besides; one lent to only; two of the list.
    assert "扶持创业 6 人由谁组成" in page
    assert "450,000.50" not in page
    assert "550,001" in page
    assert "基期 2024-01-01（可调）" in page
    assert "各年不相加" in page


def test_a_number_that_lost_a_row_is_found_by_the_same_walk(planned, desk, monkeypatch) -> None:
    kept = figures._shown
    monkeypatch.setattr(figures, "_shown", lambda reader, rows: kept(reader, rows[1:]))
    with pytest.raises(AssertionError):
        ensure_sums(desk, "/bureau/plan", 14)


def test_a_page_of_the_plan_costs_few_statements(planned, chief) -> None:
    frame = ("sign_in_sessions", "account_roles", "access_entries", "calendar_days")
    for path in (
        "/bureau/plan",
        "/bureau/plan/indicators/T01",
        "/bureau/plan/support?state=approved",
        "/bureau/plan/reports?state=approved",
        "/bureau/plan/lists",
    ):
        with statements(planned.district.store) as sent:
            chief.get(path)
        own = [each for each in sent if not any(table in each for table in frame)]
        assert len(own) <= 8, own


def test_an_item_is_entered_checked_and_put_right_on_its_pages(year, desk, chief) -> None:
    person = year.firm.person_id
    page = desk.get("/bureau/plan/support/new?q=王强")
    assert str(person) in page
    fields = {
        "person_id": person,
        "kind": "loan",
        "done_on": "2026-05-20",
        "amount": "150,000.50",
        "document": "历贷〔2026〕1号",
    }
    new = "/bureau/plan/support/new"
    desk.post(f"{new}?q=王强", new, **fields)
    item = year.district.one(SupportItem)
    path = f"/bureau/plan/support/{item.id}"
    assert "150,000.50 元" in desk.get("/bureau/plan/support")
    assert "要由复核人复核" in desk.get(path) or "要由另一位工作人员复核" in desk.get(path)
    desk.send(
        path, 403, csrf_token=desk.token("/bureau/plan/support/new?q=王强"), verdict="approve"
    )
    answer = chief.post(path, verdict="refuse", status=422)
    assert "errsum" in answer.get_data(as_text=True)
    chief.post(path, verdict="approve")
    assert "登记" in desk.get("/bureau/plan/support?state=approved")
    assert number(_HEAD.findall(desk.get("/bureau/plan/indicators/T02"))[0]) == 150_000.5
    again = f"{new}?replaces={item.id}"
    assert 'value="150,000.50"' in desk.get(again)
    desk.post(again, new, **{**fields, "amount": "15000", "note": "多写了一个零"})
    # The same press from the same page is answered and does nothing twice.
    (right,) = year.district.rows(SupportItem, SupportItem.replaces_id == item.id)
    chief.post(f"/bureau/plan/support/{right.id}", verdict="approve")
    assert number(_HEAD.findall(desk.get("/bureau/plan/indicators/T02"))[0]) == 15_000
    answer = chief.post(
        f"/bureau/plan/support/{item.id}", status=409, verdict="approve", version="2"
    )
    assert "已经办理过" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("person_id", "x"),
        ("kind", "gift"),
        ("done_on", "2026-02-30"),
        ("done_on", "2999-01-01"),
        ("amount", "一百"),
        ("amount", ""),
        ("document", ""),
        ("document", "x" * 121),
        ("note", "\x00"),
        ("is_void", "on"),
    ],
)
def test_hostile_input_is_answered_at_its_field_and_kept(year, desk, field, value) -> None:
    new = "/bureau/plan/support/new"
    fields = {
        "person_id": str(year.firm.person_id),
        "kind": "loan",
        "done_on": "2026-05-20",
        "amount": "150000",
        "document": "历贷〔2026〕1号",
        "q": "王强",
        **{field: value},
    }
    page = desk.post(f"{new}?q=王强", new, 422, **fields).get_data(as_text=True)
    assert "errsum" in page
    if field != "document":
        assert "历贷〔2026〕1号" in page
    assert year.district.rows(SupportItem) == []


def test_a_liaison_reports_and_reads_his_departments_figures_only(planned, enter, chief) -> None:
    district = planned.district
    liaison = enter(staff(district.store, Role.DEPT_LIAISON, department="gxj"))
    other = enter(staff(district.store, Role.DEPT_LIAISON, department="kjj"))
    new = "/bureau/plan/reports/new"
    page = liaison.get(new)
    assert 'value="T04"' in page
    assert 'value="T06"' not in page
    fields = {"code": "T04", "period": "2026-Q2", "amount": "4", "document": "历工信〔2026〕3号"}
    liaison.post(new, **fields)
    sent = district.one(ReportedFigure, ReportedFigure.period == "2026-Q2")
    path = f"/bureau/plan/reports/{sent.id}"
    assert "历工信〔2026〕3号" in liaison.get(path)
    other.get(path, 404)
    assert "历工信" not in other.get("/bureau/plan/reports")
    other.post(new, status=404, **fields)
    for closed in ("/bureau/plan", "/bureau/plan/indicators/T04", "/bureau/plan/support"):
        liaison.get(closed, 403)
    liaison.send(path, 403, csrf_token=liaison.token(new), verdict="approve")
    chief.post(path, verdict="approve")
    assert "7" in _HEAD.findall(chief.get("/bureau/plan/indicators/T04"))[0]
    page = liaison.post(new, status=409, **fields).get_data(as_text=True)
    assert "已经登记过" in page


def test_an_opening_list_is_shown_with_its_strangers_and_no_number(year, desk, chief) -> None:
    path = bring(desk, chief)
    page = desk.get(path)
    for kept_back in ("370102199001011234", "13655550002", "张三"):
        assert kept_back not in page
    assert "没对上" in page
    desk.post(path, f"{path}/match")
    chief.post(path, f"{path}/withdraw", answer="名单有误")
    assert "已撤回" in desk.get(path)
    assert len(year.district.rows(OpeningRow)) == len(LISTED)


def test_a_file_with_faults_is_told_row_by_row_and_nothing_is_kept(year, desk) -> None:
    wrong = ("张三", "", "", "补贴", "2024-05-20", "很多", "", "历补2号")
    for content, name, text in (
        (a_file(LISTED[1], wrong), "a.xlsx", "金额写成数字"),
        (io.BytesIO(b"not a sheet"), "a.xlsx", "整个文件"),
        (io.BytesIO(b""), "a.csv", "文件里没有"),
    ):
        answer = desk.client.post(
            "/bureau/plan/lists/new",
            data={
                "csrf_token": desk.token("/bureau/plan/lists/new"),
                "document": "历人社〔2026〕9号",
                "file": (content, name),
            },
            content_type="multipart/form-data",
        )
        assert (answer.status_code, text in answer.get_data(as_text=True)) == (422, True), name
    assert year.district.rows(OpeningList) == []


def test_a_base_is_set_by_an_approver_and_printed(year, desk, chief) -> None:
    path = "/bureau/plan/indicators/T01/base"
    desk.get(path, 403)
    fields = {
        "baseline_on": "2026-09-01",
        "due_on": "2026-12-31",
        "valid_from": "2026-09-25",
        "document": "历政办〔2026〕8号",
    }
    chief.post(path, status=422, **{**fields, "due_on": ""})
    chief.post(path, **fields)
    assert "基期 2026-09-01（可调）" in desk.get("/bureau/plan/indicators/T01")
    page = chief.post(path, status=409, **fields).get_data(as_text=True)
    assert "请换一天" in page
    assert len(year.district.rows(IndicatorBase)) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bureau/plan?year=2027", 404),
        ("/bureau/plan?year=2023", 404),
        ("/bureau/plan?year=x", 404),
        ("/bureau/plan/indicators/T99", 404),
        ("/bureau/plan/indicators/T01?line=friends", 404),
        ("/bureau/plan/indicators/T01?after=01990000-0000-7000-8000-000000000001", 404),
        ("/bureau/plan/indicators/T01?month=2026-13", 422),
        ("/bureau/plan/support/01990000-0000-7000-8000-000000000001", 404),
        ("/bureau/plan/support?state=lost", 422),
        ("/bureau/plan/lists/01990000-0000-7000-8000-000000000001", 404),
    ],
)
def test_what_there_is_not_is_said(year, desk, path: str, status: int) -> None:
    desk.get(path, status)
