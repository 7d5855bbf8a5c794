"""Scenario 11, step 5, second half: 钱大妈 has her account deleted.

Who she was is forgotten, the records of her meetings are under lock until their term, and every
figure and every proof is what it was.
"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, create_engine, select

from app.domain.actor import SYSTEM, Role
from app.domain.erasure import ErasedError, kept_until
from app.domain.service_session import Party
from app.models.account import Account, AccountRole
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.erasure import ArchivedSession, Erasure
from app.models.message import Message
from app.models.outcome import OutcomeVersion
from app.models.person import FounderGroup, IdentityLevel, Person, Venture
from app.models.policy_number import PolicyNumberRow
from app.models.service_session import Attendance
from app.queries.service_counts.summed import summed
from app.services import accounts, persons
from app.unit_of_work import UnitOfWork
from tests.builders import PASSWORD, keep, staff
from tests.bundles import exported, seal, verdict
from tests.journeys.qian import OCTOBER, PHONE, SEPTEMBER, Qian, an_autumn
from tests.journeys.test_consent_withdrawn import faults, table
from tests.journeys.visits import deliver
from tests.scenes import Plays, after
from tests.serving import app, serve, sign_in
from tests.web.bureau.conftest import Desk, enter

__all__ = ["app", "enter", "serve", "sign_in"]

CLOSE = "/me/data/close"
SHEET = {"kind": "thumbprint", "given_on": "2026-10-16", "filed_at": "档案柜 3-14"}
SHOP = "钱大妈面点铺"
# What was signed or said for a record, kept under lock until its term.
ARCHIVE = {"confirmations", "outcome_versions"}


@after(an_autumn)
def with_a_visit_ahead(qian: Qian) -> Qian:
    """Let her have a password, and a meeting in four days."""

    def give(uow: UnitOfWork) -> None:
        account = uow.load(Account, qian.she.actor.account_id)
        account.password_hash = accounts.password_hash(PASSWORD)
        uow.load(Person, qian.she.person_id).email = "qian@example.com"

    qian.store.execute(SYSTEM, give)
    qian.district.accepted(qian.desk.mentor, qian.she, "10-20 14:00")
    deliver(qian.store)
    qian.district.wait_until("10-19 16:00")
    return qian


@pytest.fixture
def plays() -> Plays:
    return {"qian": with_a_visit_ahead}


@pytest.fixture
def qian(scene: Qian) -> Qian:
    return scene


@pytest.fixture
def raw(database_url: str) -> Any:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def go(her: Desk, **typed: str) -> Any:
    return her.post(CLOSE, **{"understood": "yes", "password": PASSWORD, **typed})


def figures(qian: Qian) -> list[object]:
    """Return every figure, split and table of the autumn."""
    with qian.store.read(SYSTEM) as reader:
        sums = summed(reader, SEPTEMBER, OCTOBER)
    measures = [qian.district.measures(month) for month in (SEPTEMBER, OCTOBER)]
    told = [(m.own, m.as_reported, m.restated, m.not_counted) for m in measures]
    return [sums, told, table(qian, SEPTEMBER), table(qian, OCTOBER)]


def tables_telling(raw: Engine, *words: str) -> set[str]:
    """Return the tables in any row of which one of the words stands."""
    held = MetaData()
    held.reflect(raw)
    with raw.connect() as connection:
        return {
            table.name
            for table in held.tables.values()
            for row in connection.execute(select(table))
            if any(word in str(value) for value in row for word in words)
        }


def test_the_page_says_what_goes_what_stays_and_why(qian, enter) -> None:
    her = enter(qian.she.actor)
    page = her.get(CLOSE)
    for words in ("姓名、电话", "张敏 · 10月20日", "参加过的 2 次服务", "保存 10 年", "不能恢复"):
        assert words in page, words
    for typed, field in (({"understood": ""}, "understood"), ({"password": "wrong"}, "password")):
        given = {"understood": "yes", "password": PASSWORD, **typed}
        refused = her.post(CLOSE, status=422, **given).text
        assert f'id="{field}-e"' in refused
    assert qian.district.rows(Erasure) == []
    assert qian.district.one(Person, Person.id == qian.she.person_id).phone == PHONE


def test_every_figure_and_every_proof_is_what_it_was(qian, enter) -> None:
    before, bundle = figures(qian), exported(qian.store)
    go(enter(qian.she.actor))
    assert figures(qian) == before
    seal(qian.store)
    assert faults(qian) == []
    again = exported(qian.store)
    for name in ("records.json", "figures.json", "sessions.json"):
        assert again[name] == bundle[name]
    assert verdict(again) == []
    qian.district.wait_until("10-20 03:30")
    assert qian.findings() == ()
    assert figures(qian) == before
    # Her verified group is a figure still; the row leads to somebody without a name.
    assert len(qian.district.rows(FounderGroup)) == 2


def test_who_she_was_is_nowhere_but_in_the_archive(qian, enter, raw) -> None:
    words = ("钱大妈", PHONE, "qian@example.com", SHOP, "办营业执照要准备什么材料")
    need = "想在社区开"
    found = tables_telling(raw, *words, need)
    assert {"persons", "accounts", "ventures", "messages"} <= found

    go(enter(qian.she.actor))
    deliver(qian.store)

    assert tables_telling(raw, *words) <= ARCHIVE
    person = qian.district.one(Person, Person.id == qian.she.person_id)
    assert (person.name, person.birth_year, person.street) == ("一位创业者", None, None)
    assert SHOP not in {row.name for row in qian.district.rows(Venture)}
    # Nobody else lost anything.
    assert qian.district.one(Person, Person.name == "赵大爷").phone == "13700009999"


def test_nobody_signs_in_to_it_again(qian, enter, app) -> None:
    her = enter(qian.she.actor)
    assert go(her).location == "/login"
    assert "/login" in her.client.get("/me/data").location
    client = Desk(app.test_client())
    refused = client.post("/login", status=422, login="qian", password=PASSWORD).text
    assert "qian" in refused or "登录名" in refused
    account = qian.district.one(Account, Account.id == qian.she.actor.account_id)
    assert (account.is_active, account.name) == (False, "一位创业者")
    keeper = staff(qian.store, Role.SEC_ADMIN)
    with pytest.raises(ErasedError):
        qian.store.execute(keeper, accounts.reactivate, account.login)


def test_the_mentor_is_told_politely_and_has_his_time_back(qian, enter) -> None:
    go(enter(qian.she.actor))
    booking = max(qian.district.rows(Booking), key=lambda row: row.starts_at)
    assert (booking.status.value, booking.is_excused) == ("cancelled", True)
    deliver(qian.store)
    told = qian.district.rows(
        Message,
        Message.account_id == qian.desk.mentor.actor.account_id,
        Message.event == "booking.cancelled",
    )
    (message,) = told
    assert "与一位创业者的见面已取消" in message.title


def test_the_records_are_under_lock_until_their_term(qian, enter) -> None:
    session = qian.september
    page, report = f"/bureau/sessions/{session.id}", f"/mentor/sessions/{session.id}/report"
    officer, mentor = enter(qian.district.officer), enter(qian.desk.mentor.actor)
    advice = qian.district.rows(OutcomeVersion)[0].advice
    assert advice in officer.get(page)
    assert advice in mentor.get(report)
    go(enter(qian.she.actor))
    locked = {row.service_session_id: row for row in qian.district.rows(ArchivedSession)}
    assert locked[session.id].kept_until == date(2036, 9, 18)
    sheet = f"/meetings/{session.id}/record"
    for desk, path in ((officer, page), (mentor, report), (officer, sheet)):
        shown = desk.get(path)
        assert advice not in shown
        assert "存档" in shown, path
        assert "2036年9月18日" in shown
    assert len(qian.district.rows(OutcomeVersion)) == 4


def test_a_record_that_is_somebody_elses_too_stays_open(qian, enter) -> None:
    came = Attendance(
        service_session_id=qian.september.id,
        side=Party.FOUNDER,
        person_id=qian.neighbour.person_id,
        is_lead=False,
        identity_level=IdentityLevel.DOCUMENT,
        is_present=True,
    )
    keep(qian.store, came)
    go(enter(qian.she.actor))
    locked = {row.service_session_id for row in qian.district.rows(ArchivedSession)}
    assert qian.october.id in locked
    assert qian.september.id not in locked


def test_the_term_is_that_of_the_policy_of_the_day(qian, enter) -> None:
    row = PolicyNumberRow(
        name="record_retention_years",
        valid_from=date(2026, 10, 1),
        value=30,
        source="鲁档发〔2026〕1号",
        entered_at=qian.district.clock.now(),
    )
    keep(qian.store, row)
    assert "保存 30 年" in enter(qian.she.actor).get(CLOSE)
    go(enter(qian.she.actor))
    locked = {row.service_session_id: row for row in qian.district.rows(ArchivedSession)}
    assert locked[qian.september.id].kept_until == date(2056, 9, 18)
    assert kept_until(date(2024, 2, 29), 10) == date(2034, 2, 28)


def test_a_clerk_does_it_on_her_paper_request_once(qian, enter) -> None:
    page = f"/bureau/desk/people/{qian.she.person_id}/erase"
    clerk = enter(qian.desk.clerk)
    enter(qian.desk.stranger).get(page, 404)
    refused = clerk.post(page, status=422, kind="thumbprint", given_on="", filed_at="").text
    for field in ("given_on", "filed_at", "agreed"):
        assert f'id="{field}-e"' in refused
    fields = {**clerk.hidden(page), **SHEET, "agreed": "yes"}
    assert clerk.send(page, **fields).location == "/bureau/desk"
    told = AuditEntry.action.in_(("person.erased", "service_session.archived"))
    entries = len(qian.district.rows(AuditEntry, told))
    # The same press again, and another one.
    assert clerk.send(page, **fields).location == "/bureau/desk"
    officer = enter(qian.district.officer)
    assert "已经注销" in officer.get(page)
    token = officer.token("/settings")
    officer.send(page, 409, **SHEET, agreed="yes", csrf_token=token)
    assert len(qian.district.rows(AuditEntry, told)) == entries
    assert len(qian.district.rows(Erasure)) == 1


def test_every_record_that_counts_as_her_is_forgotten(qian, enter) -> None:
    others = frozenset({qian.she.person_id})
    other = qian.desk.registers("钱 大妈", phone="13600001111", others=others)
    double = qian.store.execute(
        qian.district.officer, persons.propose_double, other.id, qian.she.person_id, "证件相同"
    )
    qian.store.execute(qian.district.approver, persons.approve_double, double.id)
    go(enter(qian.she.actor))
    assert {row.person_id for row in qian.district.rows(Erasure)} == {other.id, qian.she.person_id}
    forgotten = qian.district.one(Person, Person.id == other.id)
    assert (forgotten.name, forgotten.phone) == ("一位创业者", None)


def test_who_works_here_too_is_not_deleted(qian, enter) -> None:
    keep(qian.store, AccountRole(account_id=qian.she.actor.account_id, role=Role.OFFICER))
    answer = enter(qian.she.actor).post(CLOSE, status=422, understood="yes", password=PASSWORD)
    assert "请先解除职责" in answer.text
    assert qian.district.rows(Erasure) == []
