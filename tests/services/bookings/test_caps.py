"""Limits under thirty-two people who press at the same moment, each in a thread of his own.

The controls take the lock away: where writers do not take turns by themselves, the limit falls,
so that what is tested is the lock.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode, NotFreeError
from app.domain.booking import BookingStatus, TooManyOpenError
from app.domain.clock import FixedClock
from app.domain.errors import DomainError
from app.domain.pairing import PairingCapError
from app.models.booking import Booking, Resource, ResourceClaim, ResourceKind
from app.models.expert import Expert
from app.models.need import Need
from app.services import bookings
from app.services.bookings import Choice, claims
from app.unit_of_work import Store, UnitOfWork
from tests.builders import PROJECTS_A_YEAR, a_founder, a_venture, an_expert
from tests.depth import THOROUGH
from tests.moments import at
from tests.road import Road, a_road
from tests.scenes import Plays
from tests.turns import DIALECTS, on_each

MANY = 32
TIMES = [at(f"09-{day} {hour:02}:00") for day in (21, 22, 23, 24) for hour in range(9, 17)]
Act = Callable[[], Any]


def together(acts: Sequence[Act]) -> list[Exception]:
    """Do all at once; return why those that were refused were."""
    start = threading.Barrier(len(acts))

    def press(act: Act) -> Exception | None:
        start.wait(60)
        try:
            act()
        except DomainError as error:
            return error
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [error for error in pool.map(press, acts) if error is not None]


def limited(road, **limits: int) -> None:
    def use_case(uow: UnitOfWork) -> None:
        expert = uow.load(Expert, road.expert.id)
        for name, limit in limits.items():
            setattr(expert, name, limit)

    road.store.execute(SYSTEM, use_case)


@pytest.fixture(params=DIALECTS if THOROUGH else ["postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Where writers need the lock; those of SQLite wait for their turn, which two limits show."""
    return str(request.param)


@dataclass
class Crowd:
    """A road, and thirty-two founders with a need each who know its expert."""

    road: Road
    asking: list[tuple[Actor, Need]]

    def requests(self) -> list[Act]:
        """Return them about to ask the expert for as many times."""
        return [
            partial(
                self.road.store.execute,
                founder,
                bookings.request_now,
                Choice(
                    need_id=need.id,
                    expert_id=self.road.expert.id,
                    starts_at=starts_at,
                    mode=Mode.ONSITE,
                ),
            )
            for (founder, need), starts_at in zip(self.asking, TIMES, strict=True)
        ]


def a_crowd(store: Store, _clock: FixedClock) -> Crowd:
    road = a_road(store)
    founders = [a_founder(store, name=f"创业者{number}") for number in range(MANY)]
    return Crowd(road, [(founder, road.need(founder)) for founder in founders])


@pytest.fixture
def plays() -> Plays:
    return {"crowd": a_crowd, "road": a_road}


@pytest.fixture
def crowd(scene: Crowd) -> Crowd:
    return scene


def held(road) -> int:
    return len(road.rows(Booking, Booking.status == BookingStatus.REQUESTED))


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"weekly_limit": 3}, "expert.week_full"),
        ({"monthly_limit": 3}, "expert.month_full"),
        ({"yearly_limit": 3, "monthly_limit": 100}, "expert.year_full"),
    ],
)
def test_an_experts_limits_hold(crowd: Crowd, limits: dict[str, int], code: str) -> None:
    road = crowd.road
    limited(road, **{"monthly_limit": 100, **limits})
    refused = together(crowd.requests())
    assert held(road) == 3
    assert len(refused) == MANY - 3
    assert {type(error) for error in refused} == {NotFreeError}
    assert {error.code for error in refused} == {code}
    active = road.rows(ResourceClaim, ResourceClaim.is_active)
    assert len(active) == 2 * 3


@on_each
def test_an_expert_guides_five_projects_a_year(road) -> None:
    limited(road, monthly_limit=100)
    acts = []
    for number, starts_at in enumerate(TIMES):
        founder = a_founder(road.store, name=f"创业者{number}")
        venture = a_venture(road.store, founder.person_id, name=f"项目{number}")
        need = road.need(founder, session_type="tutoring", venture_id=venture.id)
        choice = Choice(
            need_id=need.id,
            expert_id=road.expert.id,
            starts_at=starts_at,
            ends_at=starts_at.replace(minute=45),
            mode=road.choice(need_id=need.id).mode,
            session_type="tutoring",
        )
        acts.append(
            lambda founder=founder, choice=choice: road.store.execute(
                founder, bookings.request_now, choice
            )
        )
    refused = together(acts)
    assert held(road) == PROJECTS_A_YEAR
    assert {type(error) for error in refused} == {PairingCapError}


@pytest.mark.parametrize(
    ("use_case", "most", "status"),
    [
        (bookings.hold, 2, BookingStatus.ON_HOLD),
        (bookings.request_now, 4, BookingStatus.REQUESTED),
    ],
)
def test_a_founder_holds_two_times_and_asks_for_four(road, use_case, most: int, status) -> None:
    acts = []
    for number, starts_at in enumerate(TIMES):
        expert = an_expert(road.store, name=f"专家{number}")
        choice = Choice(
            need_id=road.need().id,
            expert_id=expert.id,
            starts_at=starts_at,
            mode=road.choice(need_id=road.need().id).mode,
        )
        acts.append(lambda choice=choice: road.store.execute(road.founder, use_case, choice))
    refused = together(acts)
    assert len(road.rows(Booking, Booking.status == status)) == most
    assert {type(error) for error in refused} == {TooManyOpenError}


def unlocked(uow: UnitOfWork, keys: Any, _seen: Any = None) -> Any:
    """Find the resources as `claims.lock` does, without locking them."""
    known = {
        (row.kind, row.ref_id): row.id
        for row in uow.all(select(Resource).where(Resource.ref_id.in_([ref for _, ref in keys])))
    }
    for kind, ref_id in set(keys) - known.keys():
        row = uow.add(Resource(kind=kind, ref_id=ref_id))
        uow.flush()
        known[kind, ref_id] = row.id
    return {key: known[key] for key in keys}


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_without_the_lock_the_limit_falls(crowd: Crowd, monkeypatch) -> None:
    road = crowd.road
    limited(road, monthly_limit=3)
    road.store.execute(
        SYSTEM, lambda uow: claims.lock(uow, [(ResourceKind.EXPERT, road.expert.id)])
    )
    acts = crowd.requests()
    monkeypatch.setattr(claims, "lock", unlocked)
    together(acts)
    assert held(road) > 3


@on_each
def test_moves_into_a_month_with_one_place_left_do_not_pass_together(road) -> None:
    limited(road, monthly_limit=4)
    kept = [road.accepted(f"09-{day} 14:00") for day in (21, 22, 23, 24)]
    taken = a_founder(road.store, name="王强")
    for day in (12, 13, 14):
        choice = road.choice(f"10-{day} 14:00", need_id=road.need(taken).id)
        road.store.execute(taken, bookings.request_now, choice)
    acts = [
        lambda booking=booking, hour=hour: road.store.execute(
            road.founder, bookings.move, booking.id, at(f"10-15 {hour}:00")
        )
        for booking, hour in zip(kept, ("09", "11", "14", "16"), strict=True)
    ]
    refused = together(acts)
    assert [error.code for error in refused] == ["expert.month_full"] * 3
