"""Panels that contest experts and rooms in different orders: no overlap, no half, no deadlock."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import permutations
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from app.domain.actor import SYSTEM
from app.domain.booking import BookingStatus, TimeTakenError
from app.domain.booking_panel import Company
from app.domain.errors import DomainError
from app.models.booking import Booking, BookingExpert, ResourceClaim
from app.services import bookings
from app.services.bookings import Choice, claims, timing
from tests.builders import a_founder, a_need
from tests.moments import at
from tests.panel_meeting import Table, lay_table
from tests.scenes import Plays
from tests.turns import on_both as dialect

__all__ = ["dialect"]

ROUNDS, AT_ONCE = 3, 4
HOURS = ("09-21 09:00", "09-21 14:00", "09-22 09:00", "09-22 14:00")
PATIENCE = 20


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


def panels(table: Table, starts: str) -> list[Choice]:
    """Return as many panels for one room and time; each names the same experts in its own order."""
    orders = list(permutations(expert.id for expert in table.experts[:3]))
    found = []
    for number in range(AT_ONCE):
        order = orders[number]
        founder = a_founder(table.store, name=f"创业者{number}")
        need = a_need(table.store, founder.person_id, session_type="diagnosis")
        guests = Company(expert_ids=tuple(order[1:]), quorum=3, place_id=table.room.id)
        found.append(
            table.choice(
                need_id=need.id,
                expert_id=order[0],
                starts_at=at(starts),
                ends_at=None,
                company=guests,
            )
        )
    return found


def all_at_once(table: Table, choices: list[Choice]) -> list[Exception | None]:
    """Ask for all of them in the same moment; return what each came to."""
    start = Barrier(len(choices))

    def ask(choice: Choice) -> Exception | None:
        start.wait()
        try:
            table.store.execute(table.officer, bookings.request_now, choice)
        except (DomainError, OperationalError, IntegrityError) as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(choices)) as pool:
        return list(pool.map(ask, choices))


def halves(table: Table) -> list[Booking]:
    """Return the bookings that do not hold exactly what their panel and room are."""
    live = [row for row in table.rows(Booking) if row.status is BookingStatus.REQUESTED]
    found = []
    for row in live:
        seats = table.rows(BookingExpert, BookingExpert.booking_id == row.id)
        held = table.rows(ResourceClaim, ResourceClaim.booking_id == row.id)
        if len(held) != len(seats) + 2 or not all(claim.is_active for claim in held):
            found.append(row)
    return found


def overlaps(table: Table) -> int:
    one, other = ResourceClaim.__table__.alias(), ResourceClaim.__table__.alias()
    with table.store.read(SYSTEM) as reader:
        return reader.session.execute(
            select(func.count())
            .select_from(one)
            .join(other, (one.c.resource_id == other.c.resource_id) & (one.c.id < other.c.id))
            .where(
                one.c.is_active,
                other.c.is_active,
                one.c.starts_at < other.c.ends_at,
                other.c.starts_at < one.c.ends_at,
            )
        ).scalar_one()


def test_of_panels_that_share_everything_one_is_asked_and_the_others_leave_nothing(table) -> None:
    for starts in HOURS[:ROUNDS]:
        refusals = all_at_once(table, panels(table, starts))
        assert refusals.count(None) == 1, refusals
        assert all(isinstance(each, TimeTakenError) for each in refusals if each is not None)
    assert len(table.rows(Booking)) == ROUNDS
    assert halves(table) == []
    assert overlaps(table) == 0


def test_an_expert_in_two_panels_at_one_time_is_claimed_by_one(table) -> None:
    shared = table.experts[2].id
    choices = []
    for lead in (table.experts[0], table.experts[1], table.experts[3], table.experts[4]):
        founder = a_founder(table.store, name=lead.name)
        need = a_need(table.store, founder.person_id, session_type="diagnosis")
        guests = Company(expert_ids=(shared,), quorum=2)
        choices.append(
            table.choice(need_id=need.id, expert_id=lead.id, ends_at=None, company=guests)
        )
    refusals = all_at_once(table, choices)
    assert refusals.count(None) == 1, refusals
    held = table.rows(ResourceClaim, ResourceClaim.is_active)
    assert len(held) == 3
    assert overlaps(table) == 0


@contextmanager
def claims_taken_one_by_one(monkeypatch):
    """Take each claim by itself, in the order of the request, with no lock before: the control."""
    find, take = claims._find, claims.take  # the control takes the locks away

    def unlocked(uow, keys, *, lock_rows):
        return find(uow, keys, lock_rows=False)

    def one_by_one(uow, booking, resources, pauses):
        for key, resource_id in resources.items():
            take(uow, booking, {key: resource_id}, pauses)

    with monkeypatch.context() as changed:
        changed.setattr(claims, "_find", unlocked)
        changed.setattr(claims, "take", one_by_one)
        yield


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_only_behind_the_locks_are_all_but_one_refused_before_they_claim(
    table, monkeypatch
) -> None:
    """The control: without the locks every panel finds all free and meets the constraint alone."""
    passed, together = [], Barrier(AT_ONCE)
    check = timing.ensure_still

    def noted(*args, **kwargs):
        found = check(*args, **kwargs)
        passed.append(found)
        if unlocked and len(passed) <= AT_ONCE:
            together.wait(PATIENCE)
        return found

    monkeypatch.setattr(timing, "ensure_still", noted)
    unlocked = False
    assert all_at_once(table, panels(table, HOURS[0])).count(None) == 1
    assert len(passed) == 1
    passed.clear()
    unlocked = True
    with claims_taken_one_by_one(monkeypatch):
        refusals = all_at_once(table, panels(table, HOURS[1]))
    assert refusals.count(None) <= 1
    assert len(passed) >= AT_ONCE
    assert overlaps(table) == 0
