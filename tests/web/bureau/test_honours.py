"""Honours at the pages: entered, checked, shown where they hold, withdrawn with a reason."""

from app.domain.actor import Role
from app.models.honour import Honour
from tests.builders import staff

PAGE, NAME, UNIT = "/bureau/honours", "首席创业指导专家", "区人力资源社会保障局"


def test_an_honour_goes_from_the_form_to_the_profile_and_back(year, enter, desk) -> None:
    district, expert = year.district, year.scholar.expert
    sent = {
        "expert": str(expert.id),
        "kind": "chief_adviser",
        "document": "历人社发〔2026〕12 号",
        "given_by": UNIT,
        "given_on": "2026-08-01",
    }
    assert "还没有登记荣誉" in desk.get(PAGE)
    again = desk.post(PAGE, status=422, **{**sent, "given_on": "2099-01-01"}).get_data(True)
    assert 'value="历人社发〔2026〕12 号"' in again
    assert f'<option value="{expert.id}" selected>' in again
    assert district.rows(Honour) == []
    desk.post(PAGE, note="内部说明", **sent)
    twice = desk.post(PAGE, status=409, **sent).get_data(True)
    assert "已经登记过了" in twice
    (row,) = district.rows(Honour)
    check, withdraw = f"{PAGE}/{row.id}/check", f"{PAGE}/{row.id}/withdraw"
    desk.send(check, 403, csrf_token=desk.token(PAGE), version="1", verdict="confirm")
    chief, own, guest = enter(district.approver), enter(year.scholar.actor), enter(year.firm.actor)
    public = f"/mentors/{expert.id}"
    assert NAME not in guest.get(public)
    chief.post(PAGE, check, verdict="confirm")
    for browser, path in (
        (desk, f"/bureau/duty/{expert.id}"),
        (own, "/mentor/duty"),
        (guest, public),
    ):
        shown = browser.get(path)
        assert NAME in shown
        assert UNIT in shown
        assert "内部说明" not in shown
    refused = chief.post(PAGE, withdraw, 422, reason=" ").get_data(True)
    assert "撤销的原因" in refused
    chief.post(PAGE, withdraw, reason="文件已废止")
    assert NAME not in guest.get(public)
    assert "文件已废止" in desk.get(f"{PAGE}?expert={expert.id}")


def test_the_list_is_the_bureaus(year, enter) -> None:
    for who in (year.scholar.actor, year.firm.actor):
        enter(who).get(PAGE, 403)
    auditor = enter(staff(year.district.store, Role.AUDITOR))
    assert f'action="{PAGE}"' not in auditor.get(PAGE)
    auditor.get(f"{PAGE}?expert=nobody", 422)
