from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.db import StaleVersionError
from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.policy_change import (
    NothingChangesError,
    PolicyChangeCheckedError,
    PolicyChangeStatus,
    PolicyInForceError,
    PolicyMonthTakenError,
    SamePolicyPersonError,
    numbers_of,
)
from app.domain.policy_preview import PreviewEndedError, PreviewStatus, Side
from app.domain.service_record import NoPolicyError, PolicyStartError, SessionType, policy_on
from app.models.audit_entry import AuditEntry
from app.models.policy_change import PolicyChange, PolicyPreview, PolicyPreviewMonth
from app.models.service_record import CountingPolicyRow, ServiceRecord
from app.queries import policy_previews as shown
from app.queries.service_counts.policies import load_policies
from app.services import audit_entries, policy_changes, policy_previews
from tests.builders import staff
from tests.previewing import count_all
from tests.scenes import Plays
from tests.turns import on_each
from tests.web.bureau.year import Year, a_year

OCTOBER = date(2026, 10, 1)
AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
WHY = "历人社〔2026〕31号"


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


@pytest.fixture
def district(year: Year):
    return year.district


@pytest.fixture
def raw(database_url: str) -> Iterator[Engine]:
    """The database past the service, as its administrator has it."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def policies(district):
    with district.store.read(district.officer) as reader:
        return load_policies(reader)


def numbers(district, **changed):
    """Return the numbers in force, the least length of a consultation changed."""
    known = numbers_of(policies(district)[-1])
    least = {**known.min_minutes, SessionType.CONSULTATION: changed.pop("consultation", 46)}
    return replace(known, min_minutes=least, **changed)


def propose(district, valid_from=OCTOBER, actor=None, **changed):
    actor = actor or district.approver
    given = numbers(district, **changed)
    return district.store.execute(actor, policy_changes.propose, valid_from, given, WHY)


def enter(district, change, actor=None, **options):
    return district.store.execute(
        actor or district.officer, policy_changes.enter, change.id, **options
    )


def withdraw(district, change, why="数字写错了"):
    return district.store.execute(district.approver, policy_changes.withdraw, change.id, why)


def preview(district, change, *months):
    asked = district.store.execute(district.officer, policy_previews.ask, change.id, months)
    count_all(district.store, asked.id)
    with district.store.read(district.officer) as reader:
        return shown.preview(reader, asked.id)


def rows(district, page, measure, side, month=None):
    with district.store.read(district.officer) as reader:
        return shown.preview_rows(reader, page.id, measure, side, month=month, page=1)


@on_each
def test_a_row_is_proposed_by_one_entered_by_another_and_judges_from_its_first_day(district):
    change = propose(district)
    assert change.status is PolicyChangeStatus.PROPOSED
    assert len(policies(district)) == 1

    entered = enter(district, change)

    old, new = policies(district)
    assert (old.code, new.code, new.valid_from) == ("LC-COUNT-1", "LC-COUNT-2", OCTOBER)
    assert new.minimum(SessionType.CONSULTATION) == 46
    assert policy_on((old, new), date(2026, 9, 30)) is old
    assert (entered.checked_by_id, entered.made_by_id) == (
        district.officer.account_id,
        district.approver.account_id,
    )
    with district.store.read(district.approver) as reader:
        assert audit_entries.verify(reader, district.store.audit_key()).is_ok


def test_edge_case_9_no_month_is_left_under_two_rules(district) -> None:
    for day in (date(2026, 10, 15), date(2026, 9, 1), date(2026, 9, 25), date(2026, 8, 1)):
        with pytest.raises(PolicyStartError, match=r"policy\.must_start_on_first"):
            propose(district, day)
    assert district.rows(PolicyChange) == []


def test_edge_case_9_a_service_is_judged_for_ever_by_the_row_of_its_day(year, district) -> None:
    enter(district, propose(district, consultation=56))
    district.wait_until("10-13 10:00")
    after = district.served(year.official, year.team, "10-14 10:00", 55)
    assert (district.decision(after).reason, district.decision(after).policy_code) == (
        "below_minimum",
        "LC-COUNT-2",
    )
    # 55 minutes in September stay counted, also when they are decided anew in October.
    late = district.confirm(year.other, year.meetings["open"])
    assert late is not None
    decision = district.decision(year.meetings["open"])
    assert (decision.status, decision.policy_code) == ("counted", "LC-COUNT-1")


def test_a_proposal_waits_too_long_and_can_no_more_be_entered(district) -> None:
    change = propose(district)
    district.wait_until("10-08 10:00")
    with pytest.raises(PolicyStartError):
        enter(district, change)


def test_who_proposed_it_can_neither_enter_nor_refuse_it(district) -> None:
    change = propose(district)
    for verb in (policy_changes.enter, policy_changes.refuse):
        with pytest.raises(SamePolicyPersonError):
            district.store.execute(district.approver, verb, change.id)
    assert len(policies(district)) == 1


def test_only_an_approver_proposes_and_a_liaison_checks_nothing(district) -> None:
    with pytest.raises(ForbiddenError):
        propose(district, actor=district.officer)
    change = propose(district)
    liaison = staff(district.store, Role.STREET_LIAISON, street="tangye")
    with pytest.raises(ForbiddenError):
        enter(district, change, liaison)
    with pytest.raises(ForbiddenError):
        district.store.execute(liaison, policy_previews.ask, change.id, [AUGUST])


def test_a_refused_proposal_stays_in_the_file_and_is_checked_once(district) -> None:
    change = propose(district)
    refused = district.store.execute(district.officer, policy_changes.refuse, change.id)
    assert (refused.status, refused.policy_id) == (PolicyChangeStatus.REFUSED, None)
    with pytest.raises(PolicyChangeCheckedError):
        enter(district, change)
    with pytest.raises(PolicyChangeCheckedError):
        withdraw(district, change)


@on_each
def test_an_entered_row_is_withdrawn_before_its_day_stays_and_another_takes_its_place(district):
    first = propose(district, consultation=60)
    enter(district, first)
    with pytest.raises(PolicyMonthTakenError):
        propose(district, consultation=45)

    withdraw(district, first)

    assert [p.code for p in policies(district)] == ["LC-COUNT-1"]
    assert len(district.rows(CountingPolicyRow)) == 2
    enter(district, propose(district, consultation=45))
    assert [(p.code, p.minimum(SessionType.CONSULTATION)) for p in policies(district)] == [
        ("LC-COUNT-1", 30),
        ("LC-COUNT-3", 45),
    ]


def test_two_proposals_for_one_day_are_not_both_entered(district) -> None:
    first, second = propose(district, consultation=40), propose(district, consultation=45)
    enter(district, first)
    with pytest.raises(PolicyMonthTakenError):
        enter(district, second)


def test_what_is_in_force_is_neither_withdrawn_nor_changed(district) -> None:
    change = propose(district)
    enter(district, change)
    district.wait_until("10-01 00:00")
    with pytest.raises(PolicyInForceError):
        withdraw(district, change)


@on_each
def test_the_database_keeps_the_two_people_and_the_rows(district, raw: Engine) -> None:
    enter(district, propose(district))
    attacks = {
        "UPDATE policy_changes SET checked_by_id = made_by_id": "two_people",
        "UPDATE policy_changes SET status = 'withdrawn', withdrawn_on = valid_from": "not_in_force",
        "DELETE FROM policy_changes": "tr_append_only",
        "UPDATE counting_policies SET code = 'LC-COUNT-9'": "tr_append_only",
    }
    for statement, law in attacks.items():
        with raw.connect() as connection, pytest.raises(DBAPIError, match=law):
            connection.execute(text(statement))
    # The same before its first day passes: it was the law that refused, not the statement.
    with raw.begin() as connection:
        connection.execute(
            text("UPDATE policy_changes SET status = 'withdrawn', withdrawn_on = '2026-09-30'")
        )
    assert [p.code for p in policies(district)] == ["LC-COUNT-1"]


def test_numbers_nobody_can_mean_and_those_that_hold_anyway_are_refused(district) -> None:
    with pytest.raises(InvalidInputError) as refused:
        propose(district, consultation=-1, close_working_day=40)
    assert [error.field for error in refused.value.errors] == [
        "min_consultation",
        "close_working_day",
    ]
    with pytest.raises(NothingChangesError):
        propose(district, consultation=30)
    assert district.rows(PolicyChange) == []


def test_who_saw_an_older_state_does_not_enter_it(district) -> None:
    change = propose(district)
    with pytest.raises(StaleVersionError):
        enter(district, change, version=change.version + 1)


@on_each
def test_a_preview_sets_both_figures_side_by_side_and_writes_no_record(year, district) -> None:
    before = [(row.id, row.number) for row in district.rows(ServiceRecord)]

    page = preview(district, propose(district), AUGUST, SEPTEMBER)

    assert (page.status, page.done, page.changed) == (PreviewStatus.DONE, 2, 1)
    august, september = page.by_month
    assert (august.old["sessions"], august.new["sessions"]) == (3, 2)
    assert (august.old["session_minutes"], august.new["session_minutes"]) == (155, 110)
    assert (august.old["enterprises"], august.new["enterprises"]) == (2, 1)
    assert september.old == september.new
    assert page.total is not None
    assert (page.total.old["sessions"], page.total.new["sessions"]) == (5, 4)
    assert (page.total.old["distinct_persons"], page.total.new["distinct_persons"]) == (3, 2)
    assert [(row.id, row.number) for row in district.rows(ServiceRecord)] == before


def test_a_preview_says_which_records_change_and_why_both_ways(year, district) -> None:
    longer = preview(district, propose(district), AUGUST, SEPTEMBER)
    shorter = preview(district, propose(district, consultation=20), AUGUST, SEPTEMBER)
    with district.store.read(district.officer) as reader:
        (lost,) = shown.changed_rows(reader, longer.id, month=None, page=1).rows
        (gained,) = shown.changed_rows(reader, shorter.id, month=None, page=1).rows
    assert (lost.session_id, lost.turn) == (year.meetings["guodian"].id, "lost")
    assert lost.after is not None
    assert lost.after.reason == "below_minimum"
    assert (gained.session_id, gained.turn) == (year.meetings["short"].id, "gained")
    assert gained.before.reason == "below_minimum"


def test_every_figure_of_a_preview_is_the_sum_of_its_rows(year, district) -> None:
    page = preview(district, propose(district), AUGUST, SEPTEMBER)
    assert page.total is not None
    for figures in (*page.by_month, page.total):
        for side, told in ((Side.OLD, figures.old), (Side.NEW, figures.new)):
            for measure in ("sessions", "session_minutes", "distinct_persons", "enterprises"):
                found = rows(district, page, measure, side, figures.month)
                assert sum(row.amount for row in found.rows) == found.value == told[measure]


def test_a_preview_stays_what_it_was_when_a_record_is_decided_anew(year, district) -> None:
    page = preview(district, propose(district), SEPTEMBER)
    (figures,) = page.by_month
    district.confirm(year.other, year.meetings["open"])
    assert district.measures(SEPTEMBER).restated.additive.sessions == 3
    assert rows(district, page, "sessions", Side.OLD).value == figures.old["sessions"] == 2


def test_a_preview_that_is_stopped_counts_no_further(district) -> None:
    change = propose(district)
    asked = district.store.execute(
        district.officer, policy_previews.ask, change.id, [AUGUST, SEPTEMBER]
    )
    store = district.store
    parcel = store.execute(district.officer, policy_previews.prepare, asked.id)
    store.execute(district.officer, policy_previews.cancel, asked.id)
    store.execute(district.officer, policy_previews.record, policy_previews.compute(parcel))
    assert count_all(store, asked.id) == 0
    assert district.rows(PolicyPreviewMonth) == []
    assert district.one(PolicyPreview).status is PreviewStatus.CANCELLED


def test_a_step_taken_twice_keeps_its_month_once(district) -> None:
    change = propose(district)
    store = district.store
    asked = store.execute(district.officer, policy_previews.ask, change.id, [AUGUST, SEPTEMBER])
    counted = policy_previews.compute(
        store.execute(district.officer, policy_previews.prepare, asked.id)
    )
    for _ in range(2):
        store.execute(district.officer, policy_previews.record, counted)
    assert count_all(store, asked.id) == 1
    assert [row.month for row in district.rows(PolicyPreviewMonth)] == ["2026-08", "2026-09"]
    with pytest.raises(PreviewEndedError):
        store.execute(district.officer, policy_previews.cancel, asked.id)


def test_months_that_have_not_begun_or_none_are_refused(district) -> None:
    change = propose(district)
    fourteen = [*(Month(2025, number) for number in range(1, 13)), Month(2026, 1), Month(2026, 2)]
    for months in ([], [Month(2026, 10)], fourteen):
        with pytest.raises(InvalidInputError):
            district.store.execute(district.officer, policy_previews.ask, change.id, months)


def test_a_month_before_the_first_row_can_still_be_tried(district) -> None:
    with pytest.raises(NoPolicyError):
        policy_on(policies(district), date(2025, 6, 1))
    page = preview(district, propose(district), Month(2025, 6))
    assert (page.status, page.by_month[0].new["sessions"]) == (PreviewStatus.DONE, 0)


def test_every_step_of_a_change_is_in_the_trail(district) -> None:
    change = propose(district)
    enter(district, change)
    withdraw(district, change)
    actions = [
        row.action for row in district.rows(AuditEntry, AuditEntry.entity == "policy_changes")
    ]
    assert actions == [f"policy_change.{verb}" for verb in ("proposed", "entered", "withdrawn")]
