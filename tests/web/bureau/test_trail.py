"""The trail on a page, its verification, letters, the rules in words."""

import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.actor import SYSTEM, Role
from app.services import audit_entries
from app.services.audit_entries.comparing import ledger_models
from app.unit_of_work import unscoped
from tests.builders import staff
from tests.founder_road import plays, road

__all__ = ["plays", "road"]

ROOT = Path(__file__).parents[3]
_ACTION = re.compile(r'"([a-z_]+\.[a-z_]+)"')


@pytest.fixture
def auditor(store, enter):
    return enter(staff(store, Role.AUDITOR))


def test_the_trail_is_shown_newest_first_and_filtered(road, auditor) -> None:
    booking = road.accepted()
    page = auditor.get("/bureau/log")
    rows = re.findall(r'data-l="操作"><span>([^<]+)<', page)
    assert rows.index("接受预约") < rows.index("提交预约")
    only = auditor.get("/bureau/log?action=booking.requested")
    assert set(re.findall(r'data-l="操作"><span>([^<]+)<', only)) == {"提交预约"}
    own = auditor.get(f"/bureau/log?entity=bookings&thing={booking.id}")
    assert re.findall(r'data-l="操作"><span>([^<]+)<', own) == ["接受预约", "提交预约"]
    assert "没有这样的记录" in auditor.get("/bureau/log?since=2026-12-01")
    assert "提交预约" in auditor.get("/bureau/log?since=2026-09-16&until=2026-09-16")


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=2026-02-30", "thing=x", "action=" + "x" * 100]
)
def test_a_filter_that_cannot_be_read_is_named_at_its_field(road, auditor, query: str) -> None:
    assert "处需要修改" in auditor.get(f"/bureau/log?{query}", 422)


def test_the_trail_goes_on_page_by_page(road, auditor) -> None:
    for hour in range(9, 20):
        road.held(f"09-18 {hour:02}:00")
        road.held(f"09-18 {hour:02}:30")
        road.held(f"09-18 {hour:02}:15")
    page = auditor.get("/bureau/log")
    following = re.findall(r'href="([^"]+)">下一页', page)
    assert following
    assert auditor.get(following[0].replace("&amp;", "&")) != page
    auditor.get("/bureau/log?after=x", 404)


def test_who_may_not_read_the_trail_is_refused(store, enter) -> None:
    for role in (Role.OFFICER, Role.SYS_ADMIN):
        enter(staff(store, role)).get("/bureau/log", 403)
    for role in (Role.APPROVER, Role.AUDIT_ADMIN):
        assert "操作日志" in enter(staff(store, role)).get("/bureau/log")


def test_the_menu_offers_only_what_is_open_to_the_reader(store, enter) -> None:
    def menu(role: Role) -> tuple[bool, bool]:
        page = enter(staff(store, role)).get("/bureau/mentors")
        return 'href="/bureau/log"' in page, 'href="/bureau/outbox"' in page

    assert menu(Role.OFFICER) == (False, True)
    assert menu(Role.APPROVER) == (True, True)
    assert menu(Role.AUDITOR) == (True, False)


def test_a_sound_trail_is_verified(road, auditor, store) -> None:
    road.accepted()
    store.execute(SYSTEM, audit_entries.seal, store.audit_key())
    page = auditor.get("/bureau/log/verify")
    assert "记录链完整" in page
    assert "1 批封存" in page


def test_a_changed_row_is_named(road, auditor, store) -> None:
    booking = road.requested()
    with unscoped(), store.engine.begin() as connection:
        statement = text("UPDATE bookings SET place = 'elsewhere'")
        connection.execute(statement)
    page = auditor.get("/bureau/log/verify")
    assert "发现 1 处不一致" in page
    assert "台账与最后的记录不符" in page
    assert str(booking.id) in page


def test_every_action_and_table_of_the_trail_has_its_words() -> None:
    words = (ROOT / "app/web/templates/bureau/auditing/trail.html").read_text(encoding="utf-8")
    named = set(re.findall(r"'([a-z_]+\.[a-z_]+)': _\(", words))
    done = set()
    for path in (ROOT / "app/services").rglob("*.py"):
        for call in re.findall(r"\.audit\(\s*([^)]*)", path.read_text(encoding="utf-8")):
            done |= set(_ACTION.findall(call))
    assert len(done) > 40
    assert done - named == set()
    told = words[words.index("macro entity_name") : words.index("macro fault_name")]
    tables = {str(model.__tablename__) for model in ledger_models()}
    assert tables - set(re.findall(r"'([a-z_]+)': _\(", told)) == set()


def test_no_word_of_the_trail_is_said_twice() -> None:
    words = (ROOT / "app/web/templates/bureau/auditing/trail.html").read_text(encoding="utf-8")
    for part in words.split("{% macro ")[1:]:
        codes = re.findall(r"'([a-z_.]+)': _\(", part)
        assert [code for code, times in Counter(codes).items() if times > 1] == [], part[:20]


def test_the_outbox_shows_letters_to_who_may_see_them(store, enter) -> None:
    for role in (Role.OFFICER, Role.SYS_ADMIN):
        desk = enter(staff(store, role))
        assert "没有信件" in desk.get("/bureau/outbox")
        assert "没有信件" in desk.get("/bureau/outbox?state=failed")
        desk.get("/bureau/outbox?state=lost", 422)
    enter(staff(store, Role.AUDITOR)).get("/bureau/outbox", 403)


def test_the_rules_are_told_with_the_numbers_of_the_policy(district, desk) -> None:
    page = desk.get("/bureau/rules")
    for words in (
        "LC-COUNT-1",
        "低于最低时长",
        "创业咨询最低时长",
        "30 分钟",
        "次月第 5 个工作日起",
    ):
        assert words in page
