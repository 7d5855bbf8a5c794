"""The service desk in a real browser: found while typing, by keyboard, printed in large letters."""

import pytest

from app.services import bookings
from tests.browser.conftest import DESK, EnsureAccessible, Site
from tests.desk import ServiceDesk, a_desk
from tests.scenes import Plays

TABLET = {"width": 820, "height": 1180}
POINTS = 96 / 72


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


def test_somebody_is_found_by_keyboard_alone_and_leaves_with_a_slip(
    place: ServiceDesk, site: Site, ensure_accessible: EnsureAccessible
) -> None:
    person = place.registers(document="居民身份证")
    booking = place.books(place.hears(person))
    place.store.execute(place.mentor.actor, bookings.accept, booking.id)
    page = site.enter(place.clerk, DESK)

    page.goto("/bureau/desk")
    # The field has the focus; results come without a press.
    page.keyboard.type("1234")
    page.get_by_role("link", name="钱* · 138 **** 1234").wait_for()
    ensure_accessible(page, DESK, TABLET)
    page.get_by_role("link", name="钱* · 138 **** 1234").press("Enter")
    page.get_by_role("heading", name="钱大妈").wait_for()
    ensure_accessible(page, DESK, TABLET)

    page.get_by_role("link", name=f"打印回执 {booking.reference}").press("Enter")
    ensure_accessible(page, TABLET)
    page.emulate_media(media="print")
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    texts = page.locator(".slip p, .slip dt, .slip dd")
    assert all(text.evaluate(size) >= 18 * POINTS - 0.1 for text in texts.all())
    assert not page.get_by_role("button", name="打印回执").is_visible()
    pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    assert pages == 1


def test_a_form_with_faults_and_a_change_of_user_fit_a_tablet(
    place: ServiceDesk, site: Site, ensure_accessible: EnsureAccessible
) -> None:
    page = site.enter(place.clerk, TABLET)
    page.goto("/bureau/desk/people/new?q=钱大妈")
    assert page.get_by_label("姓名").input_value() == "钱大妈"
    page.get_by_role("button", name="登记", exact=True).press("Enter")
    page.get_by_role("heading", name="处需要修改").wait_for()
    ensure_accessible(page, TABLET)
    page.goto("/bureau/desk")
    page.get_by_role("link", name="换人值班").press("Enter")
    page.get_by_label("登录名").wait_for()
    ensure_accessible(page, TABLET)
