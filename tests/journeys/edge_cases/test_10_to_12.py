"""The edge cases 10 to 12 of docs/counting.md played through the services, under their numbers."""

from datetime import date
from typing import Any

import pytest

from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.errors import ConflictError
from app.domain.recusal import Interest
from app.domain.service_record import MonthOutOfOrderError
from app.models.booking import Booking
from app.models.period import Adjustment, PublishedFigure
from app.models.service_session import ServiceSession
from app.services import activities, bookings, experts, persons
from app.services.persons import WalkIn
from tests.builders import a_need
from tests.gathering import Hall
from tests.journeys.counted import (
    CLOSED,
    OCTOBER,
    SEPTEMBER,
    compare,
    enter,
    held_by_both,
    own,
    panel,
)
from tests.journeys.district import District, Founder
from tests.moments import at


def stranger(district: District, **seen: Any) -> Founder:
    """Return a walk-in without a phone, as the desk keeps him."""
    walk_in = WalkIn(name="钱大妈", birth_year=1963, street="tangye", **seen)
    person = district.store.execute(district.officer, persons.register, walk_in)
    return Founder(SYSTEM, None, person)


def test_case_10_a_walk_in_counts_by_a_document_seen_and_a_signature_compared(
    district, gao, clerk
) -> None:
    district.wait_until("09-18 10:00")
    qian = stranger(district, document="居民身份证")
    session = enter(district, gao, qian, "09-17 10:00", 40)
    assert district.decision(session).reason == "unconfirmed"

    compare(district, clerk, session)

    assert own(district) == [1, 1, 40, 40]
    assert district.measures(SEPTEMBER).own.distinct_persons == 1


def test_case_10_who_shows_no_document_counts_from_when_he_does(district, gao, clerk) -> None:
    district.wait_until("09-18 10:00")
    qian = stranger(district)
    session = enter(district, gao, qian, "09-17 10:00", 40)
    compare(district, clerk, session)
    assert district.decision(session).reason == "identity_unverified"
    assert own(district) == [0, 0, 0, 0]

    district.store.execute(district.officer, persons.identify, qian.person_id, "居民身份证")
    assert own(district) == [1, 1, 40, 40]


def tied(district: District, mentor: Any, founder: Founder) -> None:
    interest = Interest(
        conflict_type="ci4_equity", organisation=founder.venture.name, starts_on=date(2025, 3, 1)
    )
    district.store.execute(mentor.actor, experts.declare_interest, mentor.expert.id, interest)


def test_case_11_alone_an_expert_with_a_tie_takes_the_service_with_him(district, gao, wang) -> None:
    session = district.served(gao, wang, "09-17 14:00")
    assert own(district) == [1, 1, 50, 50]
    tied(district, gao, wang)
    assert district.decision(session).reason == "conflict_of_interest"
    assert own(district) == [0, 0, 0, 0]


def test_case_11_a_tie_of_one_of_a_panel_found_afterwards_takes_the_whole_of_it(
    district, gao, wang
) -> None:
    he = district.mentor("何伟")
    session = panel(district, gao, he, wang, "09-17 14:00")
    held_by_both(district, gao, he, session)
    district.confirm(wang, session)
    assert own(district) == [1, 1, 120, 240]

    tied(district, he, wang)

    assert district.decision(session).reason == "conflict_of_interest"
    assert own(district) == [0, 0, 0, 0]


def test_case_11_a_judge_who_stands_aside_from_one_project_loses_only_its_minutes(
    district, gao
) -> None:
    liu = district.mentor("刘总")
    hall = Hall(district.store, district.clock, district.officer, district.approver)
    hall.experts = [gao.expert, liu.expert]
    hall.mentors = {0: gao.actor, 1: liu.actor}
    first, second = (
        district.founder(f"参赛者{number}", name=f"参赛项目{number}") for number in (1, 2)
    )
    tied(district, liu, first)
    district.wait_until("09-10 10:00")
    plan = hall.review_plan(experts=tuple(each.id for each in hall.experts))
    review = district.store.execute(district.officer, activities.announce, plan)
    heard = [
        district.store.execute(
            district.officer, activities.add_project, review.id, founder.venture.id
        )
        for founder in (first, second)
    ]
    district.wait_until("09-18 09:30")
    for actor, project in ((gao.actor, heard[0]), (gao.actor, heard[1]), (liu.actor, heard[1])):
        district.store.execute(actor, activities.submit_sheet, project.id, (80, 85))
    district.store.execute(district.officer, activities.publish, review.id, [])
    hall.close(review)

    figures = district.measures(SEPTEMBER).own.figures()
    names = ("sessions", "review_sessions", "review_projects", "review_mentor_minutes")
    assert [figures[name] for name in names] == [0, 1, 2, 180 + 165]


def test_case_12_months_close_in_order_each_once_and_an_empty_one_with_zeros(
    district, gao, wang
) -> None:
    district.served(gao, wang, "09-17 14:00")
    with pytest.raises(MonthOutOfOrderError):
        district.close(OCTOBER, "11-06 09:00")
    district.close(SEPTEMBER, "11-06 09:00")
    frozen = {row.id: (row.value, row.rows, row.sha256) for row in district.rows(PublishedFigure)}
    district.close(OCTOBER, "11-06 09:01")
    assert own(district, OCTOBER) == [0, 0, 0, 0]
    for month in (SEPTEMBER, OCTOBER):
        with pytest.raises(ConflictError):
            district.close(month, "12-08 09:00")
    with pytest.raises(MonthOutOfOrderError):
        district.close(Month(2026, 12), "2027-01-12 09:00"[5:])

    kept = {row.id: (row.value, row.rows, row.sha256) for row in district.rows(PublishedFigure)}
    assert frozen.items() <= kept.items()


def test_case_12_closing_late_keeps_the_cut(district, gao, wang) -> None:
    late = district.held(gao, wang, "09-29 14:00")
    district.record(gao, late)
    district.confirm(wang, late, "10-14 00:00")
    period = district.close(SEPTEMBER, "10-20 09:00")

    assert period.cut_at == at("10-14 00:00")
    counts = district.measures(SEPTEMBER)
    assert counts.as_reported.additive.sessions == counts.restated.additive.sessions == 1
    assert district.rows(Adjustment) == []


def test_case_12_a_booking_that_was_cancelled_is_in_no_month(district, gao, wang) -> None:
    need = a_need(district.store, wang.person_id, venture_id=wang.venture.id)
    choice = bookings.Choice(
        need_id=need.id, expert_id=gao.expert.id, starts_at=at("09-18 14:00"), mode="onsite"
    )
    booking = district.store.execute(wang.actor, bookings.request_now, choice)
    district.store.execute(gao.actor, bookings.accept, booking.id)
    district.store.execute(wang.actor, bookings.cancel, booking.id, "f_time_conflict")
    district.close(SEPTEMBER, CLOSED)

    assert own(district) == own(district, OCTOBER) == [0, 0, 0, 0]
    assert district.measures(SEPTEMBER).not_counted == {}
    assert len(district.rows(Booking)) == len(district.rows(ServiceSession)) == 1
