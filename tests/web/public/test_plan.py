"""计划目标 for everybody: sums, never rows, and nothing that stands for a few people."""

from datetime import date

import pytest

from app.domain.plan import SupportKind
from app.services import plan
from app.services.plan import ItemEntry
from tests.builders import a_person
from tests.scenes import Plays, after
from tests.web.bureau.year import Year, a_year


def lent(year: Year, count: int) -> Year:
    store = year.district.store
    for number in range(count):
        person = a_person(store, name=f"新人{number}", phone=f"1370000000{number}")
        entry = ItemEntry(
            kind=SupportKind.LOAN,
            person_id=person.id,
            done_on=date(2026, 5, 1),
            quantity=10_000_000,
            document=f"第{number}号",
        )
        made = store.execute(year.district.officer, plan.propose_item, entry)
        store.execute(year.district.approver, plan.approve_item, made.id)
    return year


@after(a_year)
def one_lent_to(year: Year) -> Year:
    return lent(year, 1)


@after(a_year)
def five_lent_to(year: Year) -> Year:
    return lent(year, 5)


@pytest.fixture
def plays() -> Plays:
    return {"few": one_lent_to, "some": five_lent_to}


@pytest.fixture
def few(scene: Year) -> Year:
    return scene


@pytest.fixture
def some(scene: Year) -> Year:
    return scene


def test_numbers_from_one_to_four_are_kept_back(few, app) -> None:
    page = app.test_client().get("/plan").get_data(as_text=True)
    # Four founders and one loan.
    assert page.count("不足 5</td>") == 2
    assert "100,000" not in page.replace("100,000,000", "")


def test_enough_are_told_and_no_row_is(some, app) -> None:
    page = app.test_client().get("/plan").get_data(as_text=True)
    assert "不足 5</td>" not in page
    assert '<b class="num">8</b> 人' in page
    assert '<b class="num">500,000</b> 元' in page
    assert "/bureau/" not in page
    assert "新人" not in page
