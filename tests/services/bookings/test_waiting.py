"""A line for an expert who is full: a time that becomes free is kept for the next before all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Opening
from app.domain.booking import BookingStatus, HoldOverError, TimeTakenError
from app.domain.errors import DomainError, ForbiddenError, InvalidInputError
from app.domain.waiting_list import (
    AlreadyWaitingError,
    NotFullError,
    NothingOfferedError,
    OutOfLineError,
    WaitingStatus,
    Wish,
)
from app.models.booking import Booking, ResourceClaim
from app.models.expert import Expert
from app.models.job import Job
from app.models.need import Need
from app.models.waiting_list import WaitingEntry
from app.services import availability, bookings
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder, a_mentor, a_rule, an_expert, keep
from tests.moments import at, day
from tests.road import Road, a_road
from tests.scenes import Plays, after
from tests.turns import on_each

MONDAY = "09-21 14:00"
WISH = Wish(("onsite",), day("09-16"), day("09-30"))


@dataclass
class Line:
    """An expert with one free hour a week, which is taken, and founders who wait."""

    road: Road
    expert: Expert
    mentor: Actor
    taken: Booking

    def waits(self, name: str, wish: Wish = WISH, **need: object) -> tuple[Actor, WaitingEntry]:
        founder = a_founder(self.road.store, name=name)
        return founder, self.join(founder, self.road.need(founder, **need), wish)

    def join(self, founder: Actor, need: Need, wish: Wish = WISH) -> WaitingEntry:
        return self.road.store.execute(founder, bookings.join_line, need.id, self.expert.id, wish)

    def entry(self, entry: WaitingEntry) -> WaitingEntry:
        return self.road.rows(WaitingEntry, WaitingEntry.id == entry.id)[0]

    def cancelled(self) -> None:
        self.road.store.execute(self.road.founder, bookings.cancel, self.taken.id, "f_solved")

    def held(self, entry: WaitingEntry) -> Booking:
        return self.road.booking(self.entry(entry).reservation_id)


@after(a_road)
def a_line(road: Road) -> Line:
    expert = an_expert(road.store, name="刘总", weekly=False)
    keep(road.store, a_rule(expert.id, 0, 14 * 60, 14 * 60 + 50))
    mentor = a_mentor(road.store, expert)
    for when in (MONDAY, "09-28 14:00"):
        taken = road.requested(when, expert_id=expert.id)
        road.store.execute(mentor, bookings.accept, taken.id)
    first = road.rows(Booking, Booking.starts_at == at(MONDAY))[0]
    return Line(road, expert, mentor, first)


@pytest.fixture
def plays() -> Plays:
    return {"line": a_line}


@pytest.fixture
def line(scene: Line) -> Line:
    return scene


def test_a_freed_time_is_kept_for_the_first_in_line_before_anybody_else_can_book(line) -> None:
    wang, first = line.waits("王强")
    _, second = line.waits("赵敏")
    stranger = a_founder(line.road.store, name="周涛")
    need = line.road.need(stranger)

    line.cancelled()

    offered = line.entry(first)
    assert offered.status is WaitingStatus.OFFERED
    # Twelve waking hours from ten in the morning.
    assert offered.offer_until == at("09-16 22:00")
    assert line.entry(second).status is WaitingStatus.WAITING
    kept = line.held(first)
    assert (kept.status, kept.starts_at) == (BookingStatus.ON_HOLD, at(MONDAY))
    assert kept.founder_person_id == wang.person_id
    told = line.road.rows(Job, Job.kind == "notify", Job.subject_id == kept.id)
    assert [job.payload["event"] for job in told] == ["booking.place_offered"]
    with pytest.raises(TimeTakenError):
        line.road.store.execute(
            stranger,
            bookings.hold,
            line.road.choice(MONDAY, need_id=need.id, expert_id=line.expert.id),
        )


def test_taking_it_asks_the_expert_like_any_request(line) -> None:
    wang, entry = line.waits("王强")
    line.cancelled()
    asked = line.road.store.execute(wang, bookings.take_place, entry.id, note="请多指教")
    assert (asked.status, asked.note) == (BookingStatus.REQUESTED, "请多指教")
    assert line.entry(entry).status is WaitingStatus.TAKEN
    accepted = line.road.store.execute(line.mentor, bookings.accept, asked.id)
    assert accepted.status is BookingStatus.ACCEPTED
    with pytest.raises(NothingOfferedError):
        line.road.store.execute(wang, bookings.take_place, entry.id)


def test_sending_the_kept_time_from_its_page_takes_the_place_too(line) -> None:
    wang, entry = line.waits("王强")
    line.cancelled()
    line.road.store.execute(wang, bookings.request, line.held(entry).id)
    assert line.entry(entry).status is WaitingStatus.TAKEN


def test_who_lets_it_go_by_keeps_his_place_and_is_not_offered_the_same_again(line) -> None:
    wang, first = line.waits("王强")
    _, second = line.waits("赵敏")
    line.cancelled()

    line.road.store.execute(wang, bookings.pass_place, first.id)

    assert line.entry(first).status is WaitingStatus.WAITING
    assert line.entry(second).status is WaitingStatus.OFFERED
    assert line.held(second).starts_at == at(MONDAY)
    line.road.store.execute(SYSTEM, bookings.offer_freed, line.expert.id)
    assert line.entry(first).status is WaitingStatus.WAITING


def test_giving_the_kept_time_back_lets_it_go_by(line) -> None:
    wang, first = line.waits("王强")
    line.cancelled()
    line.road.store.execute(wang, bookings.release, line.held(first).id)
    assert line.entry(first).status is WaitingStatus.WAITING
    assert (
        line.road.rows(
            ResourceClaim, ResourceClaim.is_active, ResourceClaim.starts_at == at(MONDAY)
        )
        == []
    )


def test_silence_ends_the_place_and_the_next_is_offered_the_time(line, clock) -> None:
    wang, first = line.waits("王强")
    zhao, second = line.waits("赵敏")
    line.cancelled()
    kept = line.held(first)

    clock.put(at("09-16 21:59"))
    line.road.store.execute(SYSTEM, bookings.lapse_place, first.id)
    assert line.entry(first).status is WaitingStatus.OFFERED
    clock.put(at("09-16 22:00"))
    with pytest.raises(HoldOverError):
        line.road.store.execute(wang, bookings.take_place, first.id)
    # Until the next has been offered the time, nobody else gets it either.
    with pytest.raises(TimeTakenError):
        line.road.store.execute(
            zhao,
            bookings.hold,
            line.road.choice(MONDAY, need_id=second.need_id, expert_id=line.expert.id),
        )
    line.road.store.execute(SYSTEM, bookings.lapse_place, first.id)

    assert line.entry(first).status is WaitingStatus.LAPSED
    assert line.road.booking(kept.id).status is BookingStatus.RELEASED
    offered = line.entry(second)
    assert offered.status is WaitingStatus.OFFERED
    assert offered.offer_until == at("09-17 20:00")


def test_leaving_the_line_gives_the_kept_time_to_the_next(line) -> None:
    wang, first = line.waits("王强")
    _, second = line.waits("赵敏")
    line.cancelled()
    line.road.store.execute(wang, bookings.leave_line, first.id)
    assert line.entry(first).status is WaitingStatus.LEFT
    assert line.entry(second).status is WaitingStatus.OFFERED
    with pytest.raises(OutOfLineError):
        line.road.store.execute(wang, bookings.leave_line, first.id)


@pytest.mark.parametrize("how", ["decline", "expire", "move", "withdraw", "hold runs out"])
def test_every_way_in_which_a_time_becomes_free_reaches_the_line(line, clock, how: str) -> None:
    store = line.road.store
    line.cancelled()
    if how == "hold runs out":
        choice = line.road.choice(MONDAY, expert_id=line.expert.id)
        booking = store.execute(line.road.founder, bookings.hold, choice)
    else:
        booking = line.road.requested(MONDAY, expert_id=line.expert.id)
    _, entry = line.waits("王强")
    if how == "decline":
        store.execute(line.mentor, bookings.decline, booking.id, "m_overload")
    elif how == "withdraw":
        store.execute(line.road.founder, bookings.withdraw, booking.id, "f_solved")
    elif how == "move":
        keep(store, a_rule(line.expert.id, 3))
        store.execute(line.road.founder, bookings.move, booking.id, at("10-15 10:00"))
    elif how == "expire":
        clock.put(booking.answer_by)
        store.execute(SYSTEM, bookings.expire, booking.id)
    else:
        clock.put(booking.hold_until)
        stranger = a_founder(store, name="周涛")
        with pytest.raises(TimeTakenError):
            store.execute(
                stranger,
                bookings.hold,
                line.road.choice(
                    MONDAY, need_id=line.road.need(stranger).id, expert_id=line.expert.id
                ),
            )
        store.execute(SYSTEM, bookings.release, booking.id)
    assert line.entry(entry).status is WaitingStatus.OFFERED


def test_a_day_that_is_opened_reaches_the_line_in_its_order(line) -> None:
    _, first = line.waits("王强")
    _, second = line.waits("赵敏")
    opening = Opening(day("09-22"), 10 * 60, 11 * 60, frozenset({"onsite"}))
    line.road.store.execute(line.mentor, availability.open_day, line.expert.id, opening)
    assert line.held(first).starts_at == at("09-22 10:00")
    assert line.entry(second).status is WaitingStatus.WAITING


def test_who_wants_other_days_is_passed_without_losing_his_place(line) -> None:
    _, later = line.waits("王强", Wish(("onsite",), day("09-24"), day("09-30")))
    _, any_day = line.waits("赵敏")
    line.cancelled()
    assert line.entry(later).status is WaitingStatus.WAITING
    assert line.entry(any_day).status is WaitingStatus.OFFERED


def test_only_who_finds_no_free_time_within_his_wish_waits(line) -> None:
    line.cancelled()
    founder = a_founder(line.road.store, name="王强")
    need = line.road.need(founder)
    with pytest.raises(NotFullError) as refused:
        line.join(founder, need)
    assert refused.value.facts["starts_at"] == at(MONDAY)
    assert line.road.rows(WaitingEntry) == []
    assert line.join(founder, need, Wish(("onsite",), day("09-22"), day("09-30")))


def test_a_founder_stands_in_a_line_once_and_for_himself(line) -> None:
    founder, entry = line.waits("王强")
    with pytest.raises(AlreadyWaitingError):
        line.join(founder, line.road.need(founder))
    stranger = a_founder(line.road.store, name="周涛")
    with pytest.raises(DomainError):
        line.join(stranger, line.road.rows(Need, Need.id == entry.need_id)[0])
    with pytest.raises(ForbiddenError):
        line.road.store.execute(
            line.mentor, bookings.join_line, line.taken.need_id, line.expert.id, WISH
        )


def test_a_wish_beyond_what_can_be_booked_is_refused(line) -> None:
    founder = a_founder(line.road.store, name="王强")
    with pytest.raises(InvalidInputError):
        line.join(founder, line.road.need(founder), Wish((), day("09-01"), day("12-31")))


def test_what_is_kept_in_line_is_no_hold_of_the_founders_own(line) -> None:
    wang, entry = line.waits("王强")
    line.cancelled()
    others = [an_expert(line.road.store, name=name) for name in ("甲", "乙")]
    for expert, when in zip(others, ("09-22 10:00", "09-22 14:00"), strict=True):
        need = line.road.need(wang)
        choice = line.road.choice(when, need_id=need.id, expert_id=expert.id)
        line.road.store.execute(wang, bookings.hold, choice)
    again = line.road.choice("09-23 14:00", need_id=entry.need_id, expert_id=others[0].id)
    with pytest.raises(DomainError):
        line.road.store.execute(wang, bookings.hold, again)
    assert line.entry(entry).status is WaitingStatus.OFFERED
    assert line.held(entry).status is BookingStatus.ON_HOLD


def test_a_need_that_is_served_otherwise_leaves_the_line_and_gives_the_time_on(line) -> None:
    wang, first = line.waits("王强")
    _, second = line.waits("赵敏")
    line.cancelled()
    choice = line.road.choice("09-22 10:00", need_id=first.need_id)
    asked = line.road.store.execute(wang, bookings.request_now, choice)
    line.road.store.execute(line.road.mentor, bookings.accept, asked.id)
    assert line.entry(first).status is WaitingStatus.LEFT
    assert line.entry(second).status is WaitingStatus.OFFERED


@on_each
def test_one_free_time_is_offered_once_however_many_become_free_together(line) -> None:
    entries = [line.waits(name)[1] for name in ("王强", "赵敏", "周涛")]
    line.cancelled()
    start = threading.Barrier(4)

    def free_again(_: int) -> None:
        start.wait(30)
        line.road.store.execute(SYSTEM, bookings.offer_freed, line.expert.id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(free_again, range(4)))
    offered = [e for e in entries if line.entry(e).status is WaitingStatus.OFFERED]
    assert offered == [entries[0]] or [e.id for e in offered] == [entries[0].id]


@on_each
def test_taking_and_lapsing_at_the_same_moment_end_in_one_of_both(line, clock) -> None:
    wang, entry = line.waits("王强")
    line.cancelled()
    kept = line.held(entry)
    start = threading.Barrier(2)

    def at_once(act) -> object:
        start.wait(30)
        try:
            return act()
        except DomainError as error:
            return error

    def leave() -> object:
        return line.road.store.execute(wang, bookings.leave_line, entry.id)

    def take() -> object:
        return line.road.store.execute(wang, bookings.take_place, entry.id)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(at_once, (leave, take)))

    assert sum(isinstance(result, DomainError) for result in results) == 1
    pair = (line.entry(entry).status, line.road.booking(kept.id).status)
    assert pair in {
        (WaitingStatus.TAKEN, BookingStatus.REQUESTED),
        (WaitingStatus.LEFT, BookingStatus.RELEASED),
    }


def test_after_the_last_day_of_his_wish_nobody_waits_any_more(line, clock) -> None:
    founder, entry = line.waits("王强", Wish(("onsite",), day("09-16"), day("09-22")))
    clock.put(at("09-22 23:59"))
    line.road.store.execute(SYSTEM, bookings.lapse_place, entry.id)
    assert line.entry(entry).status is WaitingStatus.WAITING
    clock.put(at("09-23 00:00"))
    line.road.store.execute(SYSTEM, bookings.lapse_place, entry.id)
    assert line.entry(entry).status is WaitingStatus.LAPSED
    (over,) = line.road.rows(Job, Job.kind == "end_waiting_expert")
    assert over.run_at == at("09-23 00:00")
    assert line.join(
        founder, line.road.need(founder), Wish(("onsite",), day("09-23"), day("09-30"))
    )


def test_a_need_that_is_over_is_offered_nothing(line) -> None:
    _, first = line.waits("王强")

    def close(uow: UnitOfWork) -> None:
        need = uow.load(Need, first.need_id)
        need.status = "closed"

    line.road.store.execute(SYSTEM, close)
    line.cancelled()
    assert line.entry(first).status is WaitingStatus.WAITING
