"""An officer verifies a founder group on the person's page."""

import pytest

from app.models.person import FounderGroup
from tests.builders import a_group
from tests.desk import ServiceDesk, a_desk
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


def test_one_press_verifies_a_group_with_the_kind_of_paper_seen(place, enter) -> None:
    person = place.registers(group="veteran")
    page = f"/bureau/desk/people/{person.id}"
    act = f"{page}/groups"
    clerk, officer = enter(place.clerk), enter(place.district.officer)
    shown = clerk.get(page)
    assert "退役军人" in shown
    assert "还没有核验" in shown
    assert act not in shown
    clerk.post(page, act, 403, group="veteran", proof_veteran="certificate")

    refused = officer.post(page, act, 422, group="veteran", proof_veteran="").text
    assert 'id="proof_veteran-e"' in refused
    assert place.district.one(FounderGroup).verified_at is None
    for _press in range(2):
        assert (
            officer.post(page, act, group="veteran", proof_veteran="certificate").location == page
        )
    shown = officer.get(page)
    assert "已核验" in shown
    assert act not in shown
    assert place.district.one(FounderGroup).verified_by_id == place.district.officer.account_id
    officer.post(page, act, 404, group="disabled", proof_disabled="letter")


def test_a_sensitive_group_without_its_sheet_has_no_button(place, enter) -> None:
    person = place.registers()
    a_group(place.store, person, "disabled")
    page = f"/bureau/desk/people/{person.id}"
    officer = enter(place.district.officer)
    assert "这一类要本人另外签同意书" in officer.get(page)
    told = {"group": "disabled", "proof_disabled": "letter", "return_to": page}
    answer = officer.post(page, f"{page}/groups", **told)
    assert answer.location == page
    assert "要本人另外签同意书，登记以后" in officer.get(page)
    assert place.district.one(FounderGroup).verified_at is None

    # The clerk keeps the sheet, and the officer finds the button.
    clerk, sheet = enter(place.clerk), f"{page}/consent"
    assert sheet in clerk.get(page)
    refused = clerk.post(sheet, status=422, kind="thumbprint", given_on="", filed_at="").text
    for field in ("given_on", "filed_at", "agreed"):
        assert f'id="{field}-e"' in refused
    signed = {"kind": "thumbprint", "given_on": "2026-09-16", "filed_at": "档案柜 3-13"}
    assert clerk.post(sheet, **signed, agreed="yes").location == page
    shown = officer.get(page)
    assert "重点群体，单独 · 按手印" in shown
    assert f"{page}/groups" in shown
