"""A meeting as it ends: who was there, from when to when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.attendance import ensure_held
from app.domain.booking import BookingEvent
from app.domain.booking import next_status as next_booking_status
from app.domain.declared_tie import own_times
from app.domain.errors import InvalidInputError
from app.domain.message import steps
from app.domain.outcome import OutcomeStatus
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import (
    Evidence,
    NoShow,
    Party,
    ServiceSessionEvent,
    ensure_actual,
    ensure_on_plan,
    next_status,
)
from app.models.booking import Booking
from app.models.outcome import Outcome
from app.models.service_session import Attendance, ServiceSession
from app.services import deadlines, service_records
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.service_sessions import absent
from app.services.service_sessions.origin import booking_id_of
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OwnTimes:
    """When one expert came and went."""

    in_at: datetime
    out_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """What really happened; without lists everybody planned was there the whole time.

    Attributes:
        absent: the experts of a panel who did not come; the others held it without them.
    """

    actual_start: datetime
    actual_end: datetime
    break_minutes: int = 0
    attendees: frozenset[UUID] | None = None
    experts: Mapping[UUID, OwnTimes] = field(default_factory=dict)
    anonymous_heads: int = 0
    absent: frozenset[UUID] = frozenset()


def finish(
    uow: UnitOfWork, session_id: UUID, facts: Finish, *, version: int | None = None
) -> ServiceSession:
    """Close the meeting with its actual times; the mentor's record is due two working days on.

    A panel is held when its lead and its quorum came; who did not come answers for it himself.

    Raises:
        InvalidInputError: naming each field at fault.
        WasSeenError: the desk has checked in whoever is called absent.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.HOLD_SERVICE_SESSION, experts=frozenset({session.lead_expert_id}))
    ensure_version(session, version)
    status = next_status(session.status, ServiceSessionEvent.FINISH)
    ensure_actual(facts.actual_start, facts.actual_end, facts.break_minutes, uow.now)
    ensure_on_plan(facts.actual_start, session.planned_starts_at)
    booking = uow.load(Booking, booking_id_of(session), lock=True)
    rows = attendances(uow, session.id)
    expected = absent.expected_of(uow, session, rows)
    ensure_held(expected, facts.absent, session.lead_expert_id, booking.quorum)
    absent.ensure_none_seen(NoShow.MENTOR, rows, facts.absent)
    session.status = status
    _write_times(uow, session, facts, rows, expected - facts.absent)
    absent.note(uow, rows, facts.absent)
    booking.status = next_booking_status(booking.status, BookingEvent.FULFIL)
    cancel_open(uow, booking.id)
    outcome = open_outcome(uow, session)
    uow.audit("service_session.finished", session)
    uow.audit("booking.fulfilled", booking)
    uow.audit("outcome.awaited", outcome)
    uow.flush()
    service_records.count(uow, session.id, cause="service_session.finished")
    absent.tell_them(uow, session, rows)
    return session


def open_outcome(uow: UnitOfWork, session: ServiceSession) -> Outcome:
    """Return the new outcome of a held session, waiting for the mentor's record."""
    held_at = session.actual_end or uow.now
    outcome = uow.add(
        Outcome(
            service_session_id=session.id,
            status=OutcomeStatus.AWAITING_RECORD,
            record_by=deadlines.duty(uow, PolicyNumber.RECORD, held_at),
        )
    )
    for days in steps("outcome.record_due"):
        uow.later(
            "remind_record",
            f"remind_record:{session.id}:{days}",
            uow.calendar.answer_deadline(held_at, days),
            subject_id=outcome.id,
            not_after=outcome.record_by,
        )
    return outcome


def attendances(uow: UnitOfWork, session_id: UUID) -> list[Attendance]:
    """Return everybody of both sides, experts and founders."""
    return list(
        uow.all(
            select(Attendance)
            .where(Attendance.service_session_id == session_id, Attendance.voided_at.is_(None))
            .order_by(Attendance.id)
        )
    )


def booking_of(uow: UnitOfWork, session: ServiceSession, *, lock: bool = False) -> Booking:
    """Return the booking of the meeting, also for who came along and did not book it."""
    with uow.beyond_scope("the booking of a meeting the actor takes part in"):
        return uow.load(Booking, booking_id_of(session), lock=lock)


def own_sides(uow: UnitOfWork, rows: Sequence[Attendance]) -> frozenset[Party]:
    """Return the sides of the meeting on which the actor himself is expected or was there."""
    return frozenset(row.side for row in rows if row.person_id == uow.actor.person_id)


def _write_times(
    uow: UnitOfWork,
    session: ServiceSession,
    facts: Finish,
    rows: Sequence[Attendance],
    came: frozenset[UUID],
) -> None:
    session.actual_start, session.actual_end = facts.actual_start, facts.actual_end
    session.break_minutes = facts.break_minutes
    session.anonymous_heads = facts.anonymous_heads
    present = facts.attendees
    known = set()
    _ensure_experts(came, facts.experts)
    for row in rows:
        known.add(row.person_id)
        if row.expert_id is not None and row.expert_id not in came:
            continue
        if row.side is Party.EXPERT:
            _write_own(row, facts)
        else:
            row.is_present = present is None or row.person_id in present
        row.evidence = row.evidence or (Evidence.MENTOR if row.is_present else None)
        uow.audit("attendance.recorded", row)
    if present is not None and not present <= known:
        raise InvalidInputError.at("attendees", "service_session.unknown_attendee")


def _write_own(row: Attendance, facts: Finish) -> None:
    """Keep when an expert was there, no longer than until he left for a tie."""
    own = facts.experts.get(row.expert_id) if row.expert_id else None
    span = (own.in_at, own.out_at) if own else (facts.actual_start, facts.actual_end)
    there = own_times(span, row.stood_aside_at)
    row.in_at, row.out_at = there or (None, None)
    row.is_present = there is not None


def _ensure_experts(came: frozenset[UUID], experts: Mapping[UUID, OwnTimes]) -> None:
    if not experts.keys() <= came:
        raise InvalidInputError.at("experts", "service_session.unknown_expert")
    if any(own.out_at <= own.in_at for own in experts.values()):
        raise InvalidInputError.at("experts", "service_session.end_before_start")
