"""Who stands in for an expert of a panel answers for his seat, and does nothing else of his."""

from datetime import date, timedelta

import pytest

from app.domain.booking import BookingStatus, IllegalTransitionError
from app.domain.errors import ForbiddenError, NotFoundError
from app.domain.leave import Leave
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.service_session import Attendance, ServiceSession
from app.queries.leaves import DeputyRequest, deputy_requests
from app.services import bookings, leaves, outcomes, service_sessions
from app.services.service_sessions import Finish, OwnTimes
from tests.journeys.district import WRITTEN
from tests.moments import at
from tests.panel_meeting import MEETING, MEETING_END, Table, lay_table
from tests.scenes import Plays

# Today and tomorrow: the meeting lies behind them.
AWAY = date(2026, 9, 16), date(2026, 9, 17)


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    return scene


def leave_to(table: Table, number: int, deputy: int) -> None:
    leave = Leave(*AWAY, "出差", table.experts[deputy].id)
    table.store.execute(table.mentors[number], leaves.take, table.experts[number].id, leave)


def asked(table: Table, number: int) -> list[DeputyRequest]:
    with table.store.read(table.mentors[number]) as reader:
        return list(deputy_requests(reader))


def accept(table: Table, booking: Booking, deputy: int, number: int | None = None) -> None:
    key = table.experts[number].id if number is not None else None
    table.store.execute(table.mentors[deputy], bookings.accept_as_deputy, booking.id, expert_id=key)


def decline(table: Table, booking: Booking, deputy: int) -> None:
    table.store.execute(table.mentors[deputy], bookings.decline_as_deputy, booking.id, "m_overload")


def test_a_deputy_answers_for_one_seat_and_never_finishes_records_or_signs(table) -> None:
    leave_to(table, 2, deputy=4)
    booking = table.requested()
    [request] = asked(table, 4)
    assert (request.booking_id, request.for_whom) == (booking.id, "王律师")
    assert (request.is_panel, request.is_lead) == (True, False)
    accept(table, booking, deputy=4)
    assert table.answers(booking)["王律师"] == "accepted"
    assert asked(table, 4) == []
    [entry] = table.rows(AuditEntry, AuditEntry.action == "booking.deputised")
    assert entry.actor_id == table.mentors[4].account_id
    with pytest.raises(IllegalTransitionError):
        decline(table, booking, deputy=4)
    table.accept(booking, 0)
    table.accept(booking, 1)
    (session,) = table.rows(ServiceSession)
    experts = {row.expert_id for row in table.rows(Attendance) if row.expert_id}
    assert experts == {each.id for each in table.experts[:3]}
    table.clock.put(at(MEETING_END) + timedelta(minutes=5))
    _does_nothing_else(table, session)


def _does_nothing_else(table: Table, session: ServiceSession) -> None:
    times = at(MEETING), at(MEETING_END)
    facts = Finish(actual_start=times[0], actual_end=times[1])
    for act, said in (
        (service_sessions.finish, (facts,)),
        (outcomes.report, (facts, WRITTEN)),
    ):
        with pytest.raises((ForbiddenError, NotFoundError)):
            table.store.execute(table.mentors[4], act, session.id, *said)
    table.store.execute(table.mentors[0], outcomes.report, session.id, facts, WRITTEN)
    for act, said in (
        (outcomes.record, (WRITTEN,)),
        (outcomes.revise, (WRITTEN,)),
        (service_sessions.sign, (OwnTimes(*times),)),
    ):
        with pytest.raises((ForbiddenError, NotFoundError)):
            table.store.execute(table.mentors[4], act, session.id, *said)


def test_a_no_of_the_deputy_counts_as_the_experts_own(table) -> None:
    leave_to(table, 0, deputy=4)
    booking = table.requested(alternates=(3,))
    [request] = asked(table, 4)
    assert request.is_lead
    decline(table, booking, deputy=4)
    assert table.booking(booking).lead_expert_id == table.experts[3].id
    assert table.experts[0].id not in table.claimed(booking)


def test_a_deputy_on_the_same_panel_answers_for_each_seat_by_itself(table) -> None:
    for number in (0, 2):
        leave_to(table, number, deputy=1)
    booking = table.requested()
    assert {row.for_whom for row in asked(table, 1)} == {"陈教授", "王律师"}
    accept(table, booking, deputy=1, number=2)
    assert table.answers(booking)["李总"] == "invited"
    table.accept(booking, 1)
    assert table.booking(booking).status is BookingStatus.REQUESTED
    accept(table, booking, deputy=1)
    assert table.booking(booking).status is BookingStatus.ACCEPTED


def test_what_was_answered_or_is_nobodys_to_answer_is_refused(table) -> None:
    leave_to(table, 2, deputy=4)
    booking = table.requested()
    table.accept(booking, 2)
    with pytest.raises(IllegalTransitionError):
        accept(table, booking, deputy=4)
    for deputy, number in ((4, 0), (3, None)):
        with pytest.raises(ForbiddenError):
            accept(table, booking, deputy, number)
    assert table.answers(booking)["陈教授"] == "invited"


def test_when_the_leave_is_over_a_panel_waits_for_the_expert_himself(table) -> None:
    leave_to(table, 2, deputy=4)
    booking = table.requested()
    table.clock.put(at("09-18 00:00"))
    assert asked(table, 4) == []
    with pytest.raises(ForbiddenError):
        accept(table, booking, deputy=4)
