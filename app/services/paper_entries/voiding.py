"""A sheet taken back: its meetings are void, its times free; every row stays on record."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.booking import BookingEvent, Side, next_status
from app.domain.desk_entry import BuiltUponError
from app.domain.need import NeedStatus
from app.domain.outcome import OutcomeStatus
from app.models.booking import Booking
from app.models.need import Need
from app.models.outcome import Confirmation, Dispute, Outcome, OutcomeVersion
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.service_record import Correction
from app.models.service_session import ServiceSession
from app.services import service_records
from app.services.bookings import claims
from app.services.jobs import cancel_open
from app.services.service_sessions import booking_id_of, need_id_of
from app.unit_of_work import UnitOfWork


def void_sheet(uow: UnitOfWork, sheet_id: UUID, reason: str) -> PaperSheet:
    """Take a sheet back with everything it entered; its number may be typed in again.

    Who was registered from it stays registered, with his consent.

    Raises:
        BuiltUponError: one of its meetings was confirmed, corrected, disputed or written anew.
    """
    sheet = uow.load(PaperSheet, sheet_id, lock=True)
    uow.require(Permission.ENTER_ON_PAPER)
    entered = select(PaperSheetRow.service_session_id).where(
        PaperSheetRow.paper_sheet_id == sheet.id
    )
    session_ids = uow.all(entered.order_by(PaperSheetRow.position))
    for session_id in session_ids:
        _void(uow, uow.load(ServiceSession, session_id, lock=True), reason)
    sheet.voided_at = uow.now
    uow.audit("paper_sheet.voided", sheet)
    uow.flush()
    service_records.count_all(uow, session_ids, cause="paper_sheet.voided")
    return sheet


def _void(uow: UnitOfWork, session: ServiceSession, reason: str) -> None:
    outcome = uow.one(select(Outcome).where(Outcome.service_session_id == session.id))
    if outcome is not None:
        _ensure_untouched(uow, session, outcome)
        cancel_open(uow, outcome.id)
    session.voided_at = uow.now
    uow.audit("service_session.voided", session)
    booking = uow.load(Booking, booking_id_of(session), lock=True)
    booking.status = next_status(booking.status, BookingEvent.VOID)
    booking.end_reason, booking.end_side = reason, Side.BUREAU
    claims.free(uow, booking.id)
    uow.audit("booking.voided", booking)
    need = uow.load(Need, need_id_of(session), lock=True)
    need.status = NeedStatus.WITHDRAWN
    uow.audit("need.withdrawn", need)


def _ensure_untouched(uow: UnitOfWork, session: ServiceSession, outcome: Outcome) -> None:
    own, later = outcome.id, session.id
    with uow.beyond_scope("whether somebody has built on the entry"):
        found = {
            "confirmation": select(Confirmation.id).where(Confirmation.outcome_id == own),
            "record": select(OutcomeVersion.id).where(
                OutcomeVersion.outcome_id == own, OutcomeVersion.number > 1
            ),
            "dispute": select(Dispute.id).where(Dispute.service_session_id == later),
            "correction": select(Correction.id).where(Correction.service_session_id == later),
        }
        built = [by for by, which in found.items() if uow.all(which.limit(1))]
    if built or outcome.status is not OutcomeStatus.RECORDED:
        raise BuiltUponError(by=(built or [outcome.status.value])[0])
