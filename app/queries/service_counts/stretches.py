"""The figures of a stretch of months: as its months were reported, and as they are known now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, cast, func, or_, select

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
from app.queries.service_counts.decisions import known_at_cuts
from app.queries.service_counts.frozen import published_measures
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.summed import Sums, summed
from app.unit_of_work import Reader

# Above so many persons with news all are read.
_FEW = 5_000


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
    known = summed(reader, stretch.first, stretch.last)
    known_policies = load_policies(reader)
    begins = min(policy.valid_from for policy in known_policies)
    judged = [month.first_on for month in stretch.months if month.first_on >= begins]
    policies = [policy_on(known_policies, day).code for day in judged]
    is_closed = bool(periods) and len(periods) == len(_reported_on(stretch, closed))
    sees_all = Reach.ALL in reader.actor.reaches
    return StretchCounts(
        stretch=stretch,
        known=known,
        by_month=_by_month(reader, stretch),
        as_reported=(
            _reported(reader, stretch, periods, known.measures) if is_closed and sees_all else None
        ),
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


def _reported(
    look: Look, stretch: Stretch, periods: Collection[ClosedMonth], known: Measures
) -> Measures:
    """Return the figures as frozen: what is known now, but for meetings of which news came later.

    Persons and ventures of other meetings were counted then as they are now, so that only those
    whom the news touches are looked at.
    """
    changed = select(Adjustment.service_session_id).where(
        Adjustment.period_id.in_([period.id for period in periods])
    )
    frozen = headline(known_at_cuts(look, changed, [period.id for period in periods]))
    more_enterprises, more_teams = _more_ventures(look, stretch, changed, frozen)
    return Measures(
        additive=Additive.total(published_measures(look, p.id).additive for p in periods),
        distinct_persons=known.distinct_persons + _more_persons(look, stretch, changed, frozen),
        enterprises=known.enterprises + more_enterprises,
        teams=known.teams + more_teams,
    )


def _more_persons(
    look: Look, stretch: Stretch, changed: Select[UUID], frozen: Collection[Decision]
) -> int:
    """Return how many persons more were counted then than are now."""
    row = StandingPerson
    of_stretch = select(row.person_id).where(_within(row, stretch)).distinct()
    touched = of_stretch.where(row.service_session_id.in_(changed))
    unchanged = of_stretch.where(row.service_session_id.not_in(changed))
    now = set(look.session.scalars(touched))
    # Few are looked up by an index, many among all.
    which = row.person_id.in_(now if len(now) <= _FEW else touched)
    stayed = set(look.session.scalars(unchanged.where(which)))
    then = {UUID(person) for decision in frozen for person in decision.person_ids}
    # Of whom no meeting with news tells any more, but another does: counted then and now.
    elsewhere = set(look.session.scalars(unchanged.where(row.person_id.in_(then - now))))
    return len(then | stayed) - len(now | elsewhere)


def _more_ventures(
    look: Look, stretch: Stretch, changed: Select[UUID], frozen: Collection[Decision]
) -> tuple[int, int]:
    """Return how many enterprises and teams more were counted then than are now.

    One that was an enterprise once in the stretch is one.
    """
    row = StandingRecord
    served_then = _kinds(frozen)
    of_venture = [_within(row, stretch), row.venture_id.is_not(None)]
    touched = select(row.venture_id).where(*of_venture, row.service_session_id.in_(changed))
    stayed = row.service_session_id.not_in(changed)
    is_enterprise_once = func.max(cast(row.is_enterprise, Integer))
    rows = look.session.execute(
        select(row.venture_id, is_enterprise_once, is_enterprise_once.filter(stayed))
        .where(
            *of_venture,
            or_(row.venture_id.in_(touched), row.venture_id.in_(map(UUID, served_then))),
        )
        .group_by(row.venture_id)
    ).all()
    now = {str(key): bool(ever) for key, ever, _ in rows}
    then = {str(key): bool(ever) for key, _, ever in rows if ever is not None}
    for key, is_enterprise in served_then.items():
        then[key] = then.get(key, False) or is_enterprise
    kinds_then, kinds_now = list(then.values()), list(now.values())
    return (
        kinds_then.count(True) - kinds_now.count(True),
        kinds_then.count(False) - kinds_now.count(False),
    )


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
