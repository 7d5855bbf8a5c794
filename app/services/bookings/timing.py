"""Whether everybody asked for, and the room, have the time: looked at first, then taken.

Looking needs no lock, refuses most of what cannot be had, and leaves behind the locks only what
somebody else may have taken meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.availability import Diary, Question, ensure_free, offered_at, pauses_at
from app.domain.booking import FounderBusyError, TimeTakenError
from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.place import ONSITE, PlaceRetiredError, PlaceUnfitError, Wanted, ensure_usable
from app.models.booking import Booking, ResourceKind
from app.models.place import Place
from app.queries.free_times import Claimed, Diaries, all_claimed, load_diaries, with_claims
from app.queries.places import place_diaries, view_of
from app.services.bookings import claims, seats
from app.services.bookings.claims import Key, Pauses
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose time a meeting takes: of experts and founders, who leads first, and of a room."""

    expert_ids: Sequence[UUID]
    founder_ids: Sequence[UUID]
    place_id: UUID | None = None

    @property
    def keys(self) -> list[Key]:
        """What is claimed."""
        keys = [(ResourceKind.EXPERT, key) for key in self.expert_ids]
        keys += [(ResourceKind.FOUNDER, key) for key in self.founder_ids]
        if self.place_id is not None:
            keys.append((ResourceKind.ROOM, self.place_id))
        return keys


@dataclass(frozen=True, slots=True)
class Room:
    """The room that is asked for, and when it can be used."""

    place: Place
    diary: Diary


@dataclass(frozen=True, slots=True)
class Ground:
    """What was read before anything is locked: of whom, around which time, as of when."""

    parties: Parties
    starts_at: datetime
    diaries: Diaries
    revisions: Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class Timing:
    """A time that everybody had when it was looked at.

    Attributes:
        standing_id: the booking that is to have the time, if it has another one now.
    """

    ground: Ground
    question: Question
    room: Room | None = None
    standing_id: UUID | None = None

    @property
    def diaries(self) -> Mapping[UUID, Diary]:
        """The diaries of the experts, who leads first."""
        found = self.ground.diaries.by_expert
        return {key: found[key] for key in self.ground.parties.expert_ids}

    @property
    def pauses(self) -> Mapping[UUID, Pauses]:
        """The pauses of each expert around the time."""
        starts_at = self.ground.starts_at
        return {key: pauses_at(diary, starts_at) for key, diary in self.diaries.items()}


def parties_of(uow: UnitOfWork, booking: Booking) -> Parties:
    """Return whose time the booking takes."""
    claimed = claims.keys_of(uow, booking.id)
    return Parties(
        seats.live_ids(uow, booking),
        [booking.founder_person_id, *seats.companion_ids(uow, booking)],
        # An expert's own place is named, not claimed.
        next((key for kind, key in claimed if kind is ResourceKind.ROOM), None),
    )


def survey(uow: UnitOfWork, parties: Parties, starts_at: datetime) -> Ground:
    """Read when the experts can be met around the time, and as of which revision."""
    revisions = claims.revisions(uow, parties.keys)
    # After the revisions, which rise with it; the deadline of an answer asks it too.
    calendar = uow.read_calendar()
    diaries = load_diaries(uow, parties.expert_ids, [local_day(starts_at)], calendar)
    return Ground(parties, starts_at, diaries, revisions)


def look(
    uow: UnitOfWork, ground: Ground, question: Question, *, standing: Booking | None = None
) -> Timing:
    """Refuse a time that one side does not offer, or has given away already; nothing is locked.

    Holds that have run out are in nobody's way: who takes the time releases them.

    Args:
        uow: the transaction.
        ground: what was read of the experts.
        question: how long, in which way, seen from when.
        standing: the booking that moves; what it claims now is no hindrance.

    Raises:
        NotFreeError: an expert does not offer it, with the cause.
        TimeTakenError, FounderBusyError: somebody has another meeting then.
        PlaceClosedError, PlaceTakenError, PlaceUnfitError: why the room cannot be had.
    """
    timing = Timing(
        ground,
        question,
        _room(uow, ground, question, is_new=standing is None),
        standing.id if standing else None,
    )
    with uow.beyond_scope("holds that ran out on the same people's time"):
        _ensure(timing, _claimed(uow, timing, run_out_at=uow.now))
    return timing


def lock(uow: UnitOfWork, timing: Timing) -> Mapping[Key, UUID]:
    """Lock what the time is claimed of and return it; nobody else takes or gives it from now on.

    Raises:
        StaleDataError: days were closed since the look; the store begins the use case anew.
    """
    return claims.lock(uow, timing.ground.parties.keys, timing.ground.revisions)


def ensure_still(uow: UnitOfWork, timing: Timing) -> None:
    """Refuse a time that somebody took before the locks were had; asked behind them.

    Raises:
        NotFreeError: an expert has as many services as he takes.
        TimeTakenError, FounderBusyError, PlaceTakenError: somebody was faster.
    """
    _ensure(timing, _claimed(uow, timing))


def _ensure(timing: Timing, claimed: Mapping[UUID, Collection[Claimed]]) -> None:
    question, starts_at = timing.question, timing.ground.starts_at
    calendar = timing.ground.diaries.calendar
    # Whether a booking can go where it is moved, the database alone says of who leads it.
    judged = timing.ground.parties.expert_ids[0] if timing.standing_id else None
    for expert_id, diary in timing.diaries.items():
        kept = diary.of_agreed() if timing.standing_id else diary
        whole = with_claims(kept, claimed[expert_id])
        ensure_free(whole, calendar, question, starts_at)
        if expert_id == judged:
            continue
        if offered_at(whole, calendar, question, starts_at) is None:
            raise TimeTakenError(expert_id=expert_id, starts_at=starts_at)
    ends_at = starts_at + timedelta(minutes=question.minutes)
    for person_id in timing.ground.parties.founder_ids:
        spans = (each.span for each in claimed[person_id])
        if any(span.starts_at < ends_at and span.ends_at > starts_at for span in spans):
            raise FounderBusyError
    if timing.room is not None:
        spans = (each.span for each in claimed[timing.room.place.id])
        taken = replace(timing.room.diary, claims=tuple(spans))
        ensure_usable(taken, calendar, question, starts_at)


def _claimed(
    uow: UnitOfWork, timing: Timing, run_out_at: datetime | None = None
) -> Mapping[UUID, Collection[Claimed]]:
    day = local_day(timing.ground.starts_at)
    days = [day]
    if any(diary.yearly_limit is not None for diary in timing.diaries.values()):
        days = [date(day.year, 1, 1), date(day.year, 12, 31)]
    ref_ids = [key for _, key in timing.ground.parties.keys]
    return all_claimed(uow, ref_ids, days, but_of=timing.standing_id, run_out_at=run_out_at)


def _room(uow: UnitOfWork, ground: Ground, question: Question, *, is_new: bool) -> Room | None:
    parties, day = ground.parties, local_day(ground.starts_at)
    if parties.place_id is None:
        return None
    row = uow.session.get(Place, parties.place_id)
    if row is None:
        raise NotFoundError("place.not_found")
    if row.retired_at is not None and is_new:
        raise PlaceRetiredError
    if set(question.modes) != ONSITE:
        raise InvalidInputError.at("mode", "place.only_onsite")
    place = view_of(row)
    heads = len(parties.expert_ids) + len(parties.founder_ids)
    if not Wanted(heads).is_met(place.seats, place.equipment):
        raise PlaceUnfitError(seats=place.seats, heads=heads)
    return Room(row, place_diaries(uow, [place], [day], uow.calendar)[place.id])
