"""The rows behind the plan's figures: entered, checked by another, put right by new ones."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.domain.import_row import ImportRefusedError, SourceRow
from app.domain.plan import (
    CheckedError,
    CheckStatus,
    KnownError,
    Line,
    OwnRowsError,
    SameHandsError,
    SupportKind,
)
from app.models.audit_entry import AuditEntry
from app.models.person import PersonAlias
from app.models.plan import ReportedFigure
from app.models.support_item import OpeningList, OpeningRow, SupportItem
from app.queries.plan import Asked, IndicatorFigure, indicator_page, plan_page
from app.queries.plan.entered import report_entries
from app.services import audit_entries, persons, plan
from app.services.plan import BaseChange, ItemEntry, OpeningSheet, Report
from app.unit_of_work import unscoped
from tests.builders import a_person, staff
from tests.databases import AUDIT_KEY
from tests.scenes import Plays
from tests.turns import on_each
from tests.web.bureau.year import Year, a_year

KEY = b"a key for marks"
LOAN = {"kind": SupportKind.LOAN, "done_on": date(2026, 5, 20), "quantity": 15_000_050}


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


def enter(year: Year, who: Actor | None = None, **values: Any) -> SupportItem:
    given = {**LOAN, "person_id": year.firm.person_id, "document": "历贷〔2026〕1号", **values}
    return year.district.store.execute(
        who or year.district.officer, plan.propose_item, ItemEntry(**given)
    )


def approve(year: Year, item: SupportItem, **values: Any) -> SupportItem:
    return year.district.store.execute(year.district.approver, plan.approve_item, item.id, **values)


def figure(year: Year, code: str) -> IndicatorFigure:
    with year.district.store.read(year.district.officer) as reader:
        (found,) = [each for each in plan_page(reader).figures if each.code == code]
    return found


def sheet(*rows: dict[str, object], name: str = "a") -> OpeningSheet:
    told = {"name": "张三", "kind": "补贴", "done_on": "2024-05-20", "document": "历补1号"}
    return OpeningSheet(
        document="历人社〔2026〕9号",
        file_name="期初.xlsx",
        content_sha256=name * 64,
        rows=[
            SourceRow(n, {**told, "amount": "2000", **row}) for n, row in enumerate(rows, start=2)
        ],
    )


def bring(year: Year, given: OpeningSheet, **options: Any) -> Any:
    return year.district.store.execute(
        year.district.officer, plan.import_list, given, KEY, **options
    )


def the_list(year: Year) -> OpeningList:
    return year.district.one(OpeningList)


def test_an_item_counts_once_another_has_checked_it(year: Year) -> None:
    item = enter(year)
    assert figure(year, "T02").value == 0
    with pytest.raises(ForbiddenError):
        year.district.store.execute(year.district.officer, plan.approve_item, item.id)
    approve(year, item, version=1)
    assert figure(year, "T02").value == 15_000_050
    with pytest.raises(CheckedError):
        approve(year, item)
    own = enter(year, year.district.approver, document="另一份")
    with pytest.raises(SameHandsError):
        approve(year, own)
    actions = [e.action for e in year.district.rows(AuditEntry, AuditEntry.entity_id == item.id)]
    assert actions == ["support_item.proposed", "support_item.approved"]


@on_each
def test_the_database_refuses_a_check_by_the_same_hands(year: Year, dialect: str) -> None:
    enter(year)
    engine = year.district.store.engine
    for attack in (
        "UPDATE support_items SET status='approved', checked_at=made_at, checked_by_id=made_by_id",
        "DELETE FROM support_items",
        "UPDATE support_items SET quantity = 0",
        "UPDATE support_items SET quantity = NULL",
    ):
        with pytest.raises(IntegrityError), unscoped(), engine.begin() as connection:
            connection.execute(text(attack))
    # The same statement is taken where it breaks no law.
    with unscoped(), engine.begin() as connection:
        changed = connection.execute(text("UPDATE support_items SET quantity = 5"))
    assert changed.rowcount == 1


def test_the_same_paper_is_entered_once(year: Year) -> None:
    item = enter(year)
    with pytest.raises(KnownError):
        enter(year)
    store = year.district.store
    with pytest.raises(InvalidInputError):
        store.execute(year.district.approver, plan.refuse_item, item.id, "  ")
    store.execute(year.district.approver, plan.refuse_item, item.id, "没有盖章")
    assert approve(year, enter(year)).status is CheckStatus.APPROVED
    assert figure(year, "T02").value == 15_000_050


def test_a_wrong_item_is_put_right_by_a_new_row_only(year: Year) -> None:
    item = enter(year)
    with pytest.raises(CheckedError):
        enter(year, replaces=item.id, note="还没有复核")
    approve(year, item)
    with pytest.raises(InvalidInputError):
        enter(year, replaces=item.id)
    right = enter(year, replaces=item.id, note="合同是二十万", quantity=20_000_000)
    assert figure(year, "T02").value == 15_000_050
    with pytest.raises(KnownError):
        enter(year, replaces=item.id, note="再改一次")
    approve(year, right)
    assert figure(year, "T02").value == 20_000_000
    approve(year, enter(year, replaces=right.id, note="没有放款", is_void=True))
    assert figure(year, "T02").value == 0
    assert figure(year, "T01").lines[Line.BOTH] == 0
    assert len(year.district.rows(SupportItem)) == 3


def test_what_cannot_be_is_refused_and_leaves_nothing(year: Year) -> None:
    for values in (
        {"quantity": None},
        {"quantity": 0},
        {"done_on": date(2026, 9, 26)},
        {"document": ""},
        {"kind": SupportKind.SERVICE},
        {"is_void": True},
        {"venture_id": year.firm.person_id},
    ):
        with pytest.raises(InvalidInputError):
            enter(year, **values)
    assert year.district.rows(SupportItem) == []


def test_founders_are_distinct_persons_on_lines_that_add_up(year: Year) -> None:
    before = figure(year, "T01")
    assert before.lines == {**dict.fromkeys(Line, 0), Line.SESSION: 3}
    new = a_person(year.district.store, name="新人", phone="13700000001")
    approve(year, enter(year))
    approve(
        year,
        enter(year, kind=SupportKind.SETTLEMENT, quantity=None, person_id=new.id, document="入1"),
    )
    # Jobs are something a founder brought about, not what he was given.
    jobs = enter(year, kind=SupportKind.JOBS, quantity=7, person_id=year.unknown.person_id)
    approve(year, jobs)
    after = figure(year, "T01")
    assert after.lines == {
        Line.SESSION: 2,
        Line.BOTH: 1,
        Line.SUPPORT: 1,
        Line.LISTED: 0,
        Line.UNMATCHED: 0,
    }
    assert after.value == sum(after.lines.values()) == 4
    assert figure(year, "T03").value == 7


def test_two_records_found_to_be_one_are_one_founder(year: Year) -> None:
    new = a_person(year.district.store, name="王强", phone="13700000001")
    approve(year, enter(year, person_id=new.id))
    assert figure(year, "T01").value == 4
    store = year.district.store
    double = store.execute(
        year.district.officer, persons.propose_double, new.id, year.firm.person_id, "同一人"
    )
    store.execute(year.district.approver, persons.approve_double, double.id)
    assert len(year.district.rows(PersonAlias)) == 1
    found = figure(year, "T01")
    assert (found.value, found.lines[Line.BOTH]) == (3, 1)


def test_an_opening_list_counts_by_person_and_its_strangers_on_their_own_line(year: Year) -> None:
    phone = year.firm.person.phone
    given = sheet(
        {"name": year.firm.person.name, "phone": phone},
        {"number": "370102199001011234"},
        {"number": "370102199001011234", "document": "历补2号"},
        {"name": "李四", "phone": "13655550001", "kind": "担保贷款", "amount": "100000.50"},
        {"name": "赵六", "phone": "13655550002", "kind": "带动就业", "amount": "", "heads": "3"},
    )
    tried = bring(year, given, dry_run=True)
    assert year.district.rows(OpeningList) == []
    report = bring(year, given)
    assert tried == report
    assert (report.rows, report.matched, report.unmatched) == (5, 1, 4)
    assert figure(year, "T01").value == 3
    maker = replace(year.district.approver, account_id=year.district.officer.account_id)
    with pytest.raises(SameHandsError):
        year.district.store.execute(maker, plan.approve_list, the_list(year).id)
    year.district.store.execute(year.district.approver, plan.approve_list, the_list(year).id)
    found = figure(year, "T01")
    assert (found.lines[Line.SESSION], found.lines[Line.UNMATCHED], found.value) == (3, 2, 5)
    assert figure(year, "T02").value == 10_000_050
    assert figure(year, "T03").value == 3
    kept = "".join(str(vars(row)) for row in year.district.rows(OpeningRow))
    assert "370102199001011234" not in kept
    assert "13655550001" not in kept
    with pytest.raises(KnownError):
        bring(year, given)


def test_a_stranger_registered_later_is_matched_and_a_list_can_be_taken_back(year: Year) -> None:
    bring(year, sheet({"name": "李 四", "phone": "136-5555-0001"}))
    store, approver = year.district.store, year.district.approver
    key = the_list(year).id
    store.execute(approver, plan.approve_list, key)
    assert store.execute(year.district.officer, plan.match_list, key, KEY) == 0
    a_person(store, name="李四", phone="+86 13655550001")
    assert store.execute(year.district.officer, plan.match_list, key, KEY) == 1
    found = figure(year, "T01")
    assert (found.lines[Line.LISTED], found.lines[Line.UNMATCHED]) == (1, 0)
    store.execute(approver, plan.withdraw_list, key, "名单有误")
    assert figure(year, "T01").value == 3
    assert bring(year, sheet({"name": "李四", "phone": "13655550001"})).matched == 1
    with pytest.raises(CheckedError):
        store.execute(approver, plan.withdraw_list, key, "再来一次")


def test_two_people_of_one_telephone_and_name_are_left_unmatched(year: Year) -> None:
    for _ in range(2):
        a_person(year.district.store, name="李四", phone="13655550001")
    assert bring(year, sheet({"name": "李四", "phone": "13655550001"})).matched == 0


def test_every_cell_that_cannot_be_is_named_and_nothing_is_taken(year: Year) -> None:
    wrong = [
        ({}, "number", "plan.number_or_phone"),
        ({"phone": "1", "kind": "送温暖"}, "kind", "import.unknown_word"),
        ({"phone": "1", "amount": ""}, "amount", "input.required"),
        ({"phone": "1", "amount": "1.234"}, "amount", "plan.not_money"),
        ({"phone": "1", "amount": "0"}, "amount", "input.too_large"),
        ({"phone": "1", "heads": "3"}, "heads", "plan.no_quantity"),
        ({"phone": "1", "kind": "入驻"}, "amount", "plan.no_quantity"),
        ({"phone": "1", "done_on": "2026-09-26"}, "done_on", "input.too_late"),
        ({"phone": "1", "done_on": "去年"}, "done_on", "input.not_a_date"),
        ({"phone": "1", "document": ""}, "document", "input.required"),
        ({"phone": "1", "colour": "red"}, "colour", "import.unknown_column"),
    ]
    rows = [{"document": str(n), **row} for n, (row, _, _) in enumerate(wrong)]
    with pytest.raises(ImportRefusedError) as error:
        bring(year, sheet({"phone": "13655550009"}, *rows))
    found = [(f.row, f.field, f.code) for f in error.value.faults]
    assert found == [(n, field, code) for n, (_, field, code) in enumerate(wrong, start=3)]
    assert year.district.rows(OpeningRow) == []


def test_a_row_sent_twice_and_an_empty_file_are_refused(year: Year) -> None:
    with pytest.raises(ImportRefusedError) as error:
        bring(year, sheet({"phone": "1"}, {"phone": "1"}))
    assert error.value.faults[0].code == "plan.row_twice"
    with pytest.raises(InvalidInputError):
        bring(year, sheet())


def report(year: Year, who: Actor, **values: Any) -> ReportedFigure:
    given = {"code": "T04", "period": "2026-Q2", "amount": 4, "document": "历工信〔2026〕3号"}
    return year.district.store.execute(who, plan.report, Report(**{**given, **values}))


@pytest.fixture
def liaison(year: Year) -> Actor:
    return staff(year.district.store, Role.DEPT_LIAISON, department="gxj")


def test_a_department_reports_its_own_indicators_and_an_approver_signs_off(year, liaison) -> None:
    sent = report(year, liaison)
    assert figure(year, "T04").value == 0
    year.district.store.execute(year.district.approver, plan.approve_report, sent.id)
    assert figure(year, "T04").value == 4
    other = staff(year.district.store, Role.DEPT_LIAISON, department="kjj")
    with pytest.raises(NotFoundError):
        report(year, other, period="2026-Q1")
    with year.district.store.read(other) as reader:
        assert report_entries(reader, CheckStatus.APPROVED).items == []
    with year.district.store.read(liaison) as reader:
        assert len(report_entries(reader, CheckStatus.APPROVED).items) == 1
    with pytest.raises(ForbiddenError):
        year.district.store.execute(liaison, plan.approve_report, sent.id)


def test_a_report_that_cannot_be_is_refused(year: Year) -> None:
    for values, error in (
        ({"code": "T01"}, OwnRowsError),
        ({"code": "T02"}, OwnRowsError),
        ({"code": "T99"}, NotFoundError),
        ({"period": "2026-Q3"}, InvalidInputError),
        ({"period": "2026-09"}, InvalidInputError),
        ({"period": "soon"}, InvalidInputError),
        ({"amount": -1}, InvalidInputError),
        ({"document": " "}, InvalidInputError),
        ({"is_void": True}, InvalidInputError),
    ):
        with pytest.raises(error):
            report(year, year.district.officer, **values)
    assert year.district.rows(ReportedFigure) == []


def test_a_period_is_reported_once_and_put_right_by_a_new_figure(year, liaison) -> None:
    sent = report(year, liaison)
    for period in ("2026-Q2", "2026-05", "2026-H1"):
        with pytest.raises(KnownError):
            report(year, liaison, period=period)
    report(year, liaison, period="2025", amount=9)
    store, approver = year.district.store, year.district.approver
    store.execute(approver, plan.approve_report, sent.id)
    with pytest.raises(InvalidInputError):
        report(year, liaison, replaces=sent.id, period="2026-Q1", note="期间写错")
    right = report(year, liaison, replaces=sent.id, amount=3, note="有一家没有通过")
    store.execute(approver, plan.approve_report, right.id)
    assert figure(year, "T04").value == 3
    void = report(year, liaison, replaces=right.id, amount=0, note="没有", is_void=True)
    store.execute(approver, plan.refuse_report, void.id, "有三家")
    assert figure(year, "T04").value == 3


def test_yearly_figures_of_two_years_are_never_added(year, liaison) -> None:
    for period, amount in (("2025", 9), ("2026-Q1", 2)):
        sent = report(year, liaison, period=period, amount=amount)
        year.district.store.execute(year.district.approver, plan.approve_report, sent.id)
    assert figure(year, "T04").value == 2
    with year.district.store.read(year.district.officer) as reader:
        past = indicator_page(reader, "T04", Asked(year=2025))
    assert (past.figure.value, past.total, past.count) == (9, 9, 1)
    assert past.months[-1].value == 9


def test_a_base_is_changed_by_a_dated_row_and_printed(year: Year) -> None:
    store, approver = year.district.store, year.district.approver
    change = BaseChange(
        valid_from=date(2026, 9, 25),
        baseline_on=date(2026, 9, 1),
        due_on=date(2027, 12, 31),
        document="历政办〔2026〕8号",
    )
    assert figure(year, "T01").base.baseline_on == date(2024, 1, 1)
    with pytest.raises(ForbiddenError):
        store.execute(year.district.officer, plan.set_base, "T01", change)
    store.execute(approver, plan.set_base, "T01", change)
    found = figure(year, "T01")
    assert (found.base.baseline_on, found.base.document) == (date(2026, 9, 1), change.document)
    # Of the three only two were served in September.
    assert found.value == 2
    with pytest.raises(ConflictError):
        store.execute(approver, plan.set_base, "T01", change)


def test_a_base_that_cannot_be_is_refused(year: Year) -> None:
    given = {
        "valid_from": date(2026, 9, 25),
        "baseline_on": date(2024, 6, 1),
        "due_on": date(2026, 12, 31),
        "document": "文",
    }
    for values in (
        {"valid_from": date(2026, 9, 1)},
        {"baseline_on": date(2026, 9, 26)},
        {"due_on": None},
        {"due_on": date(2023, 1, 1)},
        {"document": ""},
    ):
        change = BaseChange(**{**given, **values})
        with pytest.raises(InvalidInputError):
            year.district.store.execute(year.district.approver, plan.set_base, "T01", change)


def test_what_was_entered_is_proved_by_the_trail(year: Year) -> None:
    approve(year, enter(year))
    bring(year, sheet({"phone": "13655550001"}))
    assert faults(year) == 0
    with unscoped(), year.district.store.engine.begin() as connection:
        connection.execute(text("UPDATE support_items SET quantity = 99"))
    assert faults(year) == 1


def faults(year: Year) -> int:
    with year.district.store.read(SYSTEM) as reader:
        return audit_entries.verify(reader, AUDIT_KEY).total
