from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from app.domain.absence import a_year_before
from app.domain.actor import SYSTEM, Role
from app.domain.service_record import Ruling
from app.domain.service_session import NoShow
from app.domain.task import TaskEnd, TaskKind
from app.models.booking import Booking
from app.models.service_session import ServiceSession
from app.models.task import Task
from app.services import absences, audit_entries, bookings, disputes, service_sessions, tasks
from tests.builders import staff
from tests.moments import at
from tests.panel_meeting import lay_table
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene


@pytest.fixture
def plays() -> Plays:
    return {"people": set_scene}


@pytest.fixture
def people(scene: Scene) -> Scene:
    return scene


def reviews(people: Scene, *where) -> list[Task]:
    return people.rows(Task, Task.kind == TaskKind.DISMISSAL_REVIEW, *where)


def call_off(people: Scene, booking: Booking, reason: str = "m_late_no_reason") -> Booking:
    return people.store.execute(people.mentor, bookings.cancel, booking.id, reason)


def session_of(people: Scene, booking: Booking) -> ServiceSession:
    return people.rows(ServiceSession, ServiceSession.booking_id == booking.id)[0]


def missed(people: Scene, clock, when: str) -> ServiceSession:
    """A meeting to which the mentor did not come, as the founder reports."""
    session = session_of(people, people.accepted(when))
    clock.put(session.planned_ends_at)
    return people.store.execute(
        people.founder, service_sessions.report_no_show, session.id, NoShow.MENTOR
    )


def test_the_rolling_year_reaches_back_to_the_same_day() -> None:
    assert a_year_before(date(2026, 9, 16)) == date(2025, 9, 16)
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_two_late_cancellations_without_excuse_open_one_review(people, clock) -> None:
    first, second = people.accepted("09-22 10:00"), people.accepted("09-22 14:00")
    third = people.accepted("09-22 16:00")
    clock.put(at("09-22 08:00"))
    call_off(people, first)
    assert reviews(people) == []
    call_off(people, second)
    [review] = reviews(people)
    assert (review.subject_id, review.facts["absences"]) == (people.expert.id, 2)
    call_off(people, third)
    assert len(reviews(people)) == 1


def test_an_excuse_or_an_early_word_counts_for_nothing(people, clock) -> None:
    ill, early = people.accepted("09-22 10:00"), people.accepted("09-29 14:00")
    late = people.accepted("09-22 14:00")
    clock.put(at("09-22 08:00"))
    call_off(people, ill, "m_illness")
    call_off(people, early)
    call_off(people, late)
    assert reviews(people) == []


def test_a_no_show_counts_from_the_report_and_not_while_it_is_contested(people, clock) -> None:
    session = missed(people, clock, "09-18 14:00")
    late = people.accepted("09-22 16:00")
    clock.put(at("09-22 08:00"))
    call_off(people, late)
    [review] = reviews(people)
    contested = people.store.execute(
        people.mentor, service_sessions.contest, session.id, "当时在开防汛会"
    )
    [settled] = reviews(people)
    assert (settled.id, settled.ending) == (review.id, TaskEnd.SETTLED)
    approver = staff(people.store, Role.APPROVER)
    people.store.execute(approver, disputes.rule, contested.id, Ruling.NO_SHOW_MENTOR, "没有请假")
    assert [task.ending for task in reviews(people)] == [TaskEnd.SETTLED, None]


def test_an_excused_ruling_leaves_one_absence_less_and_deletes_nothing(people, clock) -> None:
    session = missed(people, clock, "09-18 14:00")
    late = people.accepted("09-22 16:00")
    clock.put(at("09-22 08:00"))
    call_off(people, late)
    dispute = people.store.execute(
        people.mentor, service_sessions.contest, session.id, "当时在开防汛会"
    )
    approver = staff(people.store, Role.APPROVER)
    people.store.execute(approver, disputes.rule, dispute.id, Ruling.EXCUSED, "因公务，予以谅解")
    [settled] = reviews(people)
    assert settled.ending is TaskEnd.SETTLED
    with people.store.read(SYSTEM) as reader:
        assert audit_entries.verify(reader, people.store.audit_key()).faults == []


def test_an_absence_of_the_founder_is_none_of_the_mentors(people, clock) -> None:
    for when in ("09-18 14:00", "09-22 14:00"):
        session = session_of(people, people.accepted(when))
        clock.put(session.planned_ends_at)
        people.store.execute(
            people.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER
        )
    assert reviews(people) == []


def test_what_was_decided_is_not_reviewed_again_without_a_new_absence(people, clock) -> None:
    meetings = [people.accepted(f"09-22 {hour}:00") for hour in (10, 12, 14, 16)]
    clock.put(at("09-22 08:00"))
    call_off(people, meetings[0])
    call_off(people, meetings[1])
    approver = staff(people.store, Role.APPROVER)
    people.store.execute(approver, tasks.close, reviews(people)[0].id, "已约谈，不解聘")
    assert people.store.execute(SYSTEM, absences.review, people.expert.id) is None
    call_off(people, meetings[2])
    assert [task.ending for task in reviews(people)] == [TaskEnd.DONE, None]


def test_of_two_absences_that_come_together_one_review_comes(people, clock) -> None:
    meetings = [people.accepted("09-22 10:00"), people.accepted("09-22 14:00")]
    clock.put(at("09-22 08:00"))
    together = Barrier(2)

    def call(booking: Booking) -> None:
        together.wait()
        call_off(people, booking)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(call, meetings))
    assert len(reviews(people)) == 1


def test_leaving_panels_late_counts_against_the_expert_who_left_unless_excused(
    store, clock
) -> None:
    table = lay_table(store, clock)
    first = table.agreed()
    clock.put(at("09-18 08:00"))
    table.cancel(first, 1, "m_late_no_reason")
    table.cancel(first, 2, "m_illness")
    second = table.agreed(starts_at=at("09-21 14:00"), ends_at=at("09-21 16:00"))
    clock.put(at("09-21 08:00"))
    table.cancel(second, 2, "m_late_no_reason")
    assert table.rows(Task, Task.kind == TaskKind.DISMISSAL_REVIEW) == []
    table.cancel(second, 1, "m_late_no_reason")
    [review] = table.rows(Task, Task.kind == TaskKind.DISMISSAL_REVIEW)
    assert (review.subject_id, review.facts["absences"]) == (table.experts[1].id, 2)
