"""Scenario 1: a plain consultation on a make-up Sunday 调休."""

import pytest

from app.domain.availability import Mode, NotFreeError
from app.domain.booking import TimeTakenError
from app.domain.calendar import Month, local_day
from app.domain.expert import ExpertCategory
from app.domain.outcome import OutcomeStatus
from app.domain.service_record import split_persons
from app.models.booking import Booking
from app.models.need import Need
from app.models.outcome import Rating
from app.queries.free_times import of_expert
from app.queries.service_counts.decisions import of_month
from app.services import bookings, outcomes, service_sessions
from app.services.bookings import Choice
from app.services.service_sessions import Finish
from tests.builders import a_group, a_need
from tests.journeys.district import WRITTEN, District, Founder, Mentor
from tests.moments import at, day

SEPTEMBER = Month(2026, 9)
DAYS = [day(f"09-{number}") for number in range(17, 31)]


@pytest.fixture
def li_xiao(district: District) -> Founder:
    """李晓, a graduate by her own word, with an unregistered team."""
    founder = district.founder("李晓", name="李晓工作室", area="east_new_area")
    a_group(district.store, founder.person, "college_graduate")
    return founder


@pytest.fixture
def zhang_min(district: District) -> Mentor:
    """张敏, an official with the official working hours."""
    return district.mentor("张敏", category=ExpertCategory.OFFICIAL, weekly=False)


@pytest.fixture
def need(district: District, li_xiao: Founder) -> Need:
    district.wait_until("09-16 10:00")
    return a_need(district.store, li_xiao.person_id, venture_id=li_xiao.venture.id)


def choice(need: Need, mentor: Mentor, start: str) -> Choice:
    return Choice(
        need_id=need.id, expert_id=mentor.expert.id, starts_at=at(start), mode=Mode.ONSITE
    )


def test_the_times_offered_follow_the_calendar_and_not_the_weekday(
    district, need, zhang_min
) -> None:
    with district.store.read(district.officer) as reader:
        offered = of_expert(reader, zhang_min.expert.id, "consultation", ["onsite"], DAYS)

    days = {local_day(time.starts_at) for time in offered}
    assert day("09-20") in days
    assert days.isdisjoint({day("09-19"), day("09-25"), day("09-26"), day("09-27")})


def test_a_holiday_is_refused_and_nothing_is_written(district, need, li_xiao, zhang_min) -> None:
    with pytest.raises(NotFreeError) as refused:
        district.store.execute(
            li_xiao.actor, bookings.request_now, choice(need, zhang_min, "09-25 09:30")
        )

    assert refused.value.code == "availability.holiday"
    assert district.rows(Booking) == []


def test_the_same_time_cannot_be_booked_twice(district, need, li_xiao, zhang_min) -> None:
    wanted = choice(need, zhang_min, "09-20 09:30")
    district.store.execute(li_xiao.actor, bookings.request_now, wanted)

    with pytest.raises(TimeTakenError):
        district.store.execute(li_xiao.actor, bookings.request_now, wanted)
    assert len(district.rows(Booking)) == 1


def test_from_her_words_to_one_counted_service(district, need, li_xiao, zhang_min) -> None:
    booking = district.store.execute(
        li_xiao.actor, bookings.request_now, choice(need, zhang_min, "09-20 09:30")
    )
    assert booking.ends_at == at("09-20 10:20")
    assert booking.answer_by == at("09-18 10:00")

    district.wait_until("09-17 16:00")
    district.store.execute(zhang_min.actor, bookings.accept, booking.id)
    session = district.session_of(booking)

    district.wait_until("09-20 09:30")
    for actor in (li_xiao.actor, zhang_min.actor):
        district.store.execute(actor, service_sessions.check_in, session.id)

    district.wait_until("09-20 10:26")
    held = Finish(actual_start=at("09-20 09:30"), actual_end=at("09-20 10:25"))
    district.store.execute(zhang_min.actor, service_sessions.finish, session.id, held)
    # Two working days after the worked Sunday: Monday the 21st and Tuesday the 22nd.
    assert district.outcome_of(session).record_by == at("09-23 00:00")

    district.wait_until("09-21 09:00")
    district.store.execute(zhang_min.actor, outcomes.record, session.id, WRITTEN)
    district.wait_until("09-21 14:00")
    district.confirm(li_xiao, session, rating=5)

    assert district.outcome_of(session).status is OutcomeStatus.CONFIRMED
    assert district.one(Rating).score == 5
    counts = district.measures(SEPTEMBER)
    figures = counts.own.figures()
    assert [figures[name] for name in ("sessions", "person_times", "session_minutes")] == [1, 1, 55]
    assert (figures["teams"], figures["enterprises"]) == (1, 0)
    assert counts.not_counted == {}


def test_a_group_by_her_own_word_enters_no_group_table_and_changes_no_total(
    district, li_xiao, zhang_min
) -> None:
    district.served(zhang_min, li_xiao, "09-21 09:30")

    with district.store.read(district.officer) as reader:
        decisions = [version.decision for version in of_month(reader, SEPTEMBER).values()]
    groups = split_persons(decisions, SEPTEMBER)
    assert {label: figures.person_times for label, figures in groups.items()} == {"unverified": 1}
    assert district.measures(SEPTEMBER).own.additive.person_times == 1
