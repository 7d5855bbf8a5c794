from datetime import date

import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.person import (
    DoubleCheckedError,
    DoubleCheckerError,
    DoubleWaitsError,
    SamePersonsError,
)
from app.models.expert import DeclaredInterest
from app.models.person import DoubleStatus, IdentityLevel, PersonAlias, PersonDouble
from app.services import persons
from app.services.persons import WalkIn
from tests.builders import keep, staff
from tests.journeys.district import District, Mentor

SEPTEMBER = Month(2026, 9)


@pytest.fixture
def mentor(district: District) -> Mentor:
    return district.mentor("高源")


def propose(district: District, alias, person, actor=None) -> PersonDouble:
    return district.store.execute(
        actor or district.officer,
        persons.propose_double,
        alias.person_id,
        person.person_id,
        "同一身份证号",
    )


@pytest.mark.parametrize(
    ("walk_in", "field"),
    [
        (WalkIn(name=" "), "name"),
        (WalkIn(name="钱" * 81), "name"),
        (WalkIn(name="钱大妈", phone="电话不详"), "phone"),
        (WalkIn(name="钱大妈", document=" "), "document"),
    ],
)
def test_a_walk_in_is_refused_at_the_field_at_fault(district, walk_in, field) -> None:
    with pytest.raises(InvalidInputError) as refused:
        district.store.execute(district.officer, persons.register, walk_in)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_clerk_registers_for_his_own_sub_district(district) -> None:
    clerk = staff(district.store, Role.STREET_LIAISON, street="tangye")
    walk_in = WalkIn(name="钱大妈", street="guodian")

    assert district.store.execute(clerk, persons.register, walk_in).street == "tangye"


def test_a_document_seen_later_lets_earlier_meetings_count(district, mentor) -> None:
    unknown = district.founder("无名", IdentityLevel.NONE)
    session = district.served(mentor, unknown, "09-17 14:00")
    assert district.decision(session).reason == "identity_unverified"

    district.store.execute(district.officer, persons.identify, unknown.person_id, "居民身份证")

    decision = district.decision(session)
    assert (decision.status, decision.cause) == ("counted", "person.identified")


def test_two_records_found_to_be_one_person_count_as_one_even_in_a_closed_month(
    district, mentor
) -> None:
    first, second = district.founder("赵敏"), district.founder("赵 敏")
    district.served(mentor, first, "09-17 14:00")
    district.served(mentor, second, "09-18 14:00")
    district.close(SEPTEMBER, "10-13 09:00")

    double = propose(district, second, first)
    assert district.measures(SEPTEMBER).restated.distinct_persons == 2
    district.store.execute(district.approver, persons.approve_double, double.id)

    counts = district.measures(SEPTEMBER)
    assert (counts.as_reported.distinct_persons, counts.restated.distinct_persons) == (2, 1)
    assert counts.restated.additive == counts.as_reported.additive
    (posted,) = district.measures(Month(2026, 10)).adjustments
    assert (posted.month, posted.recomputed.distinct_persons) == ("2026-09", -1)


def test_who_found_a_double_does_not_check_it(district) -> None:
    first, second = district.founder("赵敏"), district.founder("赵 敏")
    double = propose(district, second, first, district.approver)

    with pytest.raises(DoubleCheckerError):
        district.store.execute(district.approver, persons.approve_double, double.id)
    with pytest.raises(ForbiddenError):
        district.store.execute(district.officer, persons.approve_double, double.id)
    assert district.rows(PersonAlias) == []


def test_a_refused_double_stays_two_persons(district) -> None:
    first, second = district.founder("赵敏"), district.founder("赵 敏")
    double = propose(district, second, first)
    district.store.execute(district.approver, persons.refuse_double, double.id)

    assert district.one(PersonDouble).status is DoubleStatus.REFUSED
    with pytest.raises(DoubleCheckedError):
        district.store.execute(district.approver, persons.approve_double, double.id)


def test_what_counts_as_one_already_is_not_linked_again_or_in_a_circle(district) -> None:
    first, second = district.founder("赵敏"), district.founder("赵 敏")
    district.store.execute(
        district.approver, persons.approve_double, propose(district, second, first).id
    )

    for alias, person in ((second, first), (first, second)):
        with pytest.raises(SamePersonsError):
            propose(district, alias, person)


def test_the_same_two_wait_for_their_check_once_whichever_is_named_first(district) -> None:
    first, second = district.founder("赵敏"), district.founder("赵 敏")
    double = propose(district, second, first)

    for alias, person in ((second, first), (first, second)):
        with pytest.raises(DoubleWaitsError):
            propose(district, alias, person)

    district.store.execute(district.approver, persons.refuse_double, double.id)
    assert propose(district, first, second).status is DoubleStatus.PROPOSED


def test_a_third_record_joins_the_person_as_whom_the_second_counts(district) -> None:
    first, second, third = (district.founder(name) for name in ("赵敏", "赵 敏", "赵敏"))
    for alias, person in ((second, first), (second, third)):
        double = propose(district, alias, person)
        district.store.execute(district.approver, persons.approve_double, double.id)

    linked = {(row.alias_id, row.person_id) for row in district.rows(PersonAlias)}
    assert linked == {
        (second.person_id, first.person_id),
        (first.person_id, third.person_id),
    }


def test_two_proposals_for_one_record_are_both_approved_and_make_three_one(district) -> None:
    first, second, third = (district.founder(name) for name in ("赵敏", "赵 敏", "赵敏"))
    waiting = [propose(district, second, each) for each in (first, third)]
    for double in waiting:
        district.store.execute(district.approver, persons.approve_double, double.id)

    with pytest.raises(SamePersonsError):
        propose(district, first, third)


def test_a_tie_of_a_record_linked_later_reaches_what_the_others_attended(district, mentor) -> None:
    known, walk_in = district.founder("吴迪"), district.founder("吴 迪")
    owner = district.founder("吴迪", name="吴迪智造有限公司", registered_on=date(2023, 5, 5))
    session = district.served(mentor, walk_in, "09-17 14:00")
    tie = DeclaredInterest(
        expert_id=mentor.expert.id,
        conflict_type="ci4_equity",
        organisation="吴迪智造有限公司",
        starts_on=date(2025, 3, 1),
    )
    keep(district.store, tie)
    for alias in (walk_in, owner):
        assert district.decision(session).status == "counted"
        double = propose(district, alias, known)
        district.store.execute(district.approver, persons.approve_double, double.id)

    assert district.decision(session).reason == "conflict_of_interest"
