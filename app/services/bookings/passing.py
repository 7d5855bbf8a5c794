"""When an expert cannot: the next candidate of the same shortlist is asked for the same time."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.domain.booking import BookingStatus
from app.domain.errors import DomainError
from app.domain.need import NeedStatus
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.queries.board_posts import one_each, standing_claims
from app.services.bookings.holding import answer_by, ask
from app.services.bookings.placing import Choice, place
from app.unit_of_work import UnitOfWork

# A hold asks nobody yet: when it runs out, nobody would let the need wait again.
_ASKED = (
    BookingStatus.REQUESTED,
    BookingStatus.ACCEPTED,
    BookingStatus.SUSPENDED,
    BookingStatus.FULFILLED,
)


class Candidate(NamedTuple):
    """Somebody who may be asked next; a proposal is named where the matcher made one."""

    expert_id: UUID
    proposal_id: UUID | None


def pass_on(uow: UnitOfWork, booking: Booking, event: str) -> Booking | None:
    """Ask the next candidate who is free at the same time; without one the need waits again.

    The founder's consent covers the change of expert, not a change of time (decisions.md).
    """
    uow.flush()
    with uow.beyond_scope("the next candidate of the founder's shortlist"):
        need = uow.load(Need, booking.need_id)
        successor = _successor(uow, need, booking) if booking.may_pass_on else None
        if successor is None:
            reopen_need(uow, need.id)
    side = booking.end_side.value if booking.end_side else None
    uow.tell(event, booking, by=side, next=str(successor.id) if successor else None)
    return successor


def reopen_need(uow: UnitOfWork, need_id: UUID) -> None:
    """Let a need wait for a booking again when none is left."""
    uow.flush()
    with uow.beyond_scope("whether another booking serves the need"):
        # Locked before counting: two last bookings that end together must see each other.
        need = uow.load(Need, need_id, lock=True)
        left = uow.all(
            select(Booking.id).where(Booking.need_id == need_id, Booking.status.in_(_ASKED))
        )
        if not left and need.status is NeedStatus.BOOKED:
            need.status = NeedStatus.SUBMITTED


def _successor(uow: UnitOfWork, need: Need, booking: Booking) -> Booking | None:
    asked = set(uow.all(select(Booking.lead_expert_id).where(Booking.need_id == need.id)))
    for candidate in candidates(uow, need.id):
        if candidate.expert_id in asked:
            continue
        expert = uow.load(Expert, candidate.expert_id)
        if (
            booking.mode not in expert.modes
            or answer_by(uow, booking, expert.notice_hours) <= uow.now
        ):
            continue
        successor = _try(uow, need, booking, candidate)
        if successor is not None:
            ask(uow, successor)
            return successor
    return None


def _try(uow: UnitOfWork, need: Need, booking: Booking, candidate: Candidate) -> Booking | None:
    choice = Choice(
        need_id=need.id,
        expert_id=candidate.expert_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        mode=booking.mode,
        session_type=booking.session_type,
        proposal_id=candidate.proposal_id,
        replaces_id=booking.id,
        may_pass_on=booking.may_pass_on,
        place=booking.place,
        channel=booking.channel,
        note=booking.note,
    )
    try:
        with uow.attempt():
            return place(uow, need, choice)
    except DomainError:
        # This candidate cannot be had then; the next one may.
        return None


def candidates(uow: UnitOfWork, need_id: UUID) -> list[Candidate]:
    """Return the newest shortlist, unless nobody on it fits, and who claimed the need himself."""
    newest = (
        select(MatchRound.id)
        .where(MatchRound.need_id == need_id)
        .order_by(MatchRound.number.desc())
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    listed = uow.all(
        select(Proposal)
        .join(MatchRound, MatchRound.id == Proposal.match_round_id)
        .where(MatchRound.id == newest, MatchRound.lack.is_(None))
        .order_by(Proposal.rank)
    )
    claimed = one_each(uow.session.execute(standing_claims(need_id)))
    return [
        *(Candidate(each.expert_id, each.id) for each in listed),
        *(Candidate(claim.expert_id, None) for claim, _ in claimed),
    ]
