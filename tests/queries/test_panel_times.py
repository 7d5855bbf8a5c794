"""Joint times of several experts: exactly those that each one's own diary would take."""

from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM
from app.domain.availability import Mode, Question, ensure_free
from app.queries.panel_times import panel_times
from app.services import bookings
from app.services.bookings import Choice
from tests.builders import a_founder, a_need, a_rule, an_expert, keep
from tests.founder_road import statements
from tests.moments import at, day

MONDAY, TUESDAY, THURSDAY = 0, 1, 3


def an_expert_at(store, *spans, **values):
    """Return an expert free from one hour to another on weekdays."""
    expert = an_expert(store, weekly=False, **values)
    keep(store, *(a_rule(expert.id, on, starts * 60, ends * 60) for on, starts, ends in spans))
    return expert


@pytest.fixture
def founder(store):
    return a_founder(store)


@pytest.fixture
def need(store, founder):
    return a_need(store, founder.person_id, session_type="diagnosis", modes=["online", "onsite"])


def times_of(store, need, *experts):
    with store.read(SYSTEM) as reader:
        return panel_times(reader, need, [expert.id for expert in experts])


def first(store, need, *experts):
    return times_of(store, need, *experts).first_together([expert.id for expert in experts])


def test_the_earliest_time_is_one_that_every_diary_takes(store, need) -> None:
    early = an_expert_at(store, (MONDAY, 9, 12), (THURSDAY, 9, 17))
    late = an_expert_at(store, (MONDAY, 13, 17), (THURSDAY, 15, 18), notice_hours=24)
    third = an_expert_at(store, (THURSDAY, 14, 20))
    found = times_of(store, need, early, late, third)

    # Thursday 17th comes within a day; they then meet for 90 minutes from 15:00.
    meeting = found.first_together([early.id, late.id, third.id])
    assert meeting is not None
    assert (meeting.starts_at, meeting.mode) == (at("09-17 15:00"), Mode.ONLINE)
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=90)
    question = Question(90, (meeting.mode,), at("09-16 10:00"))
    for expert in (early, late, third):
        diary = found.diaries.by_expert[expert.id]
        ensure_free(diary, found.diaries.calendar, question, meeting.starts_at)


def test_who_never_meet_have_no_time(store, need) -> None:
    monday, tuesday = an_expert_at(store, (MONDAY, 9, 12)), an_expert_at(store, (TUESDAY, 9, 12))
    assert first(store, need, monday, tuesday) is None
    assert first(store, need, monday).starts_at == at("09-21 09:00")


def test_they_meet_in_one_way_that_the_founder_wants(store, need) -> None:
    onsite = an_expert_at(store, (MONDAY, 9, 12), modes=["onsite", "phone"])
    online = an_expert_at(store, (MONDAY, 9, 12), modes=["online", "phone"])
    assert first(store, need, onsite, online) is None
    both = an_expert_at(store, (MONDAY, 9, 12), modes=["onsite"])
    assert first(store, need, onsite, both).mode is Mode.ONSITE


def test_what_is_booked_with_a_member_or_by_the_founder_is_not_free(store, need, founder) -> None:
    one = an_expert_at(store, (MONDAY, 9, 13))
    other = an_expert_at(store, (MONDAY, 9, 13))
    stranger, elsewhere = a_founder(store), an_expert(store)
    theirs = a_need(store, stranger.person_id)
    own = a_need(store, founder.person_id)

    def book(who, for_need, expert, when):
        choice = Choice(
            need_id=for_need.id, expert_id=expert.id, starts_at=at(when), mode=Mode.ONSITE
        )
        store.execute(who, bookings.request_now, choice)

    book(stranger, theirs, one, "09-21 09:00")
    assert first(store, need, one, other).starts_at == at("09-21 10:00")
    book(founder, own, elsewhere, "09-21 10:30")
    assert first(store, need, one, other).starts_at == at("09-21 11:30")
    # A need without a wish for a way to meet takes any.
    any_way = a_need(store, founder.person_id, session_type="diagnosis", modes=[])
    assert first(store, any_way, one, other).mode is Mode.ONSITE


def test_soon_ends_with_the_fifth_working_day(store, need) -> None:
    expert = an_expert(store)
    soon = times_of(store, need, expert).soon()[expert.id]
    found = times_of(store, need, expert)
    # Wednesday 16 September; the 20th, a Sunday, is a working day for the holidays to come.
    assert found.soon_until == found.diaries.calendar.add_working_days(day("09-16"), 5)
    last = max(meeting.starts_at for meeting in soon)
    assert last < at("09-24 00:00")
    assert min(meeting.starts_at for meeting in soon) > at("09-16 10:00")


def test_times_cost_seven_statements_whatever_the_number(store, need) -> None:
    one = an_expert(store)
    with statements(store) as few:
        times_of(store, need, one)
    more = [an_expert(store) for _ in range(4)]
    with statements(store) as many:
        times_of(store, need, one, *more)
    assert len(few) == len(many) == 7
