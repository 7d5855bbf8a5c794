"""Unexcused absences of an expert: two within twelve months make the bureau review his term."""

from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, exists, or_, select
from sqlalchemy.orm import aliased

from app.domain.absence import ABSENCES_TO_REVIEW, REVIEW_WORKING_DAYS, a_year_before
from app.domain.booking import BookingStatus, Side
from app.domain.calendar import day_starts_at
from app.domain.service_record import Ruling
from app.domain.service_session import MENTOR_AWAY, ServiceSessionStatus
from app.domain.task import TaskEnd, TaskKind
from app.models.booking import Booking, BookingExpert
from app.models.expert import Expert
from app.models.outcome import Dispute
from app.models.service_session import Attendance, ServiceSession
from app.models.task import Task
from app.services import tasks
from app.unit_of_work import UnitOfWork

_RULED_AWAY = (Ruling.NO_SHOW_MENTOR.value, Ruling.NO_SHOW_BOTH.value)


def review(uow: UnitOfWork, expert_id: UUID) -> Task | None:
    """Open one review of an expert with two unexcused absences within twelve months.

    A late cancellation without excuse counts, of a panel or alone, and a no-show that is reported
    and not contested, or was ruled so. Fewer than two, because one is contested or excused, settle
    an open review.
    What a review has decided is not reviewed again without a new absence.

    Returns:
        The open review, None when there is no cause for one.
    """
    # Two absences that come to stand together must see each other.
    uow.session.get(Expert, expert_id, with_for_update=True)
    uow.flush()
    with uow.beyond_scope("the absences of the expert"):
        since = a_year_before(uow.today)
        absences = (_missed, _called_off, _left_panels)
        days = sorted(day for found in absences for day in found(uow, expert_id, since))
        decided = uow.one(
            select(Task.facts)
            .where(
                Task.kind == TaskKind.DISMISSAL_REVIEW,
                Task.subject_id == expert_id,
                Task.ending == TaskEnd.DONE,
            )
            .order_by(Task.closed_at.desc())
            .limit(1)
        )
    if len(days) < ABSENCES_TO_REVIEW:
        tasks.settle(uow, TaskKind.DISMISSAL_REVIEW, expert_id)
        return None
    last = days[-1]
    if decided is not None and last <= str(decided["last"]):
        return None
    due_by = uow.calendar.duty_deadline(uow.now, REVIEW_WORKING_DAYS)
    return tasks.open_once(
        uow,
        TaskKind.DISMISSAL_REVIEW,
        expert_id,
        due_by=due_by,
        absences=len(days),
        last=last,
    )


def _missed(uow: UnitOfWork, expert_id: UUID, since: date) -> list[str]:
    """Return the starts of the meetings that he himself missed, as that stands now."""
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
    found = uow.all(
        select(ServiceSession.planned_starts_at)
        .join(own, own.service_session_id == ServiceSession.id)
        .where(
            own.expert_id == expert_id,
            ServiceSession.planned_starts_at >= day_starts_at(since),
            or_(is_his & missed, is_his & ruled_away, alone),
        )
    )
    return [at.isoformat() for at in found]


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


def _called_off(uow: UnitOfWork, expert_id: UUID, since: date) -> list[str]:
    """Return the starts of the meetings that he called off late and without an excuse."""
    found = uow.all(
        select(Booking.starts_at).where(
            Booking.lead_expert_id == expert_id,
            Booking.status == BookingStatus.CANCELLED,
            Booking.end_side == Side.MENTOR,
            Booking.is_late.is_(True),
            Booking.is_excused.is_(False),
            Booking.starts_at >= day_starts_at(since),
        )
    )
    return [at.isoformat() for at in found]


def _left_panels(uow: UnitOfWork, expert_id: UUID, since: date) -> list[str]:
    """Return the starts of the panels that he left late and without an excuse."""
    found = uow.all(
        select(Booking.starts_at)
        .join(BookingExpert, BookingExpert.booking_id == Booking.id)
        .where(
            BookingExpert.expert_id == expert_id,
            BookingExpert.is_late.is_(True),
            BookingExpert.is_excused.is_(False),
            Booking.starts_at >= day_starts_at(since),
        )
    )
    return [at.isoformat() for at in found]
