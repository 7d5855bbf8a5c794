"""The mentor's side of the main road, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.domain.actor import SYSTEM
from app.domain.availability import Clinic, Week, WeekSpan
from app.domain.booking import BookingStatus
from app.models.availability import AvailabilityRule
from app.models.outcome import OutcomeVersion
from app.models.service_session import ServiceSession
from app.services import availability, bookings
from tests.browser.conftest import DESK, PHONE, Site
from tests.builders import a_founder
from tests.founder_road import FounderRoad
from tests.moments import at, day
from tests.scenes import Plays, after

# As high as the page: the bar that sticks to the bottom then covers no control.
TALL = {"width": 390, "height": 4500}
ALL = frozenset({"onsite", "online", "phone"})


@after(FounderRoad)
def with_two_days(road: FounderRoad) -> FounderRoad:
    tuesday = WeekSpan(1, 14 * 60, 16 * 60, ALL)
    wednesday = WeekSpan(2, 9 * 60, 18 * 60, ALL)
    week = Week([tuesday, wednesday], 8, 0, 0)
    road.store.execute(SYSTEM, availability.set_week, road.expert.id, week)
    return road


@pytest.fixture
def plays() -> Plays:
    return {"road": with_two_days}


@pytest.fixture
def road(scene: FounderRoad) -> FounderRoad:
    return scene


@pytest.fixture(params=["scripts", "no_scripts"])
def page(request, site: Site, road: FounderRoad) -> Page:
    return site.enter(road.mentor, PHONE, scripts=request.param == "scripts")


def test_a_mentor_accepts_and_declines(road: FounderRoad, page: Page) -> None:
    first = road.requested("09-16 14:00")
    other = a_founder(road.store, name="马青岚")
    need = road.a_need(other)
    second = road.store.execute(
        other, bookings.request_now, road.choice("09-22 14:00", need_id=need.id)
    )
    page.goto("/mentor")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 个预约等您回复")

    page.get_by_role("button", name="接受").first.click()
    expect(page.get_by_role("status").first).to_contain_text("已接受")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 个预约等您回复")

    page.get_by_role("link", name="不合适").click()
    page.get_by_role("button", name="答复“不方便”").click()
    expect(page.get_by_role("link", name="选择“什么原因？”")).to_be_visible()
    page.get_by_role("radio", name="近期服务太多").check()
    page.get_by_role("button", name="答复“不方便”").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("没有预约等您回复")
    assert road.now(first.id).status is BookingStatus.ACCEPTED
    assert road.now(second.id).status is BookingStatus.DECLINED


def test_a_mentor_sets_his_week(road: FounderRoad, page: Page) -> None:
    page.goto("/mentor/availability")
    page.get_by_role("button", name="加一段，周四").click()
    page.get_by_label("周四 第 1 段 开始").select_option("19:00")
    page.get_by_label("周四 第 1 段 结束").select_option("20:30")
    page.get_by_label("周四 第 1 段 方式").select_option("phone")
    page.get_by_role("button", name="删除 周二 第 1 段").click()
    expect(page.get_by_label("周二 第 1 段 开始")).to_have_count(0)
    assert len(road.rows(AvailabilityRule)) == 2

    page.get_by_role("button", name="保存", exact=True).last.click()

    expect(page.get_by_role("status").first).to_contain_text("已保存")
    saved = sorted((rule.weekday, rule.starts_minute) for rule in road.rows(AvailabilityRule))
    assert saved == [(2, 540), (3, 1140)]


def test_a_mentor_closes_a_day_and_opens_it_again(road: FounderRoad, page: Page) -> None:
    page.goto("/mentor/availability")
    page.get_by_role("link", name="加一个特殊日子").click()
    page.get_by_label("从哪天").fill("2026-09-23")
    page.get_by_label("原因").fill("出差")
    page.get_by_role("button", name="保存这个日子").click()
    expect(page.get_by_text("出差 · 不开放")).to_be_visible()

    page.get_by_role("button", name="删除 9月23日 周三").click()

    expect(page.get_by_text("出差 · 不开放")).to_have_count(0)


def test_a_mentor_checks_in_and_reports(road: FounderRoad, page: Page) -> None:
    road.accepted("09-16 14:00")
    road.put("09-16 13:55")
    page.goto("/mentor")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("您 13:55 已签到")).to_be_visible()

    road.put("09-16 15:00")
    page.goto("/mentor")
    page.get_by_role("link", name="9月16日 周三 创业咨询").click()
    page.get_by_label("实际几点开始").fill("14：05")
    page.get_by_label("主要问题").fill("个体户还是公司")
    page.get_by_label("建议 1", exact=True).fill("备齐材料去大厅")
    page.get_by_role("button", name="再加一条").click()
    expect(page.get_by_label("建议 2", exact=True)).to_be_visible()
    page.get_by_role("radio", name="已给方案，等对方落实").check()
    page.get_by_role("button", name="提交，请对方确认").click()

    expect(page.get_by_role("link", name="填写“您的建议”")).to_be_visible()
    expect(page.get_by_role("link", name="填写“建议 1 的完成日期”")).to_be_visible()
    expect(page.get_by_label("主要问题")).to_have_value("个体户还是公司")
    page.get_by_label("您的建议").fill("先办个体户")
    page.get_by_label("建议 1 的完成日期").fill("2026-10-15")
    page.get_by_role("button", name="提交，请对方确认").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("记录已提交")
    (held,), (written,) = road.rows(ServiceSession), road.rows(OutcomeVersion)
    assert (held.actual_start, held.actual_end) == (at("09-16 14:05"), at("09-16 14:50"))
    assert [action["text"] for action in written.actions] == ["备齐材料去大厅"]


def test_the_preview_follows_each_choice_and_focus_stays_with_the_row(
    site: Site, road: FounderRoad
) -> None:
    page = site.enter(road.mentor, DESK)
    page.goto("/mentor/availability")
    total = page.locator("#preview .bignum")
    before = total.inner_text()

    page.get_by_label("周三 第 1 段 结束").select_option("10:00")
    expect(total).not_to_have_text(before)
    page.get_by_role("button", name="加一段，周四").click()
    expect(page.get_by_label("周四 第 1 段 开始")).to_be_focused()
    page.get_by_role("button", name="删除 周四 第 1 段").click()
    expect(page.get_by_role("button", name="加一段，周四")).to_be_focused()
    expect(page.get_by_label("周三 第 1 段 结束")).to_have_value("10:00")

    assert len(road.rows(AvailabilityRule)) == 2


@pytest.fixture
def stations(road: FounderRoad) -> dict[str, str]:
    """The mentor's pages, with something on each."""
    recorded = road.recorded("09-16 10:15")
    road.need = road.a_need()
    due = road.session_of(road.accepted("09-16 14:00"))
    road.need = road.a_need()
    asked = road.requested("09-22 14:00")
    road.need = road.a_need()
    agreed = road.accepted("09-23 10:00")
    half_day = Clinic(day("09-23"), 9 * 60, 12 * 60, 30)
    clinic = road.store.execute(SYSTEM, availability.set_clinic, road.expert.id, half_day)
    road.put("09-16 15:30")
    return {
        "home": "/mentor",
        "decline": f"/mentor/requests/{asked.id}/decline",
        "times": f"/mentor/requests/{asked.id}/propose",
        "calendar": "/mentor/calendar",
        "clinic": f"/mentor/clinics/{clinic.id}",
        "month": "/mentor/months/2026-09",
        "leave": "/mentor/leave",
        "cancel": f"/mentor/bookings/{agreed.id}/cancel",
        "hours": "/mentor/availability",
        "day": "/mentor/availability/days",
        "ledger": "/mentor/sessions",
        "report": f"/mentor/sessions/{due.id}/report",
        "absence": f"/mentor/sessions/{due.id}/no-show",
        "reported": f"/mentor/sessions/{recorded.id}/report",
        "change": f"/mentor/sessions/{recorded.id}/report?change=",
    }


def test_every_page_is_accessible_on_a_phone_and_at_a_desk(
    site: Site, road: FounderRoad, stations: dict[str, str], ensure_accessible: Callable[..., None]
) -> None:
    page = site.enter(road.mentor, TALL)
    for path in stations.values():
        page.goto(path)
        ensure_accessible(page, TALL, DESK)


@pytest.mark.parametrize(("theme", "size"), [("dark", "m"), ("contrast", "xxl")])
def test_faulty_forms_are_accessible_in_every_theme(
    site: Site,
    road: FounderRoad,
    stations: dict[str, str],
    ensure_accessible: Callable[..., None],
    theme: str,
    size: str,
) -> None:
    page = site.enter(road.mentor, TALL)
    settings = {"theme": theme, "size": size}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.address} for name, value in settings.items()]
    )
    for name, button in (
        ("decline", "答复“不方便”"),
        ("day", "保存这个日子"),
        ("report", "提交，请对方确认"),
    ):
        page.goto(stations[name])
        page.get_by_role("button", name=button).click()
        expect(page.locator("#errors-title")).to_be_visible()
        ensure_accessible(page)
    page.goto(stations["hours"])
    page.get_by_label("周三 第 1 段 结束").select_option("09:00")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.locator("#errors-title")).to_be_visible()
    ensure_accessible(page)
