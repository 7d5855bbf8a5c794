"""Tickets on bad ratings, with the call that closed each, and the calls that reached nobody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.errors import ConflictError
from app.domain.ticket import CallResult, NoCallError, TicketStatus
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references


class Ticket(Versioned, Ledger, Base):
    """What the bureau does about one bad rating; closed only with a call-back.

    `owner_id` is who looks after it, `tries` how many calls reached nobody (`ticket_tries`). What
    stands from `called` to `done` is the call that closed it.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("rating_id"),
        CheckConstraint("(status = 'open') = (owner_id IS NULL)", name="owner"),
        CheckConstraint("(owner_id IS NULL) = (taken_at IS NULL)", name="taken"),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)"
            " AND (closed_at IS NULL) = (closed_by_id IS NULL)"
            " AND (closed_at IS NULL) = (called IS NULL)"
            " AND (closed_at IS NULL) = (called_at IS NULL)"
            " AND (closed_at IS NULL) = (result IS NULL)"
            " AND (closed_at IS NULL) = (said IS NULL)"
            " AND (closed_at IS NULL) = (done IS NULL)",
            name="closed_with_a_call",
        ),
        CheckConstraint("result <> 'not_reached'", name="reached"),
        CheckConstraint("tries >= 0", name="tries"),
        Index("ix_tickets_closed_due", "closed_at", "due_at"),
    )
    PRIVATE = frozenset({"called", "said", "done"})

    rating_id: Mapped[UUID] = references("ratings", index=False)
    status: Mapped[TicketStatus] = mapped_column(enum_of(TicketStatus))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    owner_id: Mapped[UUID | None] = references("accounts", index=False)
    taken_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    called: Mapped[str | None]
    called_at: Mapped[datetime | None]
    result: Mapped[CallResult | None] = mapped_column(enum_of(CallResult))
    said: Mapped[Prose | None]
    done: Mapped[Prose | None]
    closed_by_id: Mapped[UUID | None] = references("accounts", index=False)
    closed_at: Mapped[datetime | None]


class TicketTry(Ledger, Base):
    """A call that reached nobody; never changed."""

    __tablename__ = "ticket_tries"
    PRIVATE = frozenset({"called", "note"})

    ticket_id: Mapped[UUID] = references("tickets")
    called: Mapped[str]
    called_at: Mapped[datetime]
    note: Mapped[Prose | None]
    officer_id: Mapped[UUID] = references("accounts", index=False)
    created_at: Mapped[datetime]


on_violation(
    lambda: ConflictError("ticket.already_open"), "uq_tickets_rating_id", "tickets.rating_id"
)
on_violation(NoCallError, "ck_tickets_closed_with_a_call")
