"""Stored deadlines follow a change of the calendar: longer over new days off, never shorter."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from app.domain.booking import BookingStatus
from app.domain.calendar import WorkingCalendar
from app.domain.calendar_year import lengthened
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import ServiceSessionStatus
from app.models.appeal import Appeal
from app.models.base import Base, Ledger
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.outcome import Dispute, Outcome
from app.models.service_session import ServiceSession
from app.models.ticket import Ticket
from app.services import appeals, tickets
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

Change = Callable[[UnitOfWork, Any], None]


def lengthen(uow: UnitOfWork, before: WorkingCalendar) -> int:
    """Lengthen every open deadline that runs over days that are off now, and return how many."""
    with uow.beyond_scope("every open deadline under the new calendar"):
        return sum(_lengthen(uow, before, *each) for each in _DEADLINES)


def _lengthen(
    uow: UnitOfWork,
    before: WorkingCalendar,
    column: Any,
    is_open: ColumnElement[bool],
    replan: Change | None,
) -> int:
    model, name = column.class_, column.key
    count = 0
    for row in uow.all(select(model).where(is_open, column > uow.now).order_by(model.id)):
        old: datetime = getattr(row, name)
        new = lengthened(old, uow.now, before, uow.calendar)
        if isinstance(row, Booking):
            new = max(old, min(new, row.starts_at - _notice(uow, row)))
        if new <= old:
            continue
        setattr(row, name, new)
        _note(uow, row, name, old)
        if replan is not None:
            replan(uow, row)
        count += 1
    return count


def _note(uow: UnitOfWork, row: Base, name: str, old: datetime) -> None:
    if isinstance(row, Ledger):
        uow.audit(f"{_noun(row)}.deadline_lengthened", row, deadline=name, before=old)


def _noun(row: Base) -> str:
    return _NOUNS.get(type(row), "dispute")


def _notice(uow: UnitOfWork, booking: Booking) -> timedelta:
    return timedelta(hours=uow.load(Expert, booking.lead_expert_id).notice_hours)


def _expire_later(uow: UnitOfWork, booking: Booking) -> None:
    cancel_open(uow, booking.id, ["expire_booking"])
    until = booking.answer_by
    if until is not None:
        key = f"expire_booking:{booking.id}:{until.isoformat()}"
        uow.later("expire_booking", key, until, subject_id=booking.id)


def _lapse_later(uow: UnitOfWork, outcome: Outcome) -> None:
    cancel_open(uow, outcome.id, ["lapse_outcome"])
    until = outcome.confirm_by
    if until is not None:
        key = f"lapse_outcome:{outcome.id}:{until.isoformat()}"
        uow.later("lapse_outcome", key, until, subject_id=outcome.id)


_NOUNS: Mapping[type[Base], str] = {
    Booking: "booking",
    ServiceSession: "service_session",
    Outcome: "outcome",
    Ticket: "ticket",
    Appeal: "appeal",
}
_DEADLINES: tuple[tuple[Any, ColumnElement[bool], Change | None], ...] = (
    (Booking.answer_by, Booking.status == BookingStatus.REQUESTED, _expire_later),
    (ServiceSession.contest_by, ServiceSession.status == ServiceSessionStatus.NO_SHOW, None),
    (Outcome.record_by, Outcome.status == OutcomeStatus.AWAITING_RECORD, None),
    (Outcome.confirm_by, Outcome.status == OutcomeStatus.RECORDED, _lapse_later),
    (Dispute.rule_by, Dispute.ruled_at.is_(None), None),
    (Ticket.due_at, Ticket.closed_at.is_(None), tickets.plan_reminders),
    (Appeal.answer_by, Appeal.answered_at.is_(None), appeals.plan_reminders),
    (Need.bureau_due_at, Need.bureau_asked_at.is_not(None), None),
)
