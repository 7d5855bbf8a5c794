"""Pairs that were told and still wait for the founder to choose a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from app.domain.batch import PairState
from app.domain.booking import BookingStatus
from app.domain.need import NeedStatus
from app.domain.proposal import LIFETIME
from app.models.batch import Batch, BatchPair
from app.models.booking import Booking
from app.models.need import Need
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class Arranged:
    """An expert kept for a need, in which month."""

    need_id: UUID
    expert_id: UUID
    month: str


def arranged(look: Look) -> Sequence[Arranged]:
    """Return every pair that is told and waits; one statement."""
    rows = look.session.execute(
        select(BatchPair.need_id, BatchPair.expert_id, Batch.month)
        .join(Batch, Batch.id == BatchPair.batch_id)
        .join(Need, Need.id == BatchPair.need_id)
        .where(_waits(look))
    )
    return [
        Arranged(need_id, expert_id, month)
        for need_id, expert_id, month in rows
        if expert_id is not None
    ]


def arranged_expert(look: Look, need_id: UUID) -> UUID | None:
    """Return the expert whom the bureau arranged for the need, while that waits."""
    return look.session.scalars(
        select(BatchPair.expert_id)
        .join(Need, Need.id == BatchPair.need_id)
        .where(BatchPair.need_id == need_id, _waits(look))
    ).one_or_none()


def _waits(look: Look) -> ColumnElement[bool]:
    # After a week without a choice, or once a booking came of it, it binds nobody any more.
    is_taken_up = exists().where(
        Booking.need_id == BatchPair.need_id,
        Booking.booked_at >= BatchPair.published_at,
        Booking.status != BookingStatus.RELEASED,
    )
    return and_(
        BatchPair.state == PairState.PUBLISHED,
        BatchPair.published_at > look.now - LIFETIME,
        Need.status == NeedStatus.SUBMITTED,
        ~is_taken_up,
    )
