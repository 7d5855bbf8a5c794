"""Unexcused absences of experts: meetings missed, called off late, panels left late."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.domain.booking import BookingStatus, Side
from app.domain.calendar import day_starts_at
from app.domain.service_record import Ruling
from app.domain.service_session import MENTOR_AWAY, ServiceSessionStatus
from app.models.booking import Booking, BookingExpert
from app.models.outcome import Dispute
from app.models.service_session import Attendance, ServiceSession
from app.queries.free_times import Look

_NOT_HELD = (ServiceSessionStatus.NO_SHOW, ServiceSessionStatus.RULED)
_RULED_AWAY = (Ruling.NO_SHOW_MENTOR.value, Ruling.NO_SHOW_BOTH.value)


class AbsenceKind(StrEnum):
    """How an expert stayed away."""

    MISSED = "missed"
    CALLED_OFF = "called_off"
    LEFT_PANEL = "left_panel"


@dataclass(frozen=True, slots=True)
class Absence:
    """One unexcused absence; a booking that was called off has no meeting."""

    expert_id: UUID
    kind: AbsenceKind
    at: datetime
    reference: str
    booking_id: UUID | None
    session_id: UUID | None


def absences(
    look: Look, since: date, expert_ids: Collection[UUID] | None = None
) -> Sequence[Absence]:
    """Return the unexcused absences since a day, by time; three statements.

    The caller sees beyond the actor's scope, and may know of these experts: all when not given.
    """
    found = (*_missed(look, since, expert_ids), *_bookings(look, since, expert_ids))
    return sorted(found, key=lambda each: (each.at, str(each.expert_id)))


def _missed(look: Look, since: date, expert_ids: Collection[UUID] | None) -> Iterator[Absence]:
    """Yield the meetings that they themselves missed, as that stands now."""
    own = aliased(Attendance)
    status = ServiceSession.status
    missed = (status == ServiceSessionStatus.NO_SHOW) & ServiceSession.no_show.in_(MENTOR_AWAY)
    ruled_away = (status == ServiceSessionStatus.RULED) & _last_ruling().in_(_RULED_AWAY)
    # A panel was held without him; his word against it stands until somebody has ruled.
    contested = exists().where(
        Dispute.service_session_id == ServiceSession.id,
        Dispute.opened_by_id == own.person_id,
        Dispute.is_absence,
        or_(Dispute.ruling.is_(None), Dispute.ruling.not_in(_RULED_AWAY)),
    )
    alone = (status == ServiceSessionStatus.FINISHED) & own.missed_at.is_not(None) & ~contested
    # Reported before absences were kept for each expert: who led answers for it.
    kept = exists().where(
        Attendance.service_session_id == ServiceSession.id, Attendance.missed_at.is_not(None)
    )
    is_his = own.missed_at.is_not(None) | (own.is_lead & ~kept)
    # Holds of all that follows and is asked first: of most meetings nobody was missed.
    may_be = status.in_(_NOT_HELD) | own.missed_at.is_not(None)
    rows: Iterable[Any] = look.session.execute(
        select(
            own.expert_id,
            ServiceSession.planned_starts_at,
            ServiceSession.reference,
            ServiceSession.booking_id,
            ServiceSession.id,
        )
        .join(own, own.service_session_id == ServiceSession.id)
        .where(
            own.expert_id.is_not(None),
            _of(own.expert_id, expert_ids),
            ServiceSession.planned_starts_at >= day_starts_at(since),
            may_be,
            or_(is_his & missed, is_his & ruled_away, alone),
        )
    )
    for expert_id, at, reference, booking_id, session_id in rows:
        yield Absence(expert_id, AbsenceKind.MISSED, at, reference, booking_id, session_id)


def _last_ruling() -> ScalarSelect[str | None]:
    """Return what was ruled last of a meeting."""
    return (
        select(Dispute.ruling)
        .where(
            Dispute.service_session_id == ServiceSession.id,
            Dispute.ruled_at.is_not(None),
            ~Dispute.is_absence,
        )
        .order_by(Dispute.ruled_at.desc())
        .limit(1)
        .correlate(ServiceSession)
        .scalar_subquery()
    )


def _bookings(look: Look, since: date, expert_ids: Collection[UUID] | None) -> Iterator[Absence]:
    """Yield the bookings that they called off, and the panels that they left, late."""
    called_off = select(
        Booking.lead_expert_id, Booking.starts_at, Booking.reference, Booking.id
    ).where(
        _of(Booking.lead_expert_id, expert_ids),
        Booking.status == BookingStatus.CANCELLED,
        Booking.end_side == Side.MENTOR,
        Booking.is_late.is_(True),
        Booking.is_excused.is_(False),
        Booking.starts_at >= day_starts_at(since),
    )
    left = (
        select(BookingExpert.expert_id, Booking.starts_at, Booking.reference, Booking.id)
        .join(Booking, Booking.id == BookingExpert.booking_id)
        .where(
            _of(BookingExpert.expert_id, expert_ids),
            BookingExpert.is_late.is_(True),
            BookingExpert.is_excused.is_(False),
            Booking.starts_at >= day_starts_at(since),
        )
    )
    for kind, statement in ((AbsenceKind.CALLED_OFF, called_off), (AbsenceKind.LEFT_PANEL, left)):
        for expert_id, at, reference, booking_id in look.session.execute(statement):
            yield Absence(expert_id, kind, at, reference, booking_id, None)


def _of(
    column: InstrumentedAttribute[Any], expert_ids: Collection[UUID] | None
) -> ColumnElement[bool]:
    return column.is_not(None) if expert_ids is None else column.in_(expert_ids)
