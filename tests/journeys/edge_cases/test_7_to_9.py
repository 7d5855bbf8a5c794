"""The edge cases 7 to 9 of docs/counting.md played through the services, each under its number."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.actor import SYSTEM
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.person import SamePersonsError
from app.domain.service_record import PolicyStartError
from app.domain.venture import EntityType
from app.models.audit_entry import AuditEntry
from app.models.period import Adjustment
from app.models.person import PersonAlias, Venture
from app.models.venture_registration import VentureRegistration
from app.services import persons, service_records, venture_registrations
from app.services.venture_registrations import Registered
from tests.journeys.counted import CLOSED, OCTOBER, SEPTEMBER, compare, enter, longer, own
from tests.journeys.district import District, Founder

CODE = "91350100M000100Y43"


@pytest.fixture
def li(district: District) -> Founder:
    """李晓, whose team is not registered yet."""
    return district.founder("李晓", name="李晓工作室")


def registered(district: District, founder: Founder, on: date) -> VentureRegistration:
    """Have an officer see the licence; what was held for the venture is decided anew."""
    assert founder.venture is not None
    shown = Registered(EntityType.INDIVIDUAL_BUSINESS, CODE, on, "营业执照副本")
    return district.store.execute(
        district.officer, venture_registrations.note, founder.venture.id, shown
    )


def ventures(district: District) -> tuple[list[Any], list[Any]]:
    counts = district.measures(SEPTEMBER)
    figures = (counts.as_reported or counts.own, counts.restated)
    return tuple([each.enterprises, each.teams] for each in figures)


@pytest.mark.parametrize(
    ("on", "restated"), [(date(2026, 10, 5), [0, 1]), (date(2026, 9, 17), [1, 0])]
)
def test_case_7_the_day_of_the_register_decides_whenever_it_becomes_known(
    district, gao, li, on: date, restated: list[int]
) -> None:
    district.served(gao, li, "09-17 14:00")
    district.close(SEPTEMBER, CLOSED)
    assert ventures(district) == ([0, 1], [0, 1])

    district.wait_until("10-20 10:00")
    registered(district, li, on)

    # As reported stays; a company registered on or before the day is one, else a team.
    assert ventures(district) == ([0, 1], restated)
    assert district.measures(SEPTEMBER).restated.additive == (
        district.measures(SEPTEMBER).as_reported.additive
    )


def test_case_7_served_again_after_registering_it_is_one_enterprise_and_no_team(
    district, gao, li
) -> None:
    district.served(gao, li, "09-15 14:00")
    district.wait_until("09-16 10:00")
    registered(district, li, date(2026, 9, 16))
    assert ventures(district)[1] == [0, 1]
    district.served(gao, li, "09-17 14:00")
    assert ventures(district)[1] == [1, 0]


def test_case_7_a_registration_is_kept_as_it_became_known_and_the_newest_holds(
    district, gao, wang, li
) -> None:
    session = district.served(gao, li, "09-17 14:00")
    before = len(district.versions(session))
    district.wait_until("09-18 10:00")
    first = registered(district, li, date(2026, 9, 18))
    assert registered(district, li, date(2026, 9, 18)).id == first.id
    registered(district, li, date(2026, 9, 17))

    assert [row.registered_on.day for row in district.rows(VentureRegistration)] == [18, 17]
    venture = district.one(Venture, Venture.id == li.venture.id)
    assert (venture.entity_type, venture.credit_code) == ("individual_business", CODE)
    assert venture.registered_on == date(2026, 9, 17)
    entries = district.rows(AuditEntry, AuditEntry.action == "venture.registration_noted")
    assert len(entries) == 2
    assert len(district.versions(session)) == before + 2
    assert ventures(district)[1] == [1, 0]

    with pytest.raises(InvalidInputError) as taken:
        registered(district, wang, date(2026, 9, 1))
    assert [each.code for each in taken.value.errors] == ["venture.credit_code_taken"]
    other = district.one(Venture, Venture.id == wang.venture.id)
    assert other.registered_on == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"credit_code": "91350100M000100Y44"}, "venture_credit_code"),
        ({"registered_on": date(2027, 1, 1)}, "registered_on"),
        ({"entity_type": EntityType.TEAM}, "entity_type"),
        ({"document": " "}, "document"),
    ],
)
def test_case_7_what_no_register_says_is_refused_at_its_field(
    district, li, change: dict[str, Any], field: str
) -> None:
    good = Registered(EntityType.COMPANY, CODE, date(2026, 9, 1), "营业执照副本")
    with pytest.raises(InvalidInputError) as refused:
        district.store.execute(
            district.officer, venture_registrations.note, li.venture.id, replace(good, **change)
        )
    assert [each.field for each in refused.value.errors] == [field]
    with pytest.raises(ForbiddenError):
        district.store.execute(li.actor, venture_registrations.note, li.venture.id, good)
    assert district.rows(VentureRegistration) == []


def link(district: District, one: Founder, other: Founder) -> PersonAlias:
    """Have two officers find that two records are one person."""
    double = district.store.execute(
        district.officer, persons.propose_double, one.person_id, other.person_id, "证件相同"
    )
    return district.store.execute(district.approver, persons.approve_double, double.id)


def heads(district: District) -> list[Any]:
    counts = district.measures(SEPTEMBER)
    return [
        (each.additive.person_times, each.distinct_persons)
        for each in (counts.as_reported, counts.restated)
    ]


def test_case_8_two_records_of_one_person_are_one_in_the_restated_month_and_not_before(
    district, gao, li
) -> None:
    again = district.founder("李小")
    district.served(gao, li, "09-17 10:00")
    district.served(gao, again, "09-17 14:00")
    district.close(SEPTEMBER, CLOSED)
    assert heads(district) == [(2, 2), (2, 2)]

    district.wait_until("10-20 10:00")
    link(district, again, li)

    assert heads(district) == [(2, 2), (2, 1)]
    # Nobody counts less often for it: nothing additive was adjusted.
    assert [row.deltas["measures"] for row in district.rows(Adjustment)] in ([], [{}])
    with pytest.raises(SamePersonsError):
        link(district, li, again)


def test_case_8_person_times_change_only_where_both_records_sat_together(
    district, gao, clerk, li
) -> None:
    again = district.founder("李小")
    district.wait_until("09-18 10:00")
    together = enter(district, gao, li, "09-17 10:00", 40, companions=[again])
    compare(district, clerk, together)
    district.close(SEPTEMBER, CLOSED)
    assert heads(district) == [(2, 2), (2, 2)]

    district.wait_until("10-20 10:00")
    link(district, again, li)

    assert heads(district) == [(2, 2), (1, 1)]
    (posted,) = district.rows(Adjustment)
    assert posted.deltas["measures"] == {"person_times": -1}


def test_case_9_a_service_is_judged_for_ever_by_the_policy_of_its_day(district, gao, wang) -> None:
    district.wait_until("09-24 10:00")
    with pytest.raises(PolicyStartError):
        longer(district, 60, date(2026, 10, 16))
    longer(district, 60, date(2026, 10, 1))
    before = district.served(gao, wang, "09-30 14:00", 50)
    after = district.served(gao, wang, "10-08 14:00", 50)
    assert (own(district)[0], own(district, OCTOBER)[0]) == (1, 0)
    first, second = district.decision(before), district.decision(after)
    assert (first.policy_from, second.policy_from) == (date(2026, 1, 1), date(2026, 10, 1))
    assert second.reason == "below_minimum"

    district.close(SEPTEMBER, CLOSED)
    district.wait_until("10-20 10:00")
    with pytest.raises(PolicyStartError):
        longer(district, 30, date(2026, 10, 1))
    district.store.execute(SYSTEM, service_records.count, before.id, cause="test")
    assert district.decision(before).status == "counted"
