import pytest

from app.adapters.sheets.workbook import workbook_cells

SHEET = "/mentor/months/2026-09"


@pytest.fixture
def held(road):
    return road.confirmed("09-16 14:00")


def test_the_sheet_is_there_to_print_and_names_no_founder_in_full(held, visit) -> None:
    page = visit.get(SHEET)
    assert "2026年9月服务情况表" in page
    assert held.reference in page
    assert "李*" in page
    assert "李晓" not in page
    assert "合计：计入 1 次" in page
    assert "导师签字：" in page


def test_the_files_hold_the_same_rows_and_their_sum(held, visit) -> None:
    text = visit.client.get(f"{SHEET}/sheet.csv")
    lines = text.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    book = visit.client.get(f"{SHEET}/sheet.xlsx")
    rows = list(workbook_cells(book.data))

    assert text.headers["Content-Disposition"] == 'attachment; filename="services-2026-09.csv"'
    assert lines[1].split(",")[:4] == [held.reference, "2026-09-16", "14:00", "14:50"]
    assert lines[1].endswith("历城区创业孵化基地,李*,计入,50")
    assert lines[-1] == "合计,,,,,,,,计入 1 次,50"
    assert [rows[1][0], rows[1][9], rows[-1][9]] == [held.reference, 50, 50]
    assert "李晓" not in str(rows)


def test_the_ledger_leads_to_the_sheet_of_each_month(held, visit) -> None:
    assert f'href="{SHEET}"' in visit.get("/mentor/sessions")


def test_months_follow_each_other_as_far_as_there_are_any(road, visit) -> None:
    page = visit.get("/mentor/months/2026-01")
    assert 'href="/mentor/months/2025-12"' in page
    assert 'href="/mentor/months/2026-02"' in page
    assert 'href="/mentor/months/2026-10"' not in visit.get(SHEET)
    assert "这个月没有服务记录" in page


def test_what_is_no_month_is_refused(visit) -> None:
    assert visit.status("/mentor/months/2026-13") == 422


def test_a_founder_has_no_such_sheet(road, client, sign_in) -> None:
    assert sign_in(client, road.founder).get(SHEET).status_code == 403
