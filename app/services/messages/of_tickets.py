"""What a message on a ticket needs to know: the meeting's number and the deadline, no name."""

from app.models.outcome import Outcome, Rating
from app.models.service_session import ServiceSession
from app.models.ticket import Ticket
from app.services.messages.concern import Concern, text
from app.unit_of_work import UnitOfWork


def of_ticket(uow: UnitOfWork, ticket: Ticket) -> Concern:
    """Return what the officers are told of a ticket."""
    outcome = uow.load(Outcome, uow.load(Rating, ticket.rating_id).outcome_id)
    session = uow.load(ServiceSession, outcome.service_session_id)
    return Concern(
        facts={"reference": session.reference, "deadline": text(ticket.due_at)},
        status=ticket.status.value,
        pages={"ticket_id": str(ticket.id)},
    )
