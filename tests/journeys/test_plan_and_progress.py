"""Scenario 12, steps 6 and 7: the quarter's progress table, and what an activity adds to the plan.

The pages and the API tell the same.
"""

import re
from datetime import date

import pytest

from app.domain.actor import Actor, Role
from app.domain.plan.progress import ProgressStatus
from app.models.progress import ProgressEntry
from app.services import plan
from app.services.plan import Report, progress
from tests.builders import staff
from tests.gathering import Hall, open_hall
from tests.journeys.visits import Api, Pages
from tests.moments import at
from tests.scenes import Plays, after
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

KJJ = [3, 9, 12, 13, 20]
HELD = 15


@after(open_hall)
def a_year_of_promotions(hall: Hall) -> Hall:
    """Hold fifteen activities of the plan and one that is none; tell what went before."""
    for number in range(HELD + 1):
        start = f"09-{2 + number // 2:02d} {'14:00' if number % 2 else '09:00'}"
        hall.close(hall.announced(start, is_promotion=number > 0))
    for code, period, amount in (("T07", "2024", 13), ("T07", "2025", 14), ("T08", "2025", 22)):
        sent = hall.store.execute(
            hall.officer,
            plan.report,
            Report(code=code, period=period, amount=amount, document="文"),
        )
        hall.store.execute(hall.approver, plan.approve_report, sent.id)
    return hall


@pytest.fixture
def plays() -> Plays:
    return {"hall": a_year_of_promotions, "bare": open_hall}


@pytest.fixture
def hall(scene: Hall) -> Hall:
    return scene


@pytest.fixture
def bare(scene: Hall) -> Hall:
    return scene


@pytest.fixture
def pages(app, sign_in) -> Pages:
    return Pages(app, sign_in)


@pytest.fixture
def api(app, bearer) -> Api:
    return Api(app, bearer)


def shown(pages: Pages, who: Actor, code: str, year: int | None = None) -> int:
    path = f"/bureau/plan/indicators/{code}" + (f"?year={year}" if year else "")
    (figure,) = re.findall(r'<h1>.*?<span class="num">([\d,]+)', pages.read(who, path), re.DOTALL)
    return int(figure.replace(",", ""))


def test_a_promoted_lecture_adds_one_whoever_helps_to_organise_it(hall, pages, api) -> None:
    officer = hall.officer
    assert shown(pages, officer, "T08") == HELD
    lecture = hall.announced(
        "09-18 14:00", is_promotion=True, department="hrss", co_departments=("kjj", "tqw")
    )
    # Announced is not held.
    assert shown(pages, officer, "T08") == HELD
    hall.close(lecture)
    assert shown(pages, officer, "T08") == HELD + 1 == 16
    told = {each["code"]: each for each in api.read(officer, "/plan")["indicators"]}
    assert (told["T08"]["value"], told["T08"]["target"], told["T08"]["kind"]) == (16, "20", "year")
    rows = api.read(officer, "/plan/indicators/T08")
    assert rows["total"] == sum(row["amount"] for row in rows["items"]) == 16
    assert [row["proofs"][0]["id"] for row in rows["items"]].count(str(lecture.id)) == 1


def test_figures_are_told_by_their_own_logic_of_time(hall, pages, api) -> None:
    page = pages.read(hall.officer, "/bureau/plan")
    assert "基期 2024-01-01（可调）" in page
    assert "各年不相加" in page
    # Neither year is added to the other, and a report of a year with own rows would not count.
    assert (shown(pages, hall.officer, "T08"), shown(pages, hall.officer, "T08", 2025)) == (15, 22)
    told = {each["code"]: each for each in api.read(hall.officer, "/plan")["indicators"]}
    assert (told["T01"]["kind"], told["T07"]["kind"]) == ("cum", "avg")
    # 27 projects in two whole years and the days of the third up to 9 September.
    days = (date(2026, 9, 9) - date(2025, 12, 31)).days
    assert told["T07"]["value"] == 27
    assert told["T07"]["mean"] == f"{27 / (2 + days / 365):.1f}"
    assert f"年均 {told['T07']['mean']}" in page


def test_the_table_of_a_quarter_is_each_departments_own_and_signed_by_the_bureau(
    bare: Hall, pages, api
) -> None:
    store, clock = bare.store, bare.clock
    clock.put(at("09-28 10:00"))
    store.execute(bare.officer, progress.open_round, "2026-Q3")
    kjj = staff(store, Role.DEPT_LIAISON, department="kjj")
    table = api.read(kjj, "/plan/progress")
    assert [entry["item"] for entry in table["items"]] == KJJ
    page = pages.read(kjj, "/bureau/plan/progress")
    assert [int(n) for n in re.findall(r"第 (\d+) 项<", page)] == KJJ
    whole = api.read(bare.officer, "/plan/progress?period=2026-Q3")
    assert {entry["item"] for entry in whole["items"]} == set(range(1, 21))
    # A liaison of the same item in another department is not even told that there is one.
    gxj = staff(store, Role.DEPT_LIAISON, department="gxj")
    third = next(entry["id"] for entry in table["items"] if entry["item"] == 3)
    assert api.read(gxj, f"/plan/progress/{third}")["code"] == "progress_entry.not_found"
    api.post(kjj, f"/plan/progress/{third}/submit", words="走访企业 12 家。")
    path = f"/bureau/plan/progress/{third}"
    pages.post(bare.approver, path, f"{path}/verdict", verdict="refuse", answer="请写明成效")
    pages.post(kjj, path, words="走访 12 家，3 家贷到款。", act="submit")
    api.post(bare.approver, f"/plan/progress/{third}/sign")
    (entry,) = [e for e in bare.rows(ProgressEntry) if str(e.id) == third]
    assert entry.status is ProgressStatus.SIGNED
    steps = api.read(kjj, f"/plan/progress/{third}")["steps"]
    assert [step["event"] for step in steps] == ["sign", "submit", "return", "submit"]
