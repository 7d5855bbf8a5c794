"""会诊小组 in a real browser: fits its width, accessible, chosen and withdrawn by hand."""

from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.builders import a_founder, staff
from tests.panelling import Round


def test_a_panel_is_chosen_and_withdrawn(site, store, ensure_accessible) -> None:
    table = Round(store, a_founder(store), staff(store, name="郭铭"))
    page = site.enter(table.officer)
    page.goto(f"/bureau/needs/{table.need.id}")
    page.get_by_role("link", name="会诊小组").click()
    expect(page.get_by_label("小组人数")).to_be_visible()
    ensure_accessible(page, PHONE, DESK)
    page.get_by_label("小组人数").select_option("2")
    page.get_by_role("button", name="按这样组").click()
    best = page.get_by_role("region", name="最合适", exact=True)
    best.get_by_role("button", name="选用这个小组").first.click()
    chosen = page.get_by_role("region", name="已选定的小组")
    expect(chosen).to_contain_text("郭铭")
    expect(page.get_by_label("小组人数")).to_have_value("2")
    ensure_accessible(page, PHONE, DESK)
    chosen.get_by_role("button", name="撤回小组").click()
    expect(page.get_by_role("status").or_(page.get_by_text("已撤回小组。")).first).to_be_visible()
    expect(chosen).to_have_count(0)
