"""Who is free together: several experts, the founders who come and a room that will do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from app.domain.availability import JointTime, Mode, Question, Span, joint_times, upcoming
from app.domain.errors import NotFoundError
from app.domain.place import Wanted
from app.models.booking import ResourceKind
from app.queries.free_times import Look, claims_of, load_diaries
from app.queries.places import PlaceView, list_places, place_diaries

DAYS = 30
MOST = 12
ALL_MODES = tuple(mode.value for mode in Mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointAsked:
    """Who is to meet, for how long, in which ways, where.

    Attributes:
        person_ids: the founders who come.
        minutes: None for the usual length of the kind of service.
        wanted: what the room must have; None where none is needed.
        place_ids: the rooms to choose from; empty for any that will do.
    """

    expert_ids: tuple[UUID, ...]
    session_type: str
    person_ids: tuple[UUID, ...] = ()
    minutes: int | None = None
    modes: tuple[str, ...] = ()
    wanted: Wanted | None = None
    place_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class JointPage:
    """The first times at which all can meet, and the rooms they name.

    Attributes:
        minutes: how long the meeting takes.
        is_more: there are later times, too.
    """

    minutes: int
    items: tuple[JointTime, ...]
    places: Mapping[UUID, PlaceView]
    is_more: bool


@dataclass(frozen=True, slots=True)
class JointSearch:
    """The times at which all can meet, found while they are asked for, and the rooms they name."""

    minutes: int
    times: Iterator[JointTime]
    places: Mapping[UUID, PlaceView]


def joint_page(
    look: Look, asked: JointAsked, days: Sequence[date] | None = None, count: int = MOST
) -> JointPage:
    """Return the earliest times that all share, in a fixed number of statements.

    Raises:
        NotFoundError: an expert is not of the pool, or a room is not in use.
    """
    found = joint_search(look, asked, days or upcoming(look.now, DAYS))
    first = list(islice(found.times, count + 1))
    return JointPage(found.minutes, tuple(first[:count]), found.places, len(first) > count)


def joint_search(look: Look, asked: JointAsked, days: Sequence[date]) -> JointSearch:
    """Return what all share on the days.

    Raises:
        NotFoundError: an expert is not of the pool, or a room is not in use.
    """
    diaries = load_diaries(look, asked.expert_ids, days)
    if diaries.by_expert.keys() != set(asked.expert_ids):
        raise NotFoundError("expert.not_found")
    rooms = _rooms(look, asked)
    doors = None if rooms is None else place_diaries(look, rooms, days, diaries.calendar)
    spans = claims_of(look, ResourceKind.FOUNDER, asked.person_ids, days)
    busy: tuple[Span, ...] = tuple(span for each in spans.values() for span in each)
    minutes = asked.minutes or diaries.length(asked.session_type, asked.expert_ids[0])
    question = Question(minutes, asked.modes or ALL_MODES, look.now, busy)
    people = [diaries.by_expert[key] for key in asked.expert_ids]
    times = joint_times(people, doors, diaries.calendar, question, days)
    return JointSearch(minutes, times, {place.id: place for place in rooms or ()})


def _rooms(look: Look, asked: JointAsked) -> Sequence[PlaceView] | None:
    if asked.wanted is None and not asked.place_ids:
        return None
    known = list_places(look, wanted=asked.wanted or Wanted())
    if not asked.place_ids:
        return known
    chosen = [place for place in known if place.id in asked.place_ids]
    if len(chosen) < len(set(asked.place_ids)):
        raise NotFoundError("place.not_found")
    return chosen
