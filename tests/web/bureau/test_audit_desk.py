"""The auditor's desk: from published figures to rows, changes, concentration, originals."""

import re
from html import unescape

import pytest
from sqlalchemy import select, text, update

from app.db import metadata
from app.domain.account import Holding
from app.domain.actor import SYSTEM, Role
from app.domain.attachment import AttachmentKind
from app.domain.calendar import Month
from app.domain.file_type import FileType
from app.models.attachment import Attachment
from app.models.service_record import ServiceRecord
from app.services import accounts, audit_entries
from app.unit_of_work import unscoped
from tests.builders import staff
from tests.founder_road import statements
from tests.web.bureau.conftest import Desk
from tests.web.bureau.test_costs import MOST
from tests.web.bureau.test_figures import followed

RECORDS = metadata.tables["service_records"]
AUGUST = Month(2026, 8)
FIGURE = "/bureau/audit/figure?month=2026-08&measure=enterprises"
_FRAME = ("sign_in_sessions", "account_roles", "access_entries", "INSERT INTO audit_entries")
_COUNT = re.compile(r'<a href="(/bureau/sessions\?[^"]*)">(\d+)</a>')


@pytest.fixture
def closed(year):
    year.district.close(AUGUST, "09-25 10:00")
    store = year.district.store
    store.execute(SYSTEM, audit_entries.seal, store.audit_key())
    return year


@pytest.fixture
def auditor(closed, enter) -> Desk:
    return enter(staff(closed.district.store, Role.AUDITOR))


def test_an_audit_begins_with_the_closed_months_their_figures_and_seals(auditor) -> None:
    page = auditor.get("/bureau/audit")
    assert "2026年8月" in page
    assert "第 1 批" in page
    assert unescape(FIGURE) in unescape(page)
    for path in ("changes", "concentration", "originals"):
        assert f'href="/bureau/audit/{path}"' in page


def test_nothing_closed_yet_is_said_calmly(year, enter) -> None:
    page = enter(staff(year.district.store, Role.AUDITOR)).get("/bureau/audit")
    assert "还没有结账的月份" in page


@pytest.mark.parametrize("basis", ["reported", "now"])
@pytest.mark.parametrize("measure", ["sessions", "enterprises", "session_minutes", "not_counted"])
def test_a_figure_counted_again_is_the_same(auditor, measure: str, basis: str) -> None:
    path = f"/bureau/audit/figure?month=2026-08&measure={measure}&basis={basis}"
    page = auditor.get(path)
    assert "重新计算，结果相同" in page
    assert "LC-COUNT-1" in page or measure == "not_counted"


def test_the_enterprises_of_a_quarter_are_named_each_with_its_services(auditor) -> None:
    page = auditor.get("/bureau/audit/figure?stretch=2026-Q3&measure=enterprises")
    assert "2026年第3季度" in page
    assert "历城某商贸" in page
    found = [(unescape(href), int(shown)) for href, shown in _COUNT.findall(page)]
    assert [shown for _, shown in found] == [3, 1] or [shown for _, shown in found] == [1, 3]
    for href, shown in found:
        assert followed(auditor, href) == (shown, shown, shown)


def test_a_decision_somebody_changed_is_found_when_it_is_counted_again(closed, auditor) -> None:
    store = closed.district.store
    with unscoped(), store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER tr_service_records_update"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        longest = RECORDS.c.minutes == 90
        detail = connection.execute(select(RECORDS.c.detail).where(longest)).scalars().first()
        changed = {**detail, "minutes": 91}
        connection.execute(update(RECORDS).where(longest).values(detail=changed, minutes=91))
    page = auditor.get("/bureau/audit/figure?month=2026-09&measure=session_minutes")
    assert "重新计算，结果不同" in page
    assert "打开这一场" in page


def test_concentration_leads_to_the_rows_of_each_number(auditor) -> None:
    page = auditor.get("/bureau/audit/concentration?year=2026")
    found = [(unescape(href), int(shown)) for href, shown in _COUNT.findall(page)]
    assert len(found) >= 6
    for href, shown in found:
        figure, summed, _ = followed(auditor, href)
        assert figure == summed == shown, href
    assert "这段时间没有计入的服务" in auditor.get("/bureau/audit/concentration?month=2026-01")


def test_changes_say_who_when_and_from_what_to_what(closed, auditor) -> None:
    store, clerk = closed.district.store, staff(closed.district.store, login="guo")
    keeper = staff(store, Role.SEC_ADMIN, name="钱静")
    store.execute(keeper, accounts.grant, "guo", Holding(Role.STREET_LIAISON, street="tangye"))
    page = auditor.get("/bureau/audit/changes?month=2026-09")
    assert "授予角色" in page
    assert "钱静" in page
    assert "role = street_liaison" in page
    assert f"thing={clerk.account_id}" in page
    assert "业务时间没有" in page or "批封存里" in page
    assert "这段时间没有变动" in auditor.get("/bureau/audit/changes?month=2026-01")
    auditor.get("/bureau/audit/changes?stretch=2026-Q5", 422)


def test_paper_and_files_are_two_clicks_away(closed, auditor) -> None:
    meeting = closed.meetings["first"]
    district = closed.district

    def put_in(uow) -> Attachment:
        row = uow.add(
            Attachment(
                service_session_id=meeting.id,
                kind=AttachmentKind.PHOTO,
                name="现场.jpg",
                file_type=FileType.JPEG,
                size=9,
                sha256="a" * 64,
                added_by_id=district.officer.account_id,
                added_at=uow.now,
            )
        )
        uow.audit("attachment.added", row)
        return row

    file = district.store.execute(SYSTEM, put_in)
    page = auditor.get("/bureau/audit/originals?month=2026-09")
    assert f'href="/bureau/sessions/{meeting.id}"' in page
    assert str(file.id) in page
    assert "aaaaaaaaaaaaaaaa…" in page


def test_no_originals_is_said(auditor) -> None:
    page = auditor.get("/bureau/audit/originals?month=2026-01")
    assert "这段时间没有录入登记表" in page


@pytest.mark.parametrize("path", ["", "/changes?year=2026", "/concentration", "/originals"])
def test_a_page_of_the_desk_costs_few_statements(closed, auditor, path: str) -> None:
    with statements(closed.district.store) as sent:
        auditor.get(f"/bureau/audit{path}")
    own = [each for each in sent if not any(table in each for table in (*_FRAME, "calendar_days"))]
    assert len(own) <= MOST, own


def test_only_who_reads_the_trail_reaches_the_desk(closed, enter) -> None:
    store = closed.district.store
    enter(staff(store, Role.OFFICER)).get("/bureau/audit", 403)
    assert "审计台" in enter(staff(store, Role.AUDIT_ADMIN)).get("/bureau/audit")
    assert closed.district.rows(ServiceRecord)
