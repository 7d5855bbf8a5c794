"""Accounts on pages: an auditor's opened, prolonged, ended; roles of others; one password once."""

import re

import pytest

from app.domain.actor import SYSTEM, Role
from app.services import accounts
from tests.builders import staff
from tests.web.bureau.conftest import Desk

NEW = "/bureau/accounts/new-auditor"
OPENED = {
    "name": "区审计局 周明",
    "login": "zhou",
    "days": "14",
    "purpose": "济历审通〔2026〕12 号",
}
_PASSWORD = re.compile(r'<span class="hash">([a-z2-9-]{24})</span>')


@pytest.fixture
def keeper(store, enter) -> Desk:
    return enter(staff(store, Role.SEC_ADMIN))


def test_an_auditors_account_is_opened_and_its_password_shown_once(store, keeper) -> None:
    answer = keeper.post(NEW, **OPENED)
    page = keeper.get(answer.location)
    (password,) = _PASSWORD.findall(page)
    assert "9月29日" in page
    assert not _PASSWORD.findall(keeper.get(answer.location))
    tried = store.execute(SYSTEM, accounts.begin_try, "zhou")
    assert accounts.has_password(tried.password_hash, password)
    assert "区审计局 周明" in keeper.get("/bureau/accounts?role=auditor")


def test_pressed_twice_one_account_is_opened_and_no_wrong_password_shown(keeper) -> None:
    fields = {**keeper.hidden(NEW), **OPENED}
    first, second = keeper.send(NEW, **fields), keeper.send(NEW, **fields)
    assert first.location == second.location
    # The first answer was never seen, but the browser still holds what it was to show.
    assert len(_PASSWORD.findall(keeper.get(first.location))) == 1
    third = keeper.send(NEW, **fields)
    assert _PASSWORD.findall(keeper.get(third.location)) == []


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(keeper) -> None:
    page = keeper.post(NEW, status=422, **{**OPENED, "days": "93", "purpose": ""})
    text = page.get_data(as_text=True)
    assert "区审计局 周明" in text
    assert "处需要修改" in text
    keeper.post(NEW, **OPENED)
    taken = keeper.post(NEW, status=422, **OPENED).get_data(as_text=True)
    assert "已经有人用了" in taken


def test_the_term_is_prolonged_and_ended_on_the_page(keeper) -> None:
    page = keeper.post(NEW, **OPENED).location
    keeper.post(page, f"{page}/prolong", status=422, days="7", reason="")
    keeper.post(page, f"{page}/prolong", days="7", reason="资料较多")
    assert "10月6日" in keeper.get(page)
    keeper.post(page, f"{page}/end", end_reason="查完了")
    assert "期限已过" in keeper.get(page)
    refused = keeper.post(page, f"{page}/reactivate", status=422).get_data(as_text=True)
    assert "审计期限已过" in refused


def test_roles_are_granted_taken_away_and_the_account_suspended(store, keeper, enter) -> None:
    officer = staff(store, Role.OFFICER, login="guo")
    page = f"/bureau/accounts/{officer.account_id}"
    keeper.post(page, f"{page}/roles", status=422, act="grant", role="street_liaison")
    keeper.post(page, f"{page}/roles", act="grant", role="street_liaison", street="tangye")
    assert "收回：街道经办" in keeper.get(page)
    keeper.post(page, f"{page}/roles", act="revoke", role="street_liaison")
    assert "收回：街道经办" not in keeper.get(page)
    desk = enter(officer)
    keeper.post(page, f"{page}/suspend")
    desk.get("/bureau", 303)
    keeper.post(page, f"{page}/reactivate")
    (password,) = _PASSWORD.findall(keeper.get(keeper.post(page, f"{page}/password").location))
    tried = store.execute(SYSTEM, accounts.begin_try, "guo")
    assert accounts.has_password(tried.password_hash, password)


def test_nobody_decides_on_his_own_account(store, enter) -> None:
    actor = staff(store, Role.SEC_ADMIN)
    page = f"/bureau/accounts/{actor.account_id}"
    refused = enter(actor).post(page, f"{page}/suspend", status=422).get_data(as_text=True)
    assert "另一位安全管理员" in refused


def test_only_security_administration_sees_accounts(store, enter, keeper) -> None:
    for role in (Role.OFFICER, Role.AUDITOR, Role.SYS_ADMIN, Role.AUDIT_ADMIN):
        enter(staff(store, role)).get("/bureau/accounts", 403)
    assert 'href="/bureau/accounts"' in keeper.get("/bureau/accounts")
    assert "没有这样的账户" in keeper.get("/bureau/accounts?q=nobody")
    keeper.get("/bureau/accounts?role=king", 422)
