"""The bureau's pages in a real browser: looks, keyboard, no sideways scrolling, no scripts."""

import re

import pytest
from playwright.sync_api import expect

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Clinic
from app.domain.webhook import Draft, WebhookKind
from app.models.booking import Booking
from app.models.service_record import Correction
from app.services import availability, webhooks
from tests.browser.conftest import DESK, PHONE
from tests.builders import an_expert, staff
from tests.founder_road import FounderRoad
from tests.journeys.district import District
from tests.letters import a_lost_letter
from tests.moments import at, day


@pytest.fixture
def district(store, clock) -> District:
    return District(store, clock)


@pytest.fixture
def served(district):
    """A counted service, one that waits for its confirmation, and a correction to check."""
    mentor, founder = district.mentor("高源"), district.founder("王强", name="历城某商贸")
    counted = district.served(mentor, founder, "09-17 14:00", 55)
    waiting = district.held(mentor, founder, "09-18 14:00", 45)
    district.record(mentor, waiting)
    return counted, waiting


def test_every_page_is_accessible_and_fits_a_phone_and_a_desk(
    site, store, clock, district, served, ensure_accessible
) -> None:
    road = FounderRoad(store, clock)
    road.proposed()
    counted, waiting = served
    an_expert(store, name="丙三", term=(day("01-01"), day("02-01")))
    half_day = Clinic(day("09-23"), 9 * 60, 12 * 60, 30)
    clinic = store.execute(SYSTEM, availability.set_clinic, road.expert.id, half_day)
    page = site.enter(district.approver)
    session = f"/bureau/sessions/{waiting.id}"
    for path in (
        "/bureau",
        "/bureau/sessions?year=2026",
        "/bureau/sessions?year=2026&counted=no",
        f"/bureau/sessions/{counted.id}",
        f"/meetings/{counted.id}/record",
        f"/meetings/{counted.id}/record?size=large",
        f"/meetings/{counted.id}/files",
        f"{session}/correction",
        f"{session}/correction?operation=set_actual_times",
        f"{session}/certification",
        "/bureau/agenda?day=2026-09-16&span=week",
        "/bureau/clinics?month=2026-09",
        f"/bureau/clinics/{clinic.id}",
        "/bureau/places/new",
        "/bureau/activities/new",
        "/bureau/reviews",
        "/bureau/needs",
        f"/bureau/needs/{road.need.id}",
        f"/bureau/needs/{road.need.id}/book?mentor={road.expert.id}&day=2026-09-22",
        f"/bureau/needs/{road.need.id}/why?name={road.expert.name}",
        f"/bureau/needs/{road.need.id}/why?name=丙三",
        f"/bureau/needs/{road.need.id}/waivers/{road.expert.id}",
        "/bureau/waiting/records",
        "/bureau/answers",
        "/bureau/mentors",
        f"/bureau/mentors/{road.expert.id}",
        "/bureau/mentors/import",
        "/bureau/reports",
        "/bureau/reports/2026-09",
        "/bureau/log",
        "/bureau/log/looks",
        "/bureau/audit",
        "/bureau/audit/figure?month=2026-09&measure=sessions",
        "/bureau/audit/changes?month=2026-09",
        "/bureau/audit/concentration?year=2026",
        "/bureau/audit/originals",
        "/bureau/outbox",
        "/bureau/rules",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        ensure_accessible(page, PHONE, DESK)


def test_the_pages_of_accounts_are_accessible_and_fit_a_phone_and_a_desk(
    site, store, ensure_accessible
) -> None:
    keeper = staff(store, Role.SEC_ADMIN)
    page = site.enter(keeper)
    for path in (
        "/bureau/accounts",
        "/bureau/accounts/new-auditor",
        f"/bureau/accounts/{keeper.account_id}",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        ensure_accessible(page, PHONE, DESK)


def test_a_number_leads_by_keyboard_to_its_rows_and_their_evidence(site, district, served) -> None:
    counted, _ = served
    page = site.enter(district.officer)
    page.goto("/bureau")
    tile = page.locator("section[aria-labelledby=k1] a.tile").first
    tile.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1 .num")).to_have_text("1")
    page.get_by_role("link", name=counted.reference).click()
    expect(page.locator("h1")).to_contain_text(counted.reference)
    expect(page.locator(".chain")).to_contain_text("创业者确认")
    page.get_by_role("link", name="口径：怎样才计入").click()
    expect(page.locator("h1")).to_contain_text("口径")


def test_a_correction_goes_its_way_without_scripts(site, store, district, served) -> None:
    counted, _ = served
    clerk = site.enter(district.officer, PHONE, scripts=False)
    clerk.goto(f"/bureau/sessions/{counted.id}")
    clerk.get_by_role("link", name="提出更正").click()
    clerk.get_by_role("link", name="整条作废").click()
    clerk.get_by_role("button", name="提交复核").click()
    expect(clerk.locator(".errsum")).to_contain_text("怎么知道的")
    clerk.get_by_label("怎么知道的").fill("与另一条重复")
    clerk.get_by_role("button", name="提交复核").click()
    expect(clerk.locator("[role=status]").first).to_contain_text("等另一位工作人员复核")

    checker = site.enter(district.approver, scripts=False)
    checker.goto("/bureau/reviews")
    checker.get_by_role("link", name="整条作废").click()
    checker.get_by_role("button", name="同意更正").click()
    checker.goto("/bureau/sessions?year=2026&counted=no")
    expect(checker.locator("main")).to_contain_text("已作废")
    (correction,) = district.rows(Correction)
    assert correction.status == "approved"


def test_the_chart_has_a_table_whose_numbers_are_links(site, district, served) -> None:
    page = site.enter(district.officer)
    page.goto("/bureau")
    page.get_by_text("看成表格").click()
    page.locator("details.disc table a", has_text=re.compile("^1$")).first.click()
    expect(page.locator("h1 .num")).to_have_text("1")


def test_an_auditor_verifies_the_trail(site, store, district, served) -> None:
    page = site.enter(staff(store, Role.AUDITOR))
    page.goto("/bureau/log")
    page.get_by_role("link", name="开始核验").click()
    expect(page.locator("[role=status]").first).to_contain_text("记录链完整")


def test_another_day_brings_its_times_and_a_booking(site, store, clock, district) -> None:
    road = FounderRoad(store, clock)
    page = site.enter(district.officer, PHONE)
    page.goto(f"/bureau/needs/{road.need.id}/book?mentor={road.expert.id}&day=2026-09-18")
    page.get_by_role("link", name="9月22日").click()
    expect(page.locator("#slots legend")).to_contain_text("9月22日")
    expect(page.locator("#slots")).to_have_count(1)
    expect(page.locator("h1")).to_have_count(1)
    page.locator("#slots label", has_text="14:00").first.click()
    page.get_by_label("已和创业者说好").check()
    page.get_by_role("button", name="代为提交预约").click()
    expect(page.locator("[role=status]").first).to_contain_text("已代为提交预约")
    (booking,) = road.rows(Booking)
    assert booking.starts_at == at("09-22 14:00")


def test_the_operators_pages_are_accessible_and_fit_a_phone_and_a_desk(
    site, store, ensure_accessible
) -> None:
    operator = staff(store, Role.SYS_ADMIN)
    for _ in range(2):
        a_lost_letter(store)
    draft = Draft(
        name="市平台",
        kind=WebhookKind.SIGNED,
        address="https://platform.example.cn/events",
        events=("booking.requested", "need.submitted"),
    )
    webhook = store.execute(operator, webhooks.add, draft)
    store.execute(operator, webhooks.test, webhook.id, "试\n/bureau/webhooks")
    page = site.enter(operator)
    for path in (
        "/bureau/jobs",
        "/bureau/outbox",
        "/bureau/outbox/resend?channel=email&state=unknown",
        "/bureau/webhooks",
        "/bureau/webhooks/new?kind=signed",
        "/bureau/webhooks/new?kind=dingtalk",
        f"/bureau/webhooks/{webhook.id}",
    ):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        ensure_accessible(page, PHONE, DESK)
