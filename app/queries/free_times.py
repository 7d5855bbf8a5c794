"""Free times of one expert or a shortlist, in a fixed number of statements."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from app.domain.availability import (
    Diary,
    ExceptionKind,
    FreeTime,
    Question,
    Span,
    SpecialDay,
    WeeklyRule,
    first_of,
    free_times,
    monday_of,
    nearest_to,
    upcoming,
)
from app.domain.calendar import (
    DayKind,
    Month,
    WorkingCalendar,
    day_ends_at,
    day_starts_at,
    local_day,
)
from app.domain.expert import AppointmentKind, ExpertCategory, Term
from app.models.availability import AvailabilityException, AvailabilityRule, CalendarDay
from app.models.booking import Resource, ResourceClaim, ResourceKind
from app.models.expert import Appointment, Expert
from app.models.service_record import CountingPolicyRow


class Look(Protocol):
    """A reader or a unit of work: a session and an instant."""

    @property
    def session(self) -> Session:
        """The session to ask."""

    @property
    def now(self) -> datetime:
        """The business time."""


@dataclass(frozen=True, slots=True)
class Diaries:
    """The diaries of some experts over some days, with the calendar and the usual lengths."""

    calendar: WorkingCalendar
    holidays: Mapping[date, str]
    by_expert: Mapping[UUID, Diary]
    standard_minutes: Mapping[str, int]

    def length(self, session_type: str) -> int:
        """Return the usual length of the kind of service, in minutes."""
        return self.standard_minutes[session_type]


def load_diaries(look: Look, expert_ids: Collection[UUID], days: Sequence[date]) -> Diaries:
    """Return the diaries in six statements, whatever the number of experts and days."""
    experts, terms, years = _experts(look, expert_ids, days)
    rules, specials = _rules(look, expert_ids), _special_days(look, expert_ids, days)
    claims = claims_of(look, ResourceKind.EXPERT, expert_ids, days)
    calendar = look.session.execute(
        select(CalendarDay.day, CalendarDay.kind, CalendarDay.name)
    ).all()
    return Diaries(
        calendar=WorkingCalendar({row.day: row.kind for row in calendar}),
        holidays={row.day: row.name for row in calendar if row.kind is DayKind.OFF},
        by_expert={
            expert.id: _diary(
                expert,
                terms[expert.id],
                rules[expert.id],
                specials[expert.id],
                _Held(claims[expert.id], years[expert.id]),
            )
            for expert in experts
        },
        standard_minutes=standard_minutes(look, days[0]),
    )


def nearest(
    look: Look,
    expert_ids: Collection[UUID],
    session_type: str,
    modes: Iterable[str],
    count: int = 3,
) -> dict[UUID, Sequence[FreeTime]]:
    """Return the first few free times of each expert within the horizon."""
    days = upcoming(look.now)
    diaries = load_diaries(look, expert_ids, days)
    question = Question(diaries.length(session_type), tuple(modes), look.now)
    return {
        expert_id: first_of(free_times(diary, diaries.calendar, question, days), count)
        for expert_id, diary in diaries.by_expert.items()
    }


def of_expert(
    look: Look, expert_id: UUID, session_type: str, modes: Iterable[str], days: Sequence[date]
) -> Sequence[FreeTime]:
    """Return the free times of one expert on the days."""
    diaries = load_diaries(look, [expert_id], days)
    question = Question(diaries.length(session_type), tuple(modes), look.now)
    diary = diaries.by_expert.get(expert_id)
    return list(free_times(diary, diaries.calendar, question, days)) if diary else []


def alternatives(
    look: Look,
    expert_id: UUID,
    minutes: int,
    modes: Iterable[str],
    wanted: datetime,
    count: int = 3,
) -> Sequence[FreeTime]:
    """Return the free times nearest to a wanted one that is gone."""
    days = upcoming(look.now)
    diaries = load_diaries(look, [expert_id], days)
    diary = diaries.by_expert.get(expert_id)
    if diary is None:
        return []
    question = Question(minutes, tuple(modes), look.now)
    return nearest_to(free_times(diary, diaries.calendar, question, days), wanted, count)


def claims_of(
    look: Look, kind: ResourceKind, ref_ids: Collection[UUID], days: Sequence[date]
) -> dict[UUID, list[Span]]:
    """Return the active claims of each thing in the weeks and months that the days touch."""
    first = day_starts_at(min(Month.of(days[0]).first_on, monday_of(days[0])))
    # A pause after the last evening can reach the first claim of the next month.
    last = day_ends_at(Month.of(days[-1]).following().first_on)
    rows = look.session.execute(
        select(Resource.ref_id, ResourceClaim.starts_at, ResourceClaim.ends_at)
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .where(
            Resource.kind == kind,
            Resource.ref_id.in_(ref_ids),
            ResourceClaim.is_active,
            ResourceClaim.starts_at < last,
            ResourceClaim.ends_at > first,
        )
    )
    found: dict[UUID, list[Span]] = defaultdict(list)
    for ref_id, starts_at, ends_at in rows:
        found[ref_id].append(Span(starts_at, ends_at))
    return found


def standard_minutes(look: Look, day: date) -> Mapping[str, int]:
    """Return the usual lengths by kind of service under the policy of the day.

    Days before the first policy have its lengths: a time in them can be asked for and refused.
    """
    first = select(func.min(CountingPolicyRow.valid_from)).scalar_subquery()
    rules: Any = look.session.scalars(
        select(CountingPolicyRow.rules)
        .where(or_(CountingPolicyRow.valid_from <= day, CountingPolicyRow.valid_from == first))
        .order_by(CountingPolicyRow.valid_from.desc())
        .limit(1)
    ).one()
    return dict(rules["standard_minutes"])


@dataclass(frozen=True, slots=True)
class _Held:
    """What stands in an expert's calendar: claims one by one, and how many in a year."""

    claims: Sequence[Span]
    year_loads: Mapping[int, int]


def _diary(
    expert: Expert,
    terms: Sequence[Term],
    rules: Sequence[WeeklyRule],
    specials: Sequence[SpecialDay],
    held: _Held,
) -> Diary:
    on = [local_day(claim.starts_at) for claim in held.claims]
    return Diary(
        is_official=expert.category is ExpertCategory.OFFICIAL,
        modes=frozenset(expert.modes),
        terms=tuple(terms),
        rules=tuple(rules),
        special_days=tuple(specials),
        claims=tuple(held.claims),
        notice=timedelta(hours=expert.notice_hours),
        buffer=timedelta(minutes=expert.buffer_minutes),
        monthly_limit=expert.monthly_limit,
        month_loads=Counter(map(Month.of, on)),
        is_paused=expert.is_paused,
        weekly_limit=expert.weekly_limit,
        week_loads=Counter(map(monday_of, on)),
        yearly_limit=expert.yearly_limit,
        year_loads=held.year_loads,
    )


def _experts(
    look: Look, expert_ids: Collection[UUID], days: Sequence[date]
) -> tuple[Sequence[Expert], dict[UUID, list[Term]], dict[UUID, Mapping[int, int]]]:
    experts: dict[UUID, Expert] = {}
    terms: dict[UUID, list[Term]] = defaultdict(list)
    loads: dict[UUID, Mapping[int, int]] = {}
    years = sorted({days[0].year, days[-1].year})
    rows = look.session.execute(
        select(Expert, Appointment, *(_year_load(year) for year in years))
        .outerjoin(Appointment, Appointment.expert_id == Expert.id)
        .where(Expert.id.in_(expert_ids))
        .order_by(Appointment.starts_on)
    )
    for expert, row, *counts in rows:
        experts[expert.id] = expert
        loads[expert.id] = dict(zip(years, counts, strict=True))
        if row is not None:
            term = Term(row.starts_on, row.ends_on, row.approved_on, AppointmentKind(row.kind))
            terms[expert.id].append(term)
    return list(experts.values()), terms, loads


def _year_load(year: int) -> ColumnElement[int]:
    """Count the services of a year, for those alone who limit them."""
    count = (
        select(func.count())
        .select_from(ResourceClaim)
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .where(
            Resource.kind == ResourceKind.EXPERT,
            Resource.ref_id == Expert.id,
            ResourceClaim.is_active,
            ResourceClaim.starts_at >= day_starts_at(date(year, 1, 1)),
            ResourceClaim.starts_at < day_starts_at(date(year + 1, 1, 1)),
        )
        .correlate(Expert)
        .scalar_subquery()
    )
    return case((Expert.yearly_limit.is_not(None), count), else_=0)


def _rules(look: Look, expert_ids: Collection[UUID]) -> dict[UUID, list[WeeklyRule]]:
    found: dict[UUID, list[WeeklyRule]] = defaultdict(list)
    for row in look.session.scalars(
        select(AvailabilityRule).where(AvailabilityRule.expert_id.in_(expert_ids))
    ):
        found[row.expert_id].append(
            WeeklyRule(
                weekday=row.weekday,
                starts_minute=row.starts_minute,
                ends_minute=row.ends_minute,
                modes=frozenset(row.modes),
                valid_from=row.valid_from,
                valid_until=row.valid_until,
            )
        )
    return found


def _special_days(
    look: Look, expert_ids: Collection[UUID], days: Sequence[date]
) -> dict[UUID, list[SpecialDay]]:
    found: dict[UUID, list[SpecialDay]] = defaultdict(list)
    for row in look.session.scalars(
        select(AvailabilityException).where(
            AvailabilityException.expert_id.in_(expert_ids),
            AvailabilityException.day.between(days[0], days[-1]),
        )
    ):
        found[row.expert_id].append(
            SpecialDay(
                day=row.day,
                kind=ExceptionKind(row.kind),
                starts_minute=row.starts_minute,
                ends_minute=row.ends_minute,
                modes=frozenset(row.modes),
            )
        )
    return found
