from decimal import Decimal

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Mode
from app.domain.calendar import Month
from app.domain.expert import ExpertCategory
from app.domain.service_record import CorrectionOp
from app.domain.task import TaskKind
from app.queries import plan
from app.queries.bureau_desk import Waiting
from app.queries.overview import Overview, overview
from app.services import bookings, corrections, outcomes, tasks
from app.services.bookings import Choice
from tests.builders import a_need, staff
from tests.founder_road import FounderRoad, statements
from tests.gathering import open_hall
from tests.journeys.district import District
from tests.moments import at
from tests.web.bureau.year import district, plays, year

__all__ = ["district", "plays", "year"]

AUGUST, SEPTEMBER, OCTOBER = Month(2026, 8), Month(2026, 9), Month(2026, 10)


def look(
    district: District, month: Month = SEPTEMBER, actor: Actor | None = None, **values
) -> Overview:
    with (
        district.store.read(actor or district.officer) as reader,
        statements(district.store) as sent,
    ):
        found = overview(reader, month, **values)
    assert len(sent) <= 8, sent
    return found


def headline(measures) -> tuple[int, ...]:
    figures = measures.figures()
    names = ("sessions", "person_times", "distinct_persons", "enterprises", "teams")
    return tuple(figures[name] for name in names)


def test_the_figures_of_year_and_month_equal_a_hand_count(year) -> None:
    page = look(year.district)
    assert headline(page.year) == (5, 5, 3, 2, 1)
    assert headline(page.of_month) == (2, 2, 2, 1, 1)
    assert page.year.additive.session_minutes == 50 + 60 + 45 + 90 + 55
    assert page.year.session_hours == "5.0"
    by_month = {bar.month: dict(bar.by_type) for bar in page.bars}
    assert by_month[AUGUST] == {"consultation": 3, "diagnosis": 0, "tutoring": 0, "other": 0}
    assert by_month[SEPTEMBER] == {"consultation": 1, "diagnosis": 1, "tutoring": 0, "other": 0}
    assert (page.months[0], page.months[-1], page.is_running) == (Month(2026, 1), SEPTEMBER, True)


def test_what_each_category_carried_is_told_per_head(year) -> None:
    loads = {row.category: row for row in look(year.district).categories}
    scholar = loads[ExpertCategory.SCHOLAR]
    assert (scholar.experts, scholar.sessions, scholar.per_head) == (1, 3, Decimal("3.0"))
    assert loads[ExpertCategory.OFFICIAL].sessions == 2
    investor = loads[ExpertCategory.INVESTOR]
    assert (investor.experts, investor.sessions, investor.per_head) == (0, 0, None)


def test_shares_are_told_with_their_base(year) -> None:
    quality = look(year.district).quality
    assert (quality.held, quality.confirmed) == (8, 7)
    assert (quality.answered, quality.in_time) == (8, 8)


def test_what_waits_is_counted_by_kind(district) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强")
    district.held(mentor, founder, "09-15 10:00")
    disputed = district.held(mentor, founder, "09-17 10:00")
    district.record(mentor, disputed)
    district.confirm(founder, disputed, agrees=False, remark="时间不对")
    silent = district.held(mentor, founder, "09-14 10:00")
    district.record(mentor, silent)
    correction = district.store.execute(
        district.officer, corrections.propose, silent.id, CorrectionOp.VOID, None, "重复登记"
    )
    district.wait_until("09-25 10:00")
    district.store.execute(SYSTEM, outcomes.lapse, district.outcome_of(silent).id)
    district.store.execute(SYSTEM, tasks.open_once, TaskKind.MENTOR_CANCELLED, silent.booking_id)
    page = look(district)
    assert {kind: page.piles[kind].count for kind in Waiting} == {
        Waiting.NEEDS: 0,
        Waiting.RECORDS: 1,
        Waiting.DISPUTES: 1,
        Waiting.CONFIRMATIONS: 1,
        Waiting.CORRECTIONS: 1,
        Waiting.DOUBLES: 0,
        Waiting.TASKS: 1,
    }
    assert page.piles[Waiting.CORRECTIONS].at == correction.made_at


def test_services_to_unidentified_people_are_told(year) -> None:
    assert look(year.district).unidentified == 1


def test_a_need_waits_too_long_after_three_working_days(district) -> None:
    founder = district.founder("王强")
    for submitted in ("09-11 09:59", "09-11 10:01", "09-16 09:00"):
        a_need(district.store, founder.person_id, submitted_at=at(submitted))
    district.wait_until("09-16 10:00")
    pile = look(district).piles["needs"]
    assert (pile.count, pile.at) == (1, at("09-11 09:59"))


def test_an_unanswered_request_lowers_the_share_answered(district) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强")
    district.accepted(mentor, founder, "09-17 14:00")
    need = a_need(district.store, founder.person_id)
    choice = Choice(
        need_id=need.id,
        expert_id=mentor.expert.id,
        starts_at=at("09-28 14:00"),
        mode=Mode.ONSITE,
        may_pass_on=False,
    )
    asked = district.store.execute(founder.actor, bookings.request_now, choice)
    assert look(district).quality.answered == 1
    district.wait_until("09-25 10:00")
    district.store.execute(district.officer, bookings.expire, asked.id)
    quality = look(district).quality
    assert (quality.in_time, quality.answered) == (1, 2)


def test_the_wait_is_from_the_need_to_its_first_meeting(store, clock, district) -> None:
    road = FounderRoad(store, clock)
    for submitted, met in (
        ("09-14 09:00", "09-17 14:00"),
        ("09-10 09:00", "09-18 14:00"),
        ("09-15 09:00", "09-21 09:00"),
    ):
        need = road.a_need(submitted_at=at(submitted))
        road.finished(met, need_id=need.id)
    road.finished("09-22 09:00", need_id=need.id)
    quality = look(district).quality
    assert (quality.median_wait, quality.first_meetings, quality.held) == (6, 3, 4)


def test_a_closed_month_shows_what_was_reported_and_what_is_known_now(district) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强")
    district.served(mentor, founder, "09-17 14:00", 55)
    late = district.held(mentor, founder, "09-18 14:00", 45)
    district.record(mentor, late)
    district.close(SEPTEMBER, "10-13 10:00")
    district.confirm(founder, late, "10-21 10:00")
    (row,) = look(district, OCTOBER).reported
    assert row.month == SEPTEMBER
    assert row.published == {"sessions": 1, "person_times": 1, "session_minutes": 55}
    assert row.restated == {"sessions": 2, "person_times": 2, "session_minutes": 100}


def test_a_street_sees_its_own_part_and_nothing_of_the_district(year) -> None:
    district = year.district
    liaison = staff(district.store, Role.STREET_LIAISON, street="guodian")
    page = look(district, actor=liaison)
    assert headline(page.year) == (1, 1, 1, 1, 0)
    assert page.reported == ()
    assert headline(look(district, street="guodian").year) == headline(page.year)


def test_a_department_sees_the_services_put_down_to_it(year) -> None:
    district, own = year.district, year.meetings["first"].department
    liaison = staff(district.store, Role.DEPT_LIAISON, department=own)
    assert headline(look(district, actor=liaison).year) == headline(look(district).year)
    elsewhere = staff(district.store, Role.DEPT_LIAISON, department="kjj")
    assert headline(look(district, actor=elsewhere).year) == (0, 0, 0, 0, 0)


def test_the_headline_of_the_plan_is_what_the_service_adds_to(year) -> None:
    district = year.district
    with district.store.read(district.officer) as reader:
        goals = {goal.code: goal for goal in plan.headline(reader, 2026)}
        before = plan.headline(reader, 2023)
    assert set(goals) == {"T01", "T03", "T07", "T08"}
    assert (goals["T01"].zh, goals["T01"].value, goals["T01"].goal) == ("扶持创业人数", 3, 2000)
    # Twelve a year on average: of three years by the end of the third.
    assert (goals["T07"].value, goals["T07"].goal) == (0, 36)
    assert before == ()


def test_a_promotion_two_departments_hold_is_one_event_of_the_plan(store, clock) -> None:
    hall = open_hall(store, clock)
    flagged = hall.announced(is_promotion=True, co_departments=("tqw",))
    plain = hall.announced("09-13 09:00")
    hall.announced("09-14 09:00", is_promotion=True)
    for lecture in (flagged, plain):
        hall.clock.put(lecture.starts_at)
        hall.sign_in(lecture, "钱大妈", "13800001111")
        hall.close(lecture)

    with store.read(hall.officer) as reader:
        page = overview(reader, Month(2026, 9))
        goals = plan.headline(reader, 2026)
    assert {goal.code: goal.value for goal in goals}["T08"] == 1
    assert page.bars[-1].by_type["other"] == 2


def test_a_year_without_services_has_zeros_and_no_wait(district) -> None:
    page = look(district, Month(2025, 3))
    assert headline(page.year) == headline(page.of_month) == (0, 0, 0, 0, 0)
    assert (page.quality.median_wait, page.quality.held) == (None, 0)
    assert (len(page.months), page.is_running) == (12, False)
