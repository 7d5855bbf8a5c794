"""An expert leaves the pool before his term ends: at his own wish, or dismissed after a hearing."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from app.domain.dismissal import OPEN, DismissalOpenError
from app.domain.expert import NotAppointedError
from app.domain.suspension import SuspensionCause
from app.models.dismissal import Dismissal
from app.models.expert import Appointment, Expert
from app.services import bookings
from app.services.experts.deciding import decide_anew
from app.services.experts.documents import ensure_document, load_for_term
from app.services.experts.following import ahead_of
from app.unit_of_work import UnitOfWork


class Leaving(StrEnum):
    """How an expert leaves; the trail calls it so."""

    RESIGNED = "resigned"
    DISMISSED = "dismissed"


def resign(
    uow: UnitOfWork, expert_id: UUID, document: str, *, version: int | None = None
) -> Expert:
    """End an expert's service today at his own written wish 辞聘; he is told.

    For any cause of the bureau's there is the dismissal, which hears him and takes two people.

    Raises:
        NotAppointedError: no term of his holds today.
        DismissalOpenError: a dismissal waits for its decision, which comes first.
        InvalidInputError: at field `document`.
    """
    expert = load_for_term(uow, expert_id, version)
    waits = select(Dismissal.id).where(Dismissal.expert_id == expert.id, Dismissal.status.in_(OPEN))
    if uow.all(waits):
        raise DismissalOpenError
    ended = leave_pool(uow, expert, document, Leaving.RESIGNED)
    uow.tell("appointment.resigned", ended)
    return expert


def leave_pool(uow: UnitOfWork, expert: Expert, document: str, how: Leaving) -> Appointment:
    """End the terms of an expert today; return the one that held.

    Every booking to come is suspended, what was held stays. The caller has decided that it may be
    so.

    Raises:
        NotAppointedError: no term of his holds today.
        InvalidInputError: at field `document`.
    """
    name = ensure_document(document)
    terms = uow.all(
        select(Appointment).where(
            Appointment.expert_id == expert.id, Appointment.ends_on >= uow.today
        )
    )
    present = next((term for term in terms if term.starts_on <= uow.today), None)
    if present is None:
        raise NotAppointedError
    # A term that has not begun cannot end before it does; the pause offers none of its days.
    expert.is_paused = True
    for term in terms:
        term.ends_on = max(uow.today, term.starts_on)
        uow.audit(f"appointment.{how}", term, document=name)
    uow.audit(f"expert.{how}", expert, document=name)
    decide_anew(uow, expert.id, f"expert.{how}")
    with uow.beyond_scope("every booking to come of the expert"):
        for booking in ahead_of(uow, expert.id):
            bookings.fall_out(
                uow, booking.id, expert.id, SuspensionCause.DISMISSAL, ref_id=expert.id
            )
    return present
