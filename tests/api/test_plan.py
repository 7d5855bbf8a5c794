"""计划目标 by the API: figures with their rows, entries and their check, the table of progress."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain.actor import Actor, Role
from app.services import plan
from app.services.plan import OpeningSheet
from tests.api.asking import Asker
from tests.api.conftest import As
from tests.builders import staff
from tests.services.test_plan import sheet
from tests.web.bureau.year import Year, district, plays, year

__all__ = ["district", "plays", "year"]


class Told:
    """Somebody who asks, and reads what he is told when it comes as he expects."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def get(self, path: str, status: int = 200) -> Any:
        return self._read(self._asker.get(path), status)

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._read(self._asker.post(path, {} if body is None else body), status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self._read(self._asker.send("PUT", path, json=body), status)

    @staticmethod
    def _read(answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture
def ask(as_: As) -> Callable[[Actor], Told]:
    return lambda who: Told(as_(who))


@pytest.fixture
def officer(year: Year, ask):
    return ask(year.district.officer)


@pytest.fixture
def approver(year: Year, ask):
    return ask(year.district.approver)


def test_a_support_item_is_entered_checked_and_counted(year, officer, approver) -> None:
    body = {
        "kind": "loan",
        "person_id": str(year.firm.person_id),
        "done_on": "2026-05-20",
        "quantity": 15_000_050,
        "document": "历贷〔2026〕1号",
    }
    made = officer.post("/plan/support-items", body, status=201)
    assert made["check"]["status"] == "proposed"
    path = f"/plan/support-items/{made['id']}"
    officer.post(f"{path}/approve", status=403)
    approver.post(f"{path}/approve")
    approver.post(f"{path}/approve", status=409)
    rows = officer.get("/plan/indicators/T02")
    assert rows["total"] == sum(row["amount"] for row in rows["items"]) == 15_000_050
    assert rows["indicator"]["scale"] == 100
    assert rows["items"][0]["proofs"] == [{"evidence": "item", "id": made["id"], "number": None}]
    second = officer.post("/plan/support-items", {**body, "document": "另一份"}, status=201)
    refuse = f"/plan/support-items/{second['id']}/refuse"
    assert approver.post(refuse, {"answer": "没有盖章"})["check"]["answer"] == "没有盖章"
    assert officer.get("/plan/support-items?state=refused")["items"][0]["id"] == second["id"]


def test_founders_are_read_by_their_lines(year, officer) -> None:
    told = {each["code"]: each for each in officer.get("/plan")["indicators"]}
    lines = told["T01"]["lines"]
    assert sum(lines.values()) == told["T01"]["value"] == lines["session"] == 3
    rows = officer.get("/plan/indicators/T01?line=session&until=2026-08")
    assert (rows["total"], rows["count"]) == (2, 2)
    assert all("*" in row["name"] for row in rows["items"])
    officer.get("/plan/indicators/T99", status=404)
    officer.get("/plan/indicators/T01?month=2026-13", status=422)
    officer.get("/plan?year=2027", status=404)


def test_a_department_reports_and_the_bureau_signs_off(year, ask, approver) -> None:
    liaison = ask(staff(year.district.store, Role.DEPT_LIAISON, department="gxj"))
    body = {"code": "T04", "period": "2026-Q2", "amount": 4, "document": "历工信〔2026〕3号"}
    sent = liaison.post("/plan/reports", body, status=201)
    liaison.post("/plan/reports", body, status=409)
    liaison.get("/plan", status=403)
    other = ask(staff(year.district.store, Role.DEPT_LIAISON, department="kjj"))
    assert other.get("/plan/reports")["items"] == []
    other.post("/plan/reports", body, status=404)
    approver.post(f"/plan/reports/{sent['id']}/approve")
    assert approver.get("/plan/indicators/T04")["total"] == 4
    late = liaison.post("/plan/reports", {**body, "period": "2026-Q1"}, status=201)
    approver.post(f"/plan/reports/{late['id']}/refuse", {"answer": "没有附件"})
    assert liaison.get("/plan/reports?state=refused")["items"][0]["id"] == late["id"]


def test_opening_lists_are_approved_taken_back_or_refused(year, officer, approver) -> None:
    for name in "ab":
        given: OpeningSheet = sheet({"phone": "13655550001"}, name=name)
        year.district.store.execute(year.district.officer, plan.import_list, given, b"key")
    first, second = (
        f"/plan/opening-lists/{e['id']}" for e in officer.get("/plan/opening-lists")["items"]
    )
    approver.post(f"{first}/approve")
    assert officer.get("/plan/indicators/T01")["indicator"]["lines"]["unmatched"] == 1
    approver.post(f"{first}/withdraw", {"answer": "名单有误"})
    assert approver.post(f"{second}/refuse", {"answer": "没有文号"})["check"]["status"] == "refused"
    assert officer.get("/plan/indicators/T01")["total"] == 3


def test_a_base_is_set_and_a_quarter_is_filled_in(year, ask, officer, approver) -> None:
    body = {
        "code": "T01",
        "valid_from": "2026-09-25",
        "baseline_on": "2026-09-01",
        "due_on": "2026-12-31",
        "document": "历政办〔2026〕8号",
    }
    changed = approver.post("/plan/bases", body, status=201)
    assert changed["baseline_on"] == date(2026, 9, 1).isoformat()
    assert officer.get("/plan/indicators/T01")["total"] == 2
    officer.post("/plan/bases", body, status=403)
    made = officer.post("/plan/progress", {"period": "2026-Q3"}, status=201)
    table = officer.get(f"/plan/progress?period={made['period']}")
    assert table["counts"]["waiting"] == len(table["items"]) == 53
    liaison = ask(staff(year.district.store, Role.DEPT_LIAISON, department="kjj"))
    own = liaison.get("/plan/progress")["items"][0]
    path = f"/plan/progress/{own['id']}"
    said = {"words": "走访企业。", "figures": [{"name": "走访", "amount": 12, "unit": "家"}]}
    kept = liaison.put(path, said)
    assert (kept["entry"]["status"], kept["steps"]) == ("draft", [])
    liaison.post(f"{path}/submit", said)
    approver.post(f"{path}/return", {"answer": "请写明成效"})
    liaison.post(f"{path}/submit", said)
    assert approver.post(f"{path}/sign")["entry"]["status"] == "signed"
    approver.post(f"{path}/sign", status=409)
