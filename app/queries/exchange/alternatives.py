"""The free times nearest to one that is gone, as the pages offer them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import (
    FreeTime,
    Mode,
    Span,
    free_times,
    nearest_to,
    upcoming,
)
from app.domain.booking import ALTERNATIVES
from app.domain.calendar import day_starts_at, local_day
from app.models.booking import Booking, Resource, ResourceClaim, ResourceKind
from app.models.need import Need
from app.queries.booking_pages.offer import apart, thinned, without
from app.queries.free_times import Look, claims_of, load_diaries
from app.queries.joint_times import JointAsked, joint_search


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A time that cannot be had for a need; without an end it has the usual length."""

    need_id: UUID
    expert_id: UUID
    session_type: str
    mode: Mode
    starts_at: datetime
    ends_at: datetime | None = None
    other_ids: tuple[UUID, ...] = ()
    companion_ids: tuple[UUID, ...] = ()
    place_id: UUID | None = None


def alternatives_for(look: Look, wanted: Wanted) -> Sequence[FreeTime]:
    """Return the nearest times at which the founders, the experts and the room are all free."""
    asked_by = select(Need.person_id).where(Need.id == wanted.need_id)
    person_id = look.session.scalars(asked_by).one()
    return nearest_to(_free(look, wanted, person_id, None), wanted.starts_at, ALTERNATIVES)


def alternatives_to(look: Look, booking_id: UUID, starts_at: datetime) -> Sequence[FreeTime]:
    """Return the times nearest to the one named to which the booking can be moved."""
    booking = look.session.scalars(select(Booking).where(Booking.id == booking_id)).one()
    free = _free(look, _wanted(look, booking, starts_at), booking.founder_person_id, booking)
    return nearest_to(free, starts_at, ALTERNATIVES)


def other_times(look: Look, booking_id: UUID, days: int, a_day: int) -> Sequence[FreeTime]:
    """Return times to which the booking can be moved: of the first days, those near its own hour.

    Args:
        look: the look.
        booking_id: the booking.
        days: on how many days at the most.
        a_day: how many of each.
    """
    booking = look.session.scalars(select(Booking).where(Booking.id == booking_id)).one()
    wanted = _wanted(look, booking, booking.starts_at)
    free = _free(look, wanted, booking.founder_person_id, booking)
    others = (time for time in free if time.starts_at != booking.starts_at)
    by_day = groupby(others, lambda time: local_day(time.starts_at))
    own_hour = booking.starts_at - day_starts_at(local_day(booking.starts_at))
    found: list[FreeTime] = []
    for day, times in islice(by_day, days):
        found += nearest_to(times, day_starts_at(day) + own_hour, a_day)
    return found


def _wanted(look: Look, booking: Booking, starts_at: datetime) -> Wanted:
    rows = look.session.execute(
        select(Resource.kind, Resource.ref_id)
        .join(ResourceClaim, ResourceClaim.resource_id == Resource.id)
        .where(ResourceClaim.booking_id == booking.id, ResourceClaim.is_active)
    ).all()
    claimed = {kind: [ref for each, ref in rows if each is kind] for kind in ResourceKind}
    rooms = claimed[ResourceKind.ROOM]
    return Wanted(
        need_id=booking.need_id,
        expert_id=booking.lead_expert_id,
        session_type=booking.session_type,
        mode=booking.mode,
        starts_at=starts_at,
        ends_at=starts_at + (booking.ends_at - booking.starts_at),
        other_ids=_but(claimed[ResourceKind.EXPERT], booking.lead_expert_id),
        companion_ids=_but(claimed[ResourceKind.FOUNDER], booking.founder_person_id),
        place_id=rooms[0] if rooms else None,
    )


def _but(keys: Sequence[UUID], known: UUID) -> tuple[UUID, ...]:
    return tuple(key for key in keys if key != known)


def _free(look: Look, wanted: Wanted, person_id: UUID, moved: Booking | None) -> Iterator[FreeTime]:
    if wanted.other_ids or wanted.companion_ids or wanted.place_id:
        return _free_together(look, wanted, person_id)
    days = upcoming(look.now)
    diaries = load_diaries(look, [wanted.expert_id], days)
    diary = diaries.by_expert[wanted.expert_id]
    busy = claims_of(look, ResourceKind.FOUNDER, [person_id], days)[person_id]
    length = wanted.ends_at - wanted.starts_at if wanted.ends_at else None
    question = diaries.question(
        wanted.expert_id,
        wanted.session_type,
        (wanted.mode.value,),
        look.now,
        also_busy=tuple(span for span in busy if span != _span(moved)),
    )
    if length is not None:
        question = question.lasting(int(length / timedelta(minutes=1)))
    if moved is not None:
        diary = without(diary.of_agreed(), wanted.expert_id, [moved])
    return apart(thinned(free_times(diary, diaries.calendar, question, days)))


def _free_together(look: Look, wanted: Wanted, person_id: UUID) -> Iterator[FreeTime]:
    length = wanted.ends_at - wanted.starts_at if wanted.ends_at else None
    asked = JointAsked(
        expert_ids=(wanted.expert_id, *wanted.other_ids),
        person_ids=(person_id, *wanted.companion_ids),
        session_type=wanted.session_type,
        minutes=int(length / timedelta(minutes=1)) if length else None,
        modes=(wanted.mode.value,),
        place_ids=(wanted.place_id,) if wanted.place_id else (),
    )
    found = joint_search(look, asked, upcoming(look.now))
    times = (FreeTime(time.starts_at, time.ends_at, time.modes) for time in found.times)
    return apart(thinned(times))


def _span(booking: Booking | None) -> Span | None:
    return Span(booking.starts_at, booking.ends_at) if booking else None
