"""The diaries of experts, in a fixed number of statements."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select

from app.domain.availability import (
    CLINIC_SERVICE,
    Diary,
    Question,
    Slots,
    Span,
    WeeklyRule,
    monday_of,
)
from app.domain.calendar import DayKind, Month, WorkingCalendar, local_day
from app.domain.expert import AppointmentKind, ExpertCategory, Term
from app.models.availability import CalendarDay
from app.models.expert import Appointment, Expert
from app.models.service_record import CountingPolicyRow
from app.queries.free_times.busy import Taken, taken_by
from app.queries.free_times.claims import Claimed, year_load
from app.queries.free_times.look import Look
from app.queries.free_times.openings import Dated, dated_of, modes_of, rules_of
from app.queries.policy_rows import stands

_EXPERT = (
    Expert.id,
    Expert.category,
    Expert.notice_hours,
    Expert.buffer_minutes,
    Expert.buffer_before_minutes,
    Expert.horizon_days,
    Expert.time_zone,
    Expert.monthly_limit,
    Expert.weekly_limit,
    Expert.yearly_limit,
    Expert.is_paused,
    Expert.minutes,
)
_TERM = (Appointment.starts_on, Appointment.ends_on, Appointment.approved_on, Appointment.kind)


@dataclass(frozen=True, slots=True)
class Diaries:
    """The diaries of some experts over some days, with the calendar and the usual lengths."""

    calendar: WorkingCalendar
    holidays: Mapping[date, str]
    by_expert: Mapping[UUID, Diary]
    standard_minutes: Mapping[str, int]
    own_minutes: Mapping[UUID, Mapping[str, int]]

    def length(self, session_type: str, expert_id: UUID | None = None) -> int:
        """Return the usual length of the kind of service in minutes, the expert's own if set."""
        own = self.own_minutes.get(expert_id, {}) if expert_id else {}
        return own.get(session_type, self.standard_minutes[session_type])

    def question(
        self,
        expert_id: UUID,
        session_type: str,
        modes: tuple[str, ...],
        now: datetime,
        also_busy: tuple[Span, ...] = (),
    ) -> Question:
        """Return the question for the expert's usual length, or for any slot of his clinics."""
        slots = Slots.ANY if session_type == CLINIC_SERVICE else Slots.NONE
        return Question(self.length(session_type, expert_id), modes, now, also_busy, slots)


def load_diaries(
    look: Look,
    expert_ids: Collection[UUID],
    days: Sequence[date],
    calendar: WorkingCalendar | None = None,
) -> Diaries:
    """Return the diaries in six statements, whatever the number of experts and days.

    Args:
        look: whose rows are in scope.
        expert_ids: whose diaries; experts who do not exist have none.
        days: in order, those to be asked about.
        calendar: where it is known already it is not read again, and holidays have no names.
    """
    experts, terms, years = _experts(look, expert_ids, days)
    rules, dated = rules_of(look, expert_ids), dated_of(look, expert_ids, days)
    taken = taken_by(look, expert_ids, days)
    named = _calendar_days(look) if calendar is None else ()
    return Diaries(
        calendar=calendar or WorkingCalendar({row.day: row.kind for row in named}),
        holidays={row.day: row.name for row in named if row.kind is DayKind.OFF},
        by_expert={
            expert.id: _diary(
                expert,
                terms[expert.id],
                _Open(rules[expert.id], dated[expert.id]),
                _Held(taken[expert.id], years[expert.id]),
            )
            for expert in experts
        },
        standard_minutes=standard_minutes(look, days[0]),
        own_minutes={expert.id: expert.minutes for expert in experts if expert.minutes},
    )


def _calendar_days(look: Look) -> Sequence[Any]:
    return look.session.execute(
        select(CalendarDay.day, CalendarDay.kind, CalendarDay.name).where(~CalendarDay.is_withdrawn)
    ).all()


def with_claims(diary: Diary, claimed: Collection[Claimed]) -> Diary:
    """Return the diary with these claims, and what they come to, in place of those it has.

    Args:
        diary: of an expert.
        claimed: all of the weeks and months that matter, and of the year where that is limited.
    """
    on = [local_day(each.served_at) for each in claimed]
    return replace(
        diary,
        claims=tuple(each.span for each in claimed),
        month_loads=Counter(map(Month.of, on)),
        week_loads=Counter(map(monday_of, on)),
        year_loads=Counter(day.year for day in on),
    )


def standard_minutes(look: Look, day: date) -> Mapping[str, int]:
    """Return the usual lengths by kind of service under the policy of the day.

    Days before the first policy have its lengths: a time in them can be asked for and refused.
    """
    return dict(_policy(look, day)["standard_minutes"])


def least_minutes(look: Look, day: date) -> Mapping[str, int]:
    """Return by kind of service how long one must be to count, under the policy of the day."""
    return dict(_policy(look, day)["min_minutes"])


def _policy(look: Look, day: date) -> Any:
    first = select(func.min(CountingPolicyRow.valid_from)).where(stands()).scalar_subquery()
    return look.session.scalars(
        select(CountingPolicyRow.rules)
        .where(
            stands(),
            or_(CountingPolicyRow.valid_from <= day, CountingPolicyRow.valid_from == first),
        )
        .order_by(CountingPolicyRow.valid_from.desc())
        .limit(1)
    ).one()


@dataclass(frozen=True, slots=True)
class _Open:
    """What an expert opens: week after week, and on single days."""

    rules: Sequence[WeeklyRule]
    dated: Dated


@dataclass(frozen=True, slots=True)
class _Held:
    """What stands in an expert's calendars, and how many services in a year."""

    taken: Taken
    year_loads: Mapping[int, int]


def _diary(expert: Any, terms: Sequence[Term], opened: _Open, held: _Held) -> Diary:
    taken = held.taken
    on = [local_day(claimed.served_at) for claimed in taken.claims]
    return Diary(
        is_official=expert.category is ExpertCategory.OFFICIAL,
        modes=modes_of(expert.modes),
        terms=tuple(terms),
        rules=tuple(opened.rules),
        special_days=tuple(opened.dated.special_days),
        clinics=tuple(opened.dated.clinics),
        claims=tuple(claimed.span for claimed in taken.claims),
        busy=tuple(taken.busy),
        unknown=tuple(taken.unknown),
        leaves=tuple(opened.dated.leaves),
        notice=timedelta(hours=expert.notice_hours),
        buffer=timedelta(minutes=expert.buffer_minutes),
        buffer_before=timedelta(minutes=expert.buffer_before_minutes),
        horizon_days=expert.horizon_days,
        zone=expert.time_zone,
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
) -> tuple[Sequence[Any], dict[UUID, list[Term]], dict[UUID, Mapping[int, int]]]:
    experts: dict[UUID, Any] = {}
    terms: dict[UUID, list[Term]] = defaultdict(list)
    loads: dict[UUID, Mapping[int, int]] = {}
    years = sorted({days[0].year, days[-1].year})
    # Columns cost a third of what rows of the mapper do.
    rows: Iterable[Any] = look.session.execute(
        select(
            *_EXPERT,
            cast(Expert.modes, String).label("modes"),
            *(year_load(year) for year in years),
            *_TERM,
        )
        .outerjoin(Appointment, Appointment.expert_id == Expert.id)
        .where(Expert.id.in_(expert_ids))
        .order_by(Appointment.starts_on)
    )
    for row in rows:
        experts[row.id] = row
        *counts, starts_on, ends_on, approved_on, kind = row[len(_EXPERT) + 1 :]
        loads[row.id] = dict(zip(years, counts, strict=True))
        if starts_on is not None:
            terms[row.id].append(Term(starts_on, ends_on, approved_on, AppointmentKind(kind)))
    return list(experts.values()), terms, loads
