"""The figures of a stretch of months: as its months were reported, and as they are known now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select

from app.domain.actor import Reach
from app.domain.calendar import Month
from app.domain.service_record import (
    Additive,
    Decision,
    Key,
    Measures,
    Status,
    headline,
    policy_on,
    venture_served,
)
from app.domain.stretch import Stretch
from app.models.period import Adjustment
from app.models.standing_record import StandingPerson, StandingRecord
from app.queries.free_times import Look
from app.queries.service_counts.closed import ClosedMonth, closed_months
from app.queries.service_counts.decisions import known_of_sessions
from app.queries.service_counts.frozen import published_measures
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.summed import Sums, summed
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class StretchCounts:
    """The figures of a stretch.

    Attributes:
        known: decided on everything known now.
        by_month: services in the headline, by month and type.
        as_reported: additive measures summed over the months as they were published, persons and
            ventures counted over what the months froze; None until every month from the first
            that was ever reported is closed, and for somebody who does not see every record.
        closed: its closed months, the earliest first.
        policies: the policies its months are judged by, in order; before the first there is none.
    """

    stretch: Stretch
    known: Sums
    by_month: Mapping[Month, Mapping[str, int]]
    as_reported: Measures | None
    closed: tuple[ClosedMonth, ...]
    policies: tuple[str, ...]


def stretch_counts(reader: Reader, stretch: Stretch) -> StretchCounts:
    """Return the figures of the stretch, as far as the asker may see its records."""
    closed = closed_months(reader)
    periods = tuple(closed[month] for month in stretch.months if month in closed)
    known_policies = load_policies(reader)
    begins = min(policy.valid_from for policy in known_policies)
    judged = [month.first_on for month in stretch.months if month.first_on >= begins]
    policies = [policy_on(known_policies, day).code for day in judged]
    is_closed = bool(periods) and len(periods) == len(_reported_on(stretch, closed))
    sees_all = Reach.ALL in reader.actor.reaches
    return StretchCounts(
        stretch=stretch,
        known=summed(reader, stretch.first, stretch.last),
        by_month=_by_month(reader, stretch),
        as_reported=_reported(reader, stretch, periods) if is_closed and sees_all else None,
        closed=periods,
        policies=tuple(dict.fromkeys(policies)),
    )


def _reported_on(stretch: Stretch, closed: Collection[Month]) -> list[Month]:
    """Return its months since reporting began, which was with the first month ever closed."""
    return [month for month in stretch.months if month >= min(closed)]


def _by_month(look: Look, stretch: Stretch) -> dict[Month, dict[str, int]]:
    row = StandingRecord
    found = look.session.execute(
        select(row.month, row.session_type, func.count())
        .where(_within(row, stretch), row.status == Status.COUNTED.value)
        .group_by(row.month, row.session_type)
    )
    months: dict[Month, dict[str, int]] = {month: {} for month in stretch.months}
    for month, session_type, count in found:
        months[Month.parse(month)][session_type] = count
    return months


def _reported(look: Look, stretch: Stretch, periods: Collection[ClosedMonth]) -> Measures:
    """Return the figures as frozen: what stands, but for meetings of which news came later."""
    changed = select(Adjustment.service_session_id).where(
        Adjustment.period_id.in_([period.id for period in periods])
    )
    keys = set(look.session.scalars(changed).all())
    frozen = [
        version.decision
        for period in periods
        for version in known_of_sessions(look, keys, period.month, period.cut_at).values()
    ]
    enterprises, teams = _ventures(look, stretch, changed, headline(frozen))
    return Measures(
        additive=Additive.total(published_measures(look, p.id).additive for p in periods),
        distinct_persons=_persons(look, stretch, changed, headline(frozen)),
        enterprises=enterprises,
        teams=teams,
    )


def _persons(
    look: Look, stretch: Stretch, changed: Select[UUID], frozen: Collection[Decision]
) -> int:
    row = StandingPerson
    unchanged = (
        select(row.person_id)
        .where(_within(row, stretch), row.service_session_id.not_in(changed))
        .distinct()
    )
    count = look.session.execute(
        select(func.count()).select_from(unchanged.subquery())
    ).scalar_one()
    heads = {UUID(person) for decision in frozen for person in decision.person_ids}
    known = set(look.session.scalars(unchanged.where(row.person_id.in_(heads))).all())
    return count + len(heads - known)


def _ventures(
    look: Look, stretch: Stretch, changed: Select[UUID], frozen: Collection[Decision]
) -> tuple[int, int]:
    """Return enterprises and teams; one that was an enterprise once in the stretch stays one."""
    row = StandingRecord
    ever = func.max(cast(row.is_enterprise, Integer)).label("ever")
    unchanged = (
        select(row.venture_id, ever)
        .where(
            _within(row, stretch),
            row.venture_id.is_not(None),
            row.service_session_id.not_in(changed),
        )
        .group_by(row.venture_id)
    )
    counted = unchanged.subquery()
    found = look.session.execute(
        select(counted.c.ever, func.count()).group_by(counted.c.ever)
    ).all()
    count = {bool(is_enterprise): number for is_enterprise, number in found}
    frozen_kinds = _kinds(frozen)
    known = look.session.execute(unchanged.where(row.venture_id.in_(map(UUID, frozen_kinds))))
    standing = {str(venture_id): bool(is_enterprise) for venture_id, is_enterprise in known}
    for key, is_enterprise in frozen_kinds.items():
        before = standing.get(key)
        if before is not None:
            count[before] -= 1
        after = bool(before) or is_enterprise
        count[after] = count.get(after, 0) + 1
    return count.get(True, 0), count.get(False, 0)


def _kinds(frozen: Collection[Decision]) -> Mapping[Key, bool]:
    """Return of each venture served whether it was an enterprise at any of these services."""
    kinds: dict[Key, bool] = {}
    for decision in frozen:
        venture = venture_served(decision)
        if venture is not None:
            was = kinds.get(venture.venture_id, False)
            kinds[venture.venture_id] = was or venture.is_enterprise_on(decision.day)
    return kinds


def _within(row: type[StandingRecord | StandingPerson], stretch: Stretch) -> ColumnElement[bool]:
    return row.month.between(str(stretch.first), str(stretch.last))
