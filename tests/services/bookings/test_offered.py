"""Every time that is offered can be booked, and nothing else can: asked of the real use case."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from app.domain.actor import SYSTEM
from app.domain.availability import Clinic, Closing, NotFreeError, Week, WeekSpan
from app.domain.booking import TimeTakenError
from app.domain.calendar import day_starts_at
from app.models.expert import Expert
from app.queries.free_times import of_expert
from app.services import availability, bookings
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder
from tests.moments import at, day
from tests.road import Road, a_road
from tests.scenes import Plays

ALL = frozenset({"onsite", "online", "phone"})
THURSDAY, FRIDAY = day("09-17"), day("09-18")
WEEK = Week(
    spans=(
        WeekSpan(3, 8 * 60, 10 * 60, ALL, every_weeks=2, anchor_on=THURSDAY),
        WeekSpan(3, 13 * 60, 18 * 60, ALL, valid_until=THURSDAY),
        WeekSpan(3, 20 * 60, 22 * 60, frozenset({"online"})),
        WeekSpan(4, 9 * 60, 12 * 60, ALL),
    ),
    monthly_limit=30,
    buffer_minutes=15,
    notice_hours=23,
    buffer_before_minutes=10,
    minutes={"consultation": 40},
)
CLINIC = Clinic(THURSDAY, 14 * 60, 15 * 60, 20)
# Early in Los Angeles is late in Beijing: the day, and the night into the next.
ABROAD = replace(WEEK, time_zone="America/Los_Angeles", spans=(WeekSpan(3, 6 * 60, 11 * 60, ALL),))


class _UndoError(Exception):
    """Nothing of what was tried stays."""


def with_a_day(store, clock) -> Road:
    road = a_road(store)
    store.execute(road.mentor, availability.set_week, road.expert.id, WEEK)
    store.execute(road.mentor, availability.set_clinic, road.expert.id, CLINIC)
    closing = Closing(THURSDAY, THURSDAY, "开会", 17 * 60, 17 * 60 + 15)
    store.execute(road.mentor, availability.close_day, road.expert.id, closing)
    for when in ("09-17 13:00", "09-17 14:20", "09-17 16:00"):
        founder = a_founder(store)
        choice = road.choice(when, need_id=road.need(founder).id)
        store.execute(founder, bookings.request_now, choice)
    return road


@pytest.fixture
def plays() -> Plays:
    return {"road": with_a_day}


@pytest.fixture
def road(scene) -> Road:
    return scene


def offered(road: Road, on) -> set[datetime]:
    with road.store.read(SYSTEM) as reader:
        times = of_expert(reader, road.expert.id, "consultation", ["onsite"], [on])
    return {time.starts_at for time in times}


def bookable(road: Road, on, step: int) -> set[datetime]:
    founder = a_founder(road.store)
    need = road.need(founder)

    def attempt(uow: UnitOfWork, starts_at: datetime) -> None:
        choice = replace(road.choice("09-17 09:00", need_id=need.id), starts_at=starts_at)
        bookings.request_now(uow, choice)
        uow.flush()
        raise _UndoError

    found = set()
    for minute in range(0, 24 * 60, step):
        starts_at = day_starts_at(on) + timedelta(minutes=minute)
        try:
            road.store.execute(founder, attempt, starts_at)
        except _UndoError:
            found.add(starts_at)
        except (NotFreeError, TimeTakenError):
            continue
    return found


@pytest.mark.parametrize("step", [15, 20])
def test_what_is_offered_can_be_booked_and_nothing_else(road: Road, step: int) -> None:
    every = {when for when in offered(road, THURSDAY) if minute_of(when) % step == 0}
    assert len(every) > 2
    assert bookable(road, THURSDAY, step) == every


def test_it_holds_for_an_expert_abroad_over_midnight(road: Road) -> None:
    road.store.execute(road.mentor, availability.set_week, road.expert.id, ABROAD)
    every = offered(road, THURSDAY)
    assert at("09-17 23:45") in every
    assert bookable(road, THURSDAY, 15) == {w for w in every if minute_of(w) % 15 == 0}


def test_it_holds_for_somebody_who_is_full(road: Road) -> None:
    def fill(uow: UnitOfWork) -> None:
        uow.session.execute(
            update(Expert).where(Expert.id == road.expert.id).values(monthly_limit=3)
        )

    road.store.execute(SYSTEM, fill)
    assert offered(road, FRIDAY) == set()
    assert bookable(road, FRIDAY, 60) == set()


def minute_of(instant: datetime) -> int:
    return (instant - day_starts_at(THURSDAY)) // timedelta(minutes=1)
