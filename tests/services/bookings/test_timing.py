"""What is asked before the locks, what is left behind them, and whom a locked row keeps waiting."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.actor import SYSTEM
from app.domain.availability import NotFreeError
from app.domain.booking import BookingStatus, TimeTakenError
from app.domain.calendar import local_day
from app.domain.leave import Leave
from app.domain.need import TopicState
from app.models.booking import Resource
from app.models.job import Job
from app.models.need import Need, NeedTopic
from app.services import bookings, leaves
from app.services.bookings import claims, timing
from app.unit_of_work import UnitOfWork, unscoped
from tests.builders import a_founder, keep
from tests.founder_road import statements
from tests.moments import at

PATIENCE = 60
MOST_BEHIND_THE_LOCKS = 14
LOCKS = "FOR NO KEY UPDATE"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@contextmanager
def everything_locked(road) -> Iterator[ThreadPoolExecutor]:
    """Hold the locks of all people's time elsewhere, and lend a thread to act in meanwhile."""
    with ThreadPoolExecutor(1) as pool, road.store.engine.begin() as other:
        other.execute(select(Resource.id).with_for_update())
        yield pool


def asks(road, when: str) -> Callable[[], Any]:
    founder = a_founder(road.store, name="后来的人")
    choice = road.choice(when, need_id=road.need(founder).id)
    return lambda: road.store.execute(founder, bookings.request_now, choice)


def wait_for_a_lock(road, acting: "Future[Any]") -> None:
    with unscoped():
        for _ in range(PATIENCE * 100):
            with road.store.engine.connect() as look:
                if look.execute(text(WAITING)).scalar_one():
                    return
            if acting.done():
                pytest.fail("nobody waited")
    pytest.fail("nobody waited for long")


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_time_that_is_taken_is_refused_without_waiting_for_anybody(road) -> None:
    road.requested()
    ask = asks(road, "09-18 14:00")
    with everything_locked(road) as pool, pytest.raises(TimeTakenError):
        pool.submit(ask).result(PATIENCE)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_time_that_is_free_is_taken_behind_the_locks(road) -> None:
    """The control of the test above: these locks are what a booking waits for."""
    road.requested()
    ask = asks(road, "09-18 16:00")
    with everything_locked(road) as pool:
        acting = pool.submit(ask)
        wait_for_a_lock(road, acting)
    assert acting.result(PATIENCE).status is BookingStatus.REQUESTED


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_who_was_faster_is_seen_behind_the_locks(road) -> None:
    """Between look and lock somebody else takes the time, or the last service of the month."""
    slower = asks(road, "09-18 14:00")
    road.requested("09-17 09:00")
    with ThreadPoolExecutor(1) as pool:
        with road.store.engine.begin() as other:
            other.execute(select(Resource.id).with_for_update())
            acting = pool.submit(slower)
            wait_for_a_lock(road, acting)
            # The same transaction takes the time while the other one stands before the lock.
            with unscoped():
                other.execute(
                    text("UPDATE resource_claims SET starts_at = :starts, ends_at = :ends"),
                    {"starts": at("09-18 14:00"), "ends": at("09-18 15:00")},
                )
        with pytest.raises(TimeTakenError):
            acting.result(PATIENCE)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_request_asks_little_behind_the_locks(road) -> None:
    road.requested()
    ask = asks(road, "09-18 16:00")
    with statements(road.store) as sent:
        ask()
    first = next(at for at, each in enumerate(sent) if LOCKS in each)
    assert len(sent) - first <= MOST_BEHIND_THE_LOCKS, sent[first:]


def test_who_asks_at_once_leaves_no_hold_behind(road) -> None:
    booking = road.requested()
    assert booking.hold_until is None
    assert not road.rows(Job, Job.kind == "release_hold")


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_whoever_only_refers_to_a_locked_row_need_not_wait(road) -> None:
    need = road.need()

    def refer() -> None:
        keep(
            road.store,
            NeedTopic(
                need_id=need.id,
                code="ip",
                certainty="certain",
                evidence="",
                state=TopicState.ADDED,
                position=9,
            ),
        )

    def use_case(uow: UnitOfWork, pool: ThreadPoolExecutor) -> None:
        uow.load(Need, need.id, lock=True)
        pool.submit(refer).result(PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        road.store.execute(SYSTEM, use_case, pool)
    assert road.rows(NeedTopic, NeedTopic.need_id == need.id, NeedTopic.position == 9)


DAY = local_day(at("09-18 14:00"))


def goes_on_leave(road) -> None:
    road.store.execute(road.mentor, leaves.take, road.expert.id, Leave(DAY, DAY, "出差"))


def on_leave_between_look_and_lock(road, monkeypatch, *, is_compared: bool = True) -> None:
    """Let the expert take his leave, once, after everything was looked at."""
    lock, gone = claims.lock, []

    def locked_late(uow: UnitOfWork, keys: Any, *seen: Any) -> Any:
        if seen and not gone:
            gone.append(True)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(goes_on_leave, road).result(PATIENCE)
        return lock(uow, keys, *seen) if is_compared else lock(uow, keys)

    monkeypatch.setattr(claims, "lock", locked_late)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_who_goes_on_leave_after_the_look_is_not_booked(road, monkeypatch) -> None:
    road.requested("09-17 09:00")
    on_leave_between_look_and_lock(road, monkeypatch)
    with pytest.raises(NotFreeError, match="on_leave"):
        road.requested("09-18 14:00")


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_without_the_revision_he_would_be_booked_into_his_leave(road, monkeypatch) -> None:
    """The control of the test above."""
    road.requested("09-17 09:00")
    on_leave_between_look_and_lock(road, monkeypatch, is_compared=False)
    assert road.requested("09-18 14:00").status is BookingStatus.REQUESTED


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_leave_waits_for_who_is_booking_and_suspends_what_he_booked(road, monkeypatch) -> None:
    road.requested("09-17 09:00")
    ensure_still = timing.ensure_still
    with ThreadPoolExecutor(1) as pool:
        going: list[Future[None]] = []

        def in_between(uow: UnitOfWork, seen: Any) -> None:
            going.append(pool.submit(goes_on_leave, road))
            wait_for_a_lock(road, going[0])
            ensure_still(uow, seen)

        monkeypatch.setattr(timing, "ensure_still", in_between)
        booking = road.requested("09-18 14:00")
        going[0].result(PATIENCE)
    assert road.now(booking).status is BookingStatus.SUSPENDED
