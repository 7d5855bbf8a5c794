import csv
import io

import pytest

from app.adapters.sheets import read_rows
from app.domain.actor import SYSTEM, Role
from app.domain.vocabulary import fold
from app.models.audit_entry import AccessEntry
from app.models.need import Need
from app.services import proposals
from tests.builders import staff
from tests.founder_road import plays, road

__all__ = ["plays", "road"]

LOAN = "想申请创业担保贷款，听说有贴息，没有房子抵押，要不要找人担保？"


@pytest.fixture
def unmatched(road) -> Need:
    need = road.a_need(text=LOAN, topic="guaranteed_loan")
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    road.store.execute(SYSTEM, proposals.refresh, need.id, pool)
    return need


def test_the_gaps_are_shown_with_rows_behind_every_number(road, desk, unmatched) -> None:
    page = desk.get("/bureau/supply")
    assert "导师缺口" in page
    assert "创业担保贷款" in page
    assert "部门业务骨干" in page
    rows = desk.get("/bureau/supply/needs?part=open")
    assert unmatched.reference in rows
    assert "没有这样的需求" in desk.get("/bureau/supply/needs?part=full")
    assert "2025 年没有缺口" in desk.get("/bureau/supply?year=2025")
    desk.get("/bureau/supply?year=x", 422)
    desk.get("/bureau/supply/needs?part=some", 422)
    desk.get(f"/bureau/supply/needs?topic={'x' * 300}&concept=y", 422)


def test_the_report_is_handed_out_as_a_file_and_each_look_is_noted(road, desk, unmatched) -> None:
    answer = desk.client.get("/bureau/supply.csv")
    lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert lines[0][:3] == ["主题", "缺什么", "通常由谁来解答"]
    assert lines[1][3:] == ["1", "0", "0", "0"]
    assert lines[-1][0] == "需求合计"
    assert 'filename="supply-2026.csv"' in answer.headers["Content-Disposition"]
    answer = desk.client.get("/bureau/supply.xlsx")
    names = {fold(name): name for name in lines[0]}
    rows = read_rows("supply.xlsx", answer.get_data(), names)
    assert len(rows) == len(lines) - 1
    looked = [entry.subject for entry in road.rows(AccessEntry)]
    assert {"/bureau/supply.csv", "/bureau/supply.xlsx"} <= set(looked)


def test_only_who_may_know_of_exclusions_sees_the_gaps(enter, store) -> None:
    enter(staff(store, Role.AUDITOR)).get("/bureau/supply")
    enter(staff(store, Role.STREET_LIAISON, street="tangye")).get("/bureau/supply", 403)
