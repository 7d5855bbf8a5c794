"""What is kept of a founder, in a real browser: read, printed, taken back, deleted."""

import pytest

from tests.browser.conftest import DESK, PHONE, EnsureAccessible, Site
from tests.journeys.qian import Qian
from tests.journeys.test_erasure import with_a_visit_ahead
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"qian": with_a_visit_ahead}


@pytest.fixture
def qian(scene: Qian) -> Qian:
    return scene


def test_a_founder_reads_decides_and_may_leave(
    qian: Qian, site: Site, ensure_accessible: EnsureAccessible
) -> None:
    page = site.enter(qian.she.actor, PHONE)
    page.goto("/me/data")
    ensure_accessible(page, PHONE, DESK)
    page.get_by_role("link", name="撤回重点群体的同意").click()
    ensure_accessible(page, PHONE, DESK)
    page.get_by_role("button", name="撤回同意").click()
    page.get_by_text("群体已从您的资料里删除").wait_for()

    page.get_by_role("link", name="查看和打印").click()
    page.get_by_role("heading", name="个人信息副本").wait_for()
    ensure_accessible(page, PHONE, DESK)

    page.goto("/me/data/close")
    ensure_accessible(page, PHONE, DESK)
    page.get_by_role("button", name="注销账户").click()
    page.get_by_role("link", name="看过以上说明").first.wait_for()
    ensure_accessible(page, PHONE, DESK)


def test_a_clerk_finds_the_same_at_the_desk(
    qian: Qian, site: Site, ensure_accessible: EnsureAccessible
) -> None:
    page = site.enter(qian.desk.clerk, DESK)
    here = f"/bureau/desk/people/{qian.she.person_id}"
    for path in (here, f"{here}/consent/withdraw", f"{here}/erase", f"{here}/copy"):
        page.goto(path)
        ensure_accessible(page, DESK, PHONE)
