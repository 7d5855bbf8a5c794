"""Scenario 10: the district's audit asks the bureau to prove a number, and trusts nobody.

第三季度服务企业数：开通审计账户，从数字看到每一条凭证，重新计算，导出，什么也改不了。
"""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from app.domain.actor import SYSTEM, Role
from app.domain.calendar import Month
from app.models.account import Account
from app.models.message import Message
from app.models.policy_number import PolicyNumberRow
from app.models.service_session import ServiceSession
from app.services import accounts, audit_entries
from tests.builders import keep, staff
from tests.journeys.district import District
from tests.journeys.visits import deliver
from tests.serving import app, client, serve, sign_in
from tests.web.bureau.conftest import Desk, enter
from tests.web.bureau.year import Year, district, plays, year

__all__ = ["app", "client", "district", "enter", "plays", "serve", "sign_in", "year"]

NEW = "/bureau/accounts/new-auditor"
QUESTION = "stretch=2026-Q3&measure=enterprises"
_PASSWORD = re.compile(r'<span class="hash">([a-z2-9-]{24})</span>')
_SESSION = re.compile(r'<th scope="row"><a href="(/bureau/sessions/[0-9a-f-]{36})"')
_SPLIT = re.compile(r'<section class="card" aria-labelledby="s\d+">.*?</section>', re.DOTALL)
_PART = re.compile(r'<tr><th scope="row">.*?</th><td class="r"><a [^>]*>(<b>)?([\d,]+)', re.DOTALL)
_OWN = re.compile(r'<a href="(/bureau/sessions\?[^"]*venture=[^"]*)">(\d+)</a>')


def seal(of: District) -> None:
    of.store.execute(SYSTEM, audit_entries.seal, of.store.audit_key())


def taken_away(auditor: Desk) -> str:
    """Take the rows behind the number away, and return the hash that others find in the log."""
    taken = auditor.client.get(f"/bureau/exports/ledger?{QUESTION}")
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        table = archive.read(manifest["file"])
    assert hashlib.sha256(table).hexdigest() == manifest["sha256"]
    assert manifest["value"] == 2
    lines = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert lines[0] == ["# 导出账户", "区审计局 周明 (zhouming)"]
    assert "zhouming" in manifest["file"]
    return str(manifest["sha256"])


@pytest.fixture
def raw(database_url: str) -> Any:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def auditor(year: Year, enter, app) -> Desk:
    """An auditor whose account security administration has just opened for fourteen days."""
    year.district.close(Month(2026, 8), "09-25 10:00")
    keeper = enter(staff(year.district.store, Role.SEC_ADMIN))
    who = {
        "name": "区审计局 周明",
        "login": "zhouming",
        "days": "14",
        "purpose": "审通〔2026〕9 号",
    }
    opened = keeper.get(keeper.post(NEW, **who).location)
    (password,) = _PASSWORD.findall(opened)
    seal(year.district)
    desk = Desk(app.test_client())
    desk.post("/login", login="zhouming", password=password)
    return desk


def test_a_number_is_proved_row_by_row_and_the_audit_leaves_its_own_trail(
    year: Year, auditor: Desk, enter
) -> None:
    # The cell: definition, policy, the distinct codes, and the same value counted again.
    cell = auditor.get(f"/bureau/audit/figure?{QUESTION}")
    assert "2026年第3季度" in cell
    assert "服务当天已登记，期内只计 1 次" in cell
    assert "LC-COUNT-1" in cell
    assert "重新计算，结果相同" in cell
    own = [(unescape(href), int(shown)) for href, shown in _OWN.findall(cell)]
    assert sorted(shown for _, shown in own) == [1, 3]

    # Each with its services; each of these with everything it rests on.
    found = [path for href, _ in own for path in _SESSION.findall(auditor.get(href))]
    assert len(found) == 4
    for path in found:
        proof = auditor.get(path)
        for words in (
            "约定时间",
            "签到",
            "服务记录",
            "创业者一方的确认",
            "计数决定",
            'class="hash"',
        ):
            assert words in proof, (path, words)

    # The trail as a whole holds, and what is taken away says who took it.
    assert "记录链完整" in auditor.get("/bureau/log/verify")
    sha256 = taken_away(auditor)

    # He changes nothing.
    session = found[0]
    token = auditor.token("/settings")
    for path in ("/bureau/periods/2026-09/close", f"{session}/correction", f"{session}/ruling"):
        auditor.send(path, 403, csrf_token=token)

    # And others read what he looked at: subject, object, time, address.
    keeper = enter(staff(year.district.store, Role.AUDIT_ADMIN))
    looks = keeper.get("/bureau/log/looks?who=zhouming")
    for words in ("区审计局 周明", "/bureau/audit/figure", session, "127.0.0.1", "9月25日"):
        assert words in looks, words
    assert "想改动，已拒绝" in looks
    assert sha256[:16] in looks
    seal(year.district)
    assert "记录链完整" in keeper.get("/bureau/log/verify")


def test_every_split_of_the_month_sums_to_the_same_total(year: Year, auditor: Desk) -> None:
    totals = {}
    for section in _SPLIT.findall(auditor.get("/bureau/reports/2026-08")):
        rows = [(bold, int(number.replace(",", ""))) for bold, number in _PART.findall(section)]
        parts = [number for bold, number in rows if not bold]
        (total,) = [number for bold, number in rows if bold]
        assert sum(parts) == total
        (heading,) = re.findall(r"<h2[^>]*>(.*?)</h2>", section)
        totals[heading] = total
    assert {"按服务类型", "按部门", "按片区"} <= totals.keys()
    assert set(totals.values()) == {3}


def test_one_byte_altered_in_the_database_is_named(year: Year, auditor: Desk, raw: Engine) -> None:
    seal(year.district)
    assert "记录链完整" in auditor.get("/bureau/log/verify")
    session = year.district.rows(ServiceSession)[3]
    key = session.id.hex if raw.dialect.name == "sqlite" else session.id
    with raw.begin() as connection:
        changed = connection.execute(
            text("UPDATE service_sessions SET break_minutes = 1 WHERE id = :key"), {"key": key}
        )
    assert changed.rowcount == 1
    shown = auditor.get("/bureau/log/verify")
    assert "记录链完整" not in shown
    assert str(session.id) in shown
    others = [str(row.id) for row in year.district.rows(ServiceSession) if row.id != session.id]
    assert not [other for other in others if other in shown]


def test_the_account_ends_by_itself(year: Year, auditor: Desk) -> None:
    auditor.get("/bureau/audit")
    year.district.wait_until("10-09 00:00")
    assert "/login" in auditor.client.get("/bureau/audit").location


def told(year: Year) -> list[tuple[str, str]]:
    """Return who was told of an account's end, by name, in which words."""
    of_end = Message.event == "account.ending"
    names = {row.id: row.name for row in year.district.rows(Account)}
    rows = year.district.rows(Message, of_end)
    return sorted((names[row.account_id], row.title) for row in rows)


def test_the_end_of_his_term_is_told_days_before_and_again_when_it_was_moved(
    year: Year, auditor: Desk, enter
) -> None:
    store, account = year.district.store, year.district.one(Account, Account.login == "zhouming")
    warning = "到期以后自动关闭"
    year.district.wait_until("10-05 23:59")
    assert store.execute(SYSTEM, accounts.watch_ends) == 0
    assert warning not in auditor.get("/bureau/audit")

    year.district.wait_until("10-06 08:30")
    assert [store.execute(SYSTEM, accounts.watch_ends) for _time in range(2)] == [1, 0]
    deliver(store)
    own, keeper = "您的账户快到期了", "区审计局 周明的账户快到期了"
    assert told(year) == [("sec_admin", keeper), ("区审计局 周明", own)]
    shown = auditor.get("/bureau/audit")
    assert warning in shown
    assert "10月8日 周四 24:00" in shown

    security = staff(store, Role.SEC_ADMIN, name="安全管理员")
    store.execute(
        security, accounts.prolong_auditor, account.id, 7, "抽查没有做完", version=account.version
    )
    assert store.execute(SYSTEM, accounts.watch_ends) == 0
    assert warning not in auditor.get("/bureau/audit")
    year.district.wait_until("10-13 09:00")
    assert store.execute(SYSTEM, accounts.watch_ends) == 1


def test_how_many_days_before_is_a_number_of_policy(year: Year, auditor: Desk) -> None:
    row = PolicyNumberRow(
        name="account_end_warning_days",
        valid_from=date(2026, 9, 26),
        value=10,
        source="历人社发〔2026〕9号",
        entered_at=year.district.clock.now(),
    )
    keep(year.district.store, row)
    year.district.wait_until("09-29 00:00")
    assert "到期以后自动关闭" in auditor.get("/bureau/audit")
    assert year.district.store.execute(SYSTEM, accounts.watch_ends) == 1
