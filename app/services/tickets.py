"""The verbs of a ticket: opened by a bad rating, taken by an officer, closed with a call-back."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.policy_number import PolicyNumber
from app.domain.ticket import (
    Call,
    HandlerError,
    TicketEvent,
    TicketStatus,
    due_soon_at,
    ensure_call,
    event_of,
    is_bad,
    next_status,
    overdue_at,
)
from app.models.outcome import Outcome, Rating
from app.models.service_session import ServiceSession
from app.models.ticket import Ticket, TicketTry
from app.services import deadlines
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.service_sessions import has_hand_in
from app.unit_of_work import UnitOfWork

REMIND = "remind_ticket"


def open_for(uow: UnitOfWork, rating: Rating) -> Ticket | None:
    """Open the ticket of a bad rating in the transaction that keeps it; None for any other.

    Args:
        uow: the caller's transaction.
        rating: one that was just kept.
    """
    if not is_bad(rating.score):
        return None
    # The rating is the ticket's parent, and no relationship tells the session so.
    uow.flush()
    ticket = uow.add(
        Ticket(
            rating_id=rating.id,
            status=TicketStatus.OPEN,
            opened_at=uow.now,
            due_at=deadlines.duty(uow, PolicyNumber.TICKET),
        )
    )
    plan_reminders(uow, ticket)
    uow.audit("ticket.opened", ticket)
    uow.tell("ticket.opened", ticket, revision=1)
    return ticket


def plan_reminders(uow: UnitOfWork, ticket: Ticket) -> None:
    """Have the officers reminded before the deadline and once after it; anew where it moved."""
    cancel_open(uow, ticket.id, [REMIND])
    for remind_at in (
        due_soon_at(ticket.due_at, uow.calendar),
        overdue_at(ticket.due_at, uow.calendar),
    ):
        key = f"{REMIND}:{ticket.id}:{remind_at.isoformat()}"
        if remind_at > uow.now:
            uow.later(REMIND, key, remind_at, subject_id=ticket.id)


def take(uow: UnitOfWork, ticket_id: UUID, *, version: int | None = None) -> Ticket:
    """Look after the ticket from now on, also in the place of a colleague.

    Done twice by the same officer it changes nothing.

    Raises:
        IllegalStepError: it is closed.
        HandlerError: the officer served, or entered or wrote what was rated.
        StaleVersionError: somebody else has changed it since.
    """
    ticket = uow.load(Ticket, ticket_id, lock=True)
    uow.require(Permission.WORK_TICKET)
    status = next_status(ticket.status, TicketEvent.TAKE)
    if ticket.owner_id is not None and ticket.owner_id == uow.actor.account_id:
        return ticket
    ensure_version(ticket, version)
    _ensure_no_hand(uow, ticket)
    ticket.status, ticket.owner_id, ticket.taken_at = status, uow.actor.account_id, uow.now
    uow.audit("ticket.taken", ticket)
    return ticket


def note_call(
    uow: UnitOfWork, ticket_id: UUID, call: Call, *, version: int | None = None
) -> Ticket:
    """Keep a call: one that was answered closes the ticket, any other is kept as a try.

    Whoever calls about a ticket nobody has taken looks after it.

    Raises:
        IllegalStepError: it is closed.
        HandlerError: the officer served, or entered or wrote what was rated.
        InvalidInputError: something of the call is missing or cannot be so.
        StaleVersionError: somebody else has changed it since.
    """
    ticket = uow.load(Ticket, ticket_id, lock=True)
    uow.require(Permission.WORK_TICKET)
    event = event_of(call.result)
    status = next_status(ticket.status, event)
    ensure_version(ticket, version)
    _ensure_no_hand(uow, ticket)
    kept = ensure_call(call, ticket.opened_at, uow.now)
    if ticket.owner_id is None:
        ticket.owner_id, ticket.taken_at = uow.actor.account_id, uow.now
    ticket.status = status
    if event is TicketEvent.TRY:
        _try(uow, ticket, kept)
    else:
        _close(uow, ticket, kept)
    return ticket


def _try(uow: UnitOfWork, ticket: Ticket, call: Call) -> None:
    ticket.tries += 1
    row = uow.add(
        TicketTry(
            ticket_id=ticket.id,
            called=call.called,
            called_at=call.called_at,
            note=call.said or None,
            officer_id=uow.actor.account_id,
            created_at=uow.now,
        )
    )
    uow.audit("ticket.tried", ticket, row)


def _close(uow: UnitOfWork, ticket: Ticket, call: Call) -> None:
    ticket.called, ticket.called_at = call.called, call.called_at
    ticket.result, ticket.said, ticket.done = call.result, call.said, call.done
    ticket.closed_by_id, ticket.closed_at = uow.actor.account_id, uow.now
    cancel_open(uow, ticket.id)
    uow.audit("ticket.closed", ticket)


def _ensure_no_hand(uow: UnitOfWork, ticket: Ticket) -> None:
    outcome = uow.load(Outcome, uow.load(Rating, ticket.rating_id).outcome_id)
    session = uow.load(ServiceSession, outcome.service_session_id)
    if has_hand_in(uow, session, outcome.id):
        raise HandlerError
