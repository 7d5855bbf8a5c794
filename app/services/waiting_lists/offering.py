"""What becomes free, kept for the next in line by the noun that reserves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from app.domain.waiting_list import WaitingKind, WaitingStatus
from app.models.waiting_list import WaitingEntry
from app.unit_of_work import UnitOfWork

# Kinds of jobs for the end of an offer: what is kept is given back by its own noun.
LAPSE = {kind: f"lapse_waiting_{kind.value}" for kind in WaitingKind}


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was kept for the next in line: under which key, until when.

    A seat is counted, not named: it has no key.
    """

    id: UUID | None
    until: datetime


Reserve = Callable[[UnitOfWork, WaitingEntry], Reservation | None]


def offer_next(
    uow: UnitOfWork, kind: WaitingKind, ref_id: UUID, reserve: Reserve, *, most: int | None = None
) -> Sequence[WaitingEntry]:
    """Keep what is free for those who wait, in order, and return to whom something is offered.

    Who finds nothing that suits him keeps his place; so does everybody behind him.

    Args:
        uow: the transaction.
        kind: of the line.
        ref_id: what it is for.
        reserve: keeps something for a place, None where nothing suits.
        most: how much is free, where that is known beforehand.
    """
    with uow.beyond_scope("who waits in line for what became free"):
        waiting = uow.all(
            select(WaitingEntry)
            .where(
                WaitingEntry.kind == kind,
                WaitingEntry.ref_id == ref_id,
                WaitingEntry.status == WaitingStatus.WAITING,
                WaitingEntry.latest_on >= uow.today,
            )
            .order_by(WaitingEntry.joined_at, WaitingEntry.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        offers = (entry for entry in waiting if _offer(uow, entry, reserve(uow, entry)))
        return list(islice(offers, most))


def _offer(uow: UnitOfWork, entry: WaitingEntry, kept: Reservation | None) -> bool:
    if kept is None:
        return False
    entry.status = WaitingStatus.OFFERED
    entry.offered_at, entry.offer_until, entry.reservation_id = uow.now, kept.until, kept.id
    job = LAPSE[entry.kind]
    uow.later(job, f"{job}:{entry.id}:{entry.version}", kept.until, subject_id=entry.id)
    uow.audit("waiting_list.offered", entry)
    uow.flush()
    return True
