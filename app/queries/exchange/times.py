"""The free times of one expert, each way of meeting by itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.availability import Mode, free_times
from app.domain.calendar import ZONE, local_day
from app.domain.errors import InvalidInputError, NotFoundError
from app.queries.free_times import Look, load_diaries

LONGEST_DAYS = 31
USUAL_DAYS = 7
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesAsked:
    """From which day to which, both included, and for what kind of service."""

    first_on: date | None
    last_on: date | None
    session_type: str


@dataclass(frozen=True, slots=True)
class FreeTimeDetail:
    """A time that can be booked in one way of meeting."""

    starts_at: datetime
    ends_at: datetime
    mode: Mode


@dataclass(frozen=True, slots=True)
class FreeTimesPage:
    """The free times of an expert in order of their start.

    Attributes:
        time_zone: in which the times are told; the expert's own clock may show another.
    """

    time_zone: str
    expert_time_zone: str
    items: tuple[FreeTimeDetail, ...]


def free_times_page(look: Look, expert_id: UUID, asked: TimesAsked) -> FreeTimesPage:
    """Return the free times of a week, or of the days asked for, in six statements.

    Raises:
        InvalidInputError: the days lie in the past, end before they begin, or are too many.
        NotFoundError: there is no such expert.
    """
    days = _days(asked, local_day(look.now))
    diaries = load_diaries(look, [expert_id], days)
    diary = diaries.by_expert.get(expert_id)
    if diary is None:
        raise NotFoundError("expert.not_found")
    modes = tuple(mode.value for mode in Mode if mode in diary.modes)
    question = diaries.question(expert_id, asked.session_type, modes, look.now)
    return FreeTimesPage(
        time_zone=ZONE.key,
        expert_time_zone=diary.zone,
        items=tuple(
            FreeTimeDetail(time.starts_at, time.ends_at, Mode(mode))
            for time in free_times(diary, diaries.calendar, question, days)
            for mode in time.modes
        ),
    )


def _days(asked: TimesAsked, today: date) -> list[date]:
    first_on = asked.first_on or max(today, (asked.last_on or today) - _ONE_DAY * (USUAL_DAYS - 1))
    last_on = asked.last_on or first_on + _ONE_DAY * (USUAL_DAYS - 1)
    if first_on < today:
        raise InvalidInputError.at("from", "input.too_early", first=today)
    if last_on < first_on:
        raise InvalidInputError.at("to", "input.too_early", first=first_on)
    latest_on = first_on + _ONE_DAY * (LONGEST_DAYS - 1)
    if last_on > latest_on:
        raise InvalidInputError.at("to", "input.too_late", last=latest_on)
    return [first_on + _ONE_DAY * offset for offset in range((last_on - first_on).days + 1)]
