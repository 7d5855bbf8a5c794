"""What a new batch takes in: the needs that wait, the pool, and the room that is left."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.batch import MOST_NEEDS
from app.domain.booking import BookingStatus, Side
from app.domain.calendar import Month, local_day
from app.domain.expert import AppointmentKind
from app.domain.need import NeedStatus
from app.models.booking import Booking
from app.models.expert import Appointment, Expert
from app.models.need import Need
from app.queries.batches.arranged import arranged
from app.queries.expert_loads import month_loads
from app.queries.free_times import Look

# After these an expert is not asked for the same need again.
_SAID_NO = Booking.status.in_((BookingStatus.DECLINED, BookingStatus.EXPIRED)) | (
    (Booking.status == BookingStatus.CANCELLED) & (Booking.end_side == Side.MENTOR)
)


@dataclass(frozen=True, slots=True)
class WaitingNeed:
    """A need for which nothing is booked or arranged, and how many days it has waited."""

    id: UUID
    person_id: UUID
    waited: int


@dataclass(frozen=True, slots=True)
class Appointed:
    """An expert of the pool, what stands in his month, and what he takes."""

    id: UUID
    load: int
    room: int


def waiting_needs(look: Look) -> Sequence[WaitingNeed]:
    """Return the needs that wait for a mentor, the longest waiting first; two statements."""
    bound = [each.need_id for each in arranged(look)]
    rows = look.session.execute(
        select(Need.id, Need.person_id, Need.submitted_at)
        .where(Need.status == NeedStatus.SUBMITTED, Need.id.not_in(bound))
        .order_by(Need.submitted_at, Need.id)
        .limit(MOST_NEEDS)
    )
    today = local_day(look.now)
    return [
        WaitingNeed(need_id, person_id, (today - local_day(submitted_at)).days)
        for need_id, person_id, submitted_at in rows
        if submitted_at is not None
    ]


def served_before(look: Look, person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of the founders have been served already."""
    served = select(Booking.founder_person_id).where(
        Booking.founder_person_id.in_(person_ids), Booking.status == BookingStatus.FULFILLED
    )
    return frozenset(look.session.scalars(served))


def appointed_pool(look: Look, month: Month, first_on: date) -> Sequence[Appointed]:
    """Return the experts whose term has not ended, with their month; three statements.

    What the bureau arranged for the month and waits for its founder takes a place already.
    """
    still = select(Appointment.expert_id).where(
        Appointment.kind == AppointmentKind.TERM, Appointment.ends_on >= first_on
    )
    rows = look.session.execute(
        select(Expert.id, Expert.monthly_limit).where(Expert.id.in_(still)).order_by(Expert.id)
    ).all()
    loads = month_loads(look, month)
    waits = Counter(each.expert_id for each in arranged(look) if each.month == str(month))
    return [Appointed(key, loads.get(key, 0) + waits[key], limit) for key, limit in rows]


def refusals(look: Look, need_ids: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Return the pairs of need and expert in which the expert was asked and could not."""
    rows = look.session.execute(
        select(Booking.need_id, Booking.lead_expert_id).where(
            Booking.need_id.in_(need_ids), _SAID_NO
        )
    )
    return frozenset((need_id, expert_id) for need_id, expert_id in rows)
