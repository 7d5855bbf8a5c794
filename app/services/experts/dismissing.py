"""An expert leaves the pool before his term ends."""

from uuid import UUID

from sqlalchemy import select

from app.domain.expert import NotAppointedError
from app.domain.suspension import SuspensionCause
from app.models.expert import Appointment, Expert
from app.services import bookings
from app.services.experts.deciding import decide_anew
from app.services.experts.documents import ensure_document, load_for_term
from app.services.experts.following import ahead_of
from app.unit_of_work import UnitOfWork


def dismiss(
    uow: UnitOfWork, expert_id: UUID, document: str, *, version: int | None = None
) -> Expert:
    """End an expert's service today; every booking to come is suspended, what was held stays.

    Raises:
        NotAppointedError: no term of his holds today.
        InvalidInputError: at field `document`.
    """
    expert = load_for_term(uow, expert_id, version)
    name = ensure_document(document)
    terms = uow.all(
        select(Appointment).where(
            Appointment.expert_id == expert.id, Appointment.ends_on >= uow.today
        )
    )
    if not any(term.starts_on <= uow.today for term in terms):
        raise NotAppointedError
    # A term that has not begun cannot end before it does; the pause offers none of its days.
    expert.is_paused = True
    for term in terms:
        term.ends_on = max(uow.today, term.starts_on)
        uow.audit("appointment.dismissed", term, document=name)
    uow.audit("expert.dismissed", expert, document=name)
    decide_anew(uow, expert.id, "expert.dismissed")
    with uow.beyond_scope("every booking to come of the expert"):
        for booking in ahead_of(uow, expert.id):
            bookings.fall_out(
                uow, booking.id, expert.id, SuspensionCause.DISMISSAL, ref_id=expert.id
            )
    return expert
