from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.db import StaleVersionError
from app.domain.actor import SYSTEM
from app.domain.booking import AlreadyStartedError, BookingStatus, IllegalTransitionError
from app.domain.errors import ForbiddenError
from app.domain.expert import OutOfTermError
from app.domain.suspension import SuspensionCause
from app.domain.task import TaskKind
from app.models.booking import Booking, ResourceClaim
from app.models.expert import Appointment
from app.models.job import Job
from app.models.message import Message
from app.models.service_session import ServiceSession
from app.models.suspension import Suspension
from app.models.task import Task
from app.services import audit_entries, bookings
from app.unit_of_work import UnitOfWork
from tests.builders import staff
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene

CALENDAR, LEAVE = SuspensionCause.CALENDAR, SuspensionCause.LEAVE


@pytest.fixture
def plays() -> Plays:
    return {"people": set_scene}


@pytest.fixture
def people(scene: Scene) -> Scene:
    return scene


def suspend(people: Scene, booking: Booking, cause=CALENDAR, **values) -> Booking:
    return people.store.execute(people.officer, bookings.suspend, booking.id, cause, **values)


def resume(people: Scene, booking: Booking, **values) -> Booking:
    return people.store.execute(people.officer, bookings.resume, booking.id, **values)


def lift(people: Scene, booking: Booking, cause=CALENDAR) -> bool:
    def use_case(uow: UnitOfWork) -> bool:
        return bookings.lift(uow, cause, uow.load(Booking, booking.id, lock=True))

    return people.store.execute(SYSTEM, use_case)


def waiting(people: Scene, kind: str) -> list[Job]:
    return people.rows(Job, Job.kind == kind, Job.state == "ready")


def open_tasks(people: Scene) -> list[Task]:
    return people.rows(Task, Task.closed_at.is_(None))


def test_a_suspended_meeting_keeps_its_time_and_both_sides_and_the_bureau_know(people) -> None:
    booking = people.accepted("09-24 14:00")
    suspended = suspend(people, booking)
    people.work()
    assert suspended.status is BookingStatus.SUSPENDED
    assert all(claim.is_active for claim in people.rows(ResourceClaim))
    assert waiting(people, "remind_session") == []
    [task] = open_tasks(people)
    assert (task.kind, task.subject_id) == (TaskKind.SUSPENDED_BOOKING, booking.id)
    assert task.due_by == at("09-18 10:00")
    for person in (people.founder, people.mentor):
        [told] = people.told(person, "booking.suspended")
        assert "放假安排有调整" in told.text
        assert "9月18日（周五）10:00" in told.text


def test_a_second_cause_is_noted_beside_the_first_and_nobody_is_told_twice(people) -> None:
    booking = people.accepted("09-24 14:00")
    for cause in (CALENDAR, LEAVE, LEAVE):
        suspend(people, booking, cause)
    people.work()
    assert [row.cause for row in people.rows(Suspension)] == [CALENDAR, LEAVE]
    assert len(open_tasks(people)) == 1
    assert len(people.rows(Message, Message.event == "booking.suspended")) == 2


def test_a_resumed_meeting_is_agreed_again_with_reminders_of_its_own(people) -> None:
    booking = people.accepted("09-24 14:00")
    before = sorted(job.run_at for job in waiting(people, "remind_session"))
    suspend(people, booking)
    resumed = resume(people, booking)
    people.work()
    assert (resumed.status, resumed.ics_sequence) == (BookingStatus.ACCEPTED, 0)
    assert sorted(job.run_at for job in waiting(people, "remind_session")) == before
    assert open_tasks(people) == []
    assert people.told(people.founder, "booking.resumed")
    with pytest.raises(IllegalTransitionError):
        resume(people, booking)
    # Held back and let go a second time, its reminders are still planned once.
    suspend(people, booking)
    resume(people, booking)
    assert sorted(job.run_at for job in waiting(people, "remind_session")) == before
    with people.store.read(SYSTEM) as reader:
        assert audit_entries.verify(reader, people.store.audit_key()).faults == []


def test_a_resumed_request_has_its_answer_clock_begun_anew(people, clock) -> None:
    booking = people.request("09-24 14:00")
    suspend(people, booking)
    assert waiting(people, "expire_booking") == []
    clock.put(at("09-17 10:00"))
    resumed = resume(people, booking)
    assert resumed.status is BookingStatus.REQUESTED
    assert booking.answer_by == at("09-18 10:00")
    assert resumed.answer_by == at("09-20 10:00")
    [expiry] = waiting(people, "expire_booking")
    assert expiry.run_at == resumed.answer_by
    people.work()
    assert people.told(people.founder, "booking.asked_again")
    assert people.told(people.mentor, "booking.asked_again")[0].href == "/mentor"


def test_an_officer_gives_a_suspended_meeting_another_time(people) -> None:
    booking = people.accepted("09-24 14:00")
    suspend(people, booking)
    moved = resume(people, booking, starts_at=at("09-28 10:00"))
    assert (moved.status, moved.ics_sequence) == (BookingStatus.ACCEPTED, 1)
    assert people.rows(ServiceSession)[0].planned_starts_at == at("09-28 10:00")
    claims = people.rows(ResourceClaim, ResourceClaim.is_active)
    assert {claim.starts_at for claim in claims} == {at("09-28 10:00")}
    people.work()
    assert people.told(people.founder, "booking.moved")


def test_nothing_stands_again_whose_time_has_come_or_whose_expert_may_not_serve(
    people, clock
) -> None:
    booking = people.accepted("09-24 14:00")
    suspend(people, booking)

    def end_term(uow: UnitOfWork) -> None:
        for row in uow.session.query(Appointment).filter_by(expert_id=people.expert.id):
            row.ends_on = at("09-20 10:00").date()
            uow.audit("test.built", row)

    people.store.execute(SYSTEM, end_term)
    with pytest.raises(OutOfTermError):
        resume(people, booking)
    assert lift(people, booking) is False
    clock.put(at("09-24 14:00"))
    with pytest.raises(AlreadyStartedError):
        resume(people, booking)
    assert [row.ended_at for row in people.rows(Suspension)] == [None]
    assert len(open_tasks(people)) == 1


def test_a_booking_stands_again_when_the_last_of_its_causes_has_passed(people) -> None:
    booking = people.accepted("09-24 14:00")
    suspend(people, booking)
    suspend(people, booking, LEAVE)
    assert lift(people, booking, LEAVE) is False
    assert lift(people, booking, LEAVE) is False
    assert lift(people, booking, CALENDAR) is True
    [now] = people.rows(Booking)
    assert now.status is BookingStatus.ACCEPTED
    assert all(row.ended_at for row in people.rows(Suspension))


def test_a_suspended_meeting_is_called_off_by_nobodys_fault(people, clock) -> None:
    booking = people.accepted("09-24 14:00")
    suspend(people, booking)
    clock.put(at("09-24 13:00"))
    ended = people.store.execute(people.officer, bookings.cancel, booking.id, "b_emergency")
    assert (ended.status, ended.is_late) == (BookingStatus.CANCELLED, False)
    assert open_tasks(people) == []
    assert not people.rows(ResourceClaim, ResourceClaim.is_active)
    assert all(row.ended_at for row in people.rows(Suspension))


def test_after_its_time_the_bureau_still_ends_it(people, clock) -> None:
    booking = people.accepted("09-24 14:00")
    suspend(people, booking)
    clock.put(at("09-25 09:00"))
    ended = people.store.execute(people.officer, bookings.cancel, booking.id, "b_suspended")
    assert ended.status is BookingStatus.CANCELLED


def test_only_an_officer_lets_it_stand_again(people) -> None:
    booking = people.accepted("09-24 14:00")
    suspend(people, booking)
    for actor in (people.founder, people.mentor):
        with pytest.raises(ForbiddenError):
            people.store.execute(actor, bookings.resume, booking.id)


def test_a_meeting_that_has_ended_is_not_suspended(people) -> None:
    session = people.finished()
    with pytest.raises(IllegalTransitionError):
        people.store.execute(people.officer, bookings.suspend, session.booking_id, CALENDAR)


def test_of_two_officers_who_decide_together_one_does(people) -> None:
    booking = people.accepted("09-24 14:00")
    version = suspend(people, booking).version
    actors = [people.officer, staff(people.store)]
    together = Barrier(2)

    def decide(number: int) -> str:
        together.wait()
        act = bookings.resume if number else bookings.cancel
        reason = () if number else ("b_emergency",)
        try:
            done = people.store.execute(actors[number], act, booking.id, *reason, version=version)
        except StaleVersionError:
            return "too late"
        return done.status

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(decide, range(2)))
    [now] = people.rows(Booking)
    assert found == sorted(["too late", now.status])
