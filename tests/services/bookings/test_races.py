"""Steps that meet: the second waits for the first, then sees what it did.

SQLite's writers take turns; on PostgreSQL only the lock keeps them apart.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.booking import BookingStatus, TooManyOpenError
from app.domain.need import NeedStatus
from app.models.booking import Booking
from app.models.need import Need
from app.services import bookings
from app.unit_of_work import Store, UnitOfWork
from tests.builders import an_expert
from tests.founder_road import statements
from tests.road import Road

pytestmark = pytest.mark.parametrize("dialect", ["postgresql"])

PATIENCE = 30
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
Step = tuple[Any, ...]


def overlap(road: Road, first: Step, second: Step) -> Future[Any]:
    """Let the founder take the second step while the first is done and not yet committed."""
    done, go_on = threading.Event(), threading.Event()

    def hesitate(uow: UnitOfWork, use_case: Callable[..., Any], *args: Any) -> None:
        use_case(uow, *args)
        uow.flush()
        done.set()
        assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(road.store.execute, road.founder, hesitate, *first)
        assert done.wait(PATIENCE), slow.exception(0)
        quick = pool.submit(road.store.execute, road.founder, *second)
        wait_for(lambda: quick.done() or somebody_waits(road.store))
        go_on.set()
        slow.result(PATIENCE)
    return quick


def somebody_waits(store: Store) -> bool:
    with store.engine.connect() as connection:
        return bool(connection.execute(WAITING).scalar_one())


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_two_last_bookings_that_end_together_let_the_need_wait_again(road: Road) -> None:
    need = road.need()
    one = road.requested("09-22 14:00", need_id=need.id)
    other = road.requested("09-23 14:00", need_id=need.id)

    overlap(
        road,
        (bookings.withdraw, one.id, "f_solved"),
        (bookings.withdraw, other.id, "f_solved"),
    ).result()

    assert {row.status for row in road.rows(Booking)} == {BookingStatus.WITHDRAWN}
    assert [row.status for row in road.rows(Need)] == [NeedStatus.SUBMITTED]


def test_a_request_that_meets_the_end_of_the_last_booking_keeps_the_need_booked(road: Road) -> None:
    need = road.need()
    last = road.requested("09-22 14:00", need_id=need.id)
    choice = road.choice("09-23 14:00", need_id=need.id)

    overlap(road, (bookings.withdraw, last.id, "f_solved"), (bookings.request_now, choice)).result()

    assert len(road.rows(Booking, Booking.status == BookingStatus.REQUESTED)) == 1
    assert [row.status for row in road.rows(Need)] == [NeedStatus.BOOKED]


def test_the_need_of_a_request_is_locked_before_its_state_is_taken_for_granted(road: Road) -> None:
    held = road.store.execute(road.founder, bookings.hold, road.choice("09-22 14:00"))
    with statements(road.store) as sent:
        road.store.execute(road.founder, bookings.request, held.id)
    (locking,) = (words for words in sent if "FROM needs" in words and " UPDATE" in words)
    (writing,) = (words for words in sent if words.startswith("UPDATE needs"))
    assert sent.index(locking) < sent.index(writing)


def test_two_holds_at_once_do_not_pass_the_limit_together(road: Road) -> None:
    another = an_expert(road.store, name="刘总")
    road.store.execute(road.founder, bookings.hold, road.choice("09-22 10:00"))

    second = overlap(
        road,
        (bookings.hold, road.choice("09-22 14:00")),
        (bookings.hold, road.choice("09-23 14:00", expert_id=another.id)),
    )

    assert isinstance(second.exception(), TooManyOpenError)
    assert len(road.rows(Booking, Booking.status == BookingStatus.ON_HOLD)) == 2


def test_two_requests_at_once_do_not_pass_the_limit_together(road: Road) -> None:
    for hour in (9, 10, 11):
        road.requested(f"09-22 {hour:02}:00")
    one, other = (
        road.store.execute(road.founder, bookings.hold, road.choice(when))
        for when in ("09-23 14:00", "09-23 16:00")
    )

    second = overlap(road, (bookings.request, one.id), (bookings.request, other.id))

    assert isinstance(second.exception(), TooManyOpenError)
    assert len(road.rows(Booking, Booking.status == BookingStatus.REQUESTED)) == 4
