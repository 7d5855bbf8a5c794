"""What the counted services of experts are worth, worked out anew from the records alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.domain.follow_up import FollowUpStatus
from app.domain.point import PointEvent, PointRule, Worth, rating_points, rule_on
from app.models.follow_up import FollowUp
from app.models.outcome import Outcome, OutcomeVersion, Rating
from app.models.period import Period
from app.models.service_session import Attendance
from app.queries.duty import OwnService, own_services
from app.queries.free_times import Look

_Scores = Mapping[UUID, Sequence[tuple[UUID, int]]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the meetings beyond that they count."""

    in_time: frozenset[UUID]
    followed: frozenset[UUID]
    leads: frozenset[tuple[UUID, UUID]]
    scores: _Scores


def worths(
    look: Look, year: int, rules: Sequence[PointRule], expert_ids: Collection[UUID] | None = None
) -> dict[UUID, list[Worth]]:
    """Return what each expert earns in a year before any cap; six statements.

    Ratings weigh as they stood when a month was last closed, so that no single one shows in
    the balance of a day. The caller sees beyond the actor's scope.

    Args:
        look: a reader or a unit of work.
        year: of the days of service.
        rules: all there are.
        expert_ids: of these experts, of all when not given.
    """
    services = own_services(look, date(year, 1, 1), date(year, 12, 31), expert_ids)
    facts = _facts(look, {row.session_id for row in services})
    found: defaultdict[UUID, list[Worth]] = defaultdict(list)
    own: defaultdict[UUID, list[OwnService]] = defaultdict(list)
    for row in services:
        # Whose own minutes are none has only stood aside.
        if row.minutes:
            own[row.expert_id].append(row)
            found[row.expert_id] += _of_service(row, facts, rules)
    for expert_id, rows in own.items():
        found[expert_id] += _of_ratings(expert_id, rows, facts.scores, rules)
    return dict(found)


def _of_service(row: OwnService, facts: _Facts, rules: Sequence[PointRule]) -> Iterator[Worth]:
    earned = {
        PointEvent.SERVICE_COUNTED: True,
        PointEvent.FOLLOW_UP_ANSWERED: row.session_id in facts.followed,
        PointEvent.RECORD_IN_TIME: row.session_id in facts.in_time
        and (row.session_id, row.expert_id) in facts.leads,
    }
    for event, is_earned in earned.items():
        rule = rule_on(rules, event, row.day) if is_earned else None
        if rule is not None:
            yield Worth(rule.id, row.session_id, row.day, rule.points, row.record_id)


def _of_ratings(
    expert_id: UUID, rows: Iterable[OwnService], scores: _Scores, rules: Sequence[PointRule]
) -> Iterator[Worth]:
    by_rule: defaultdict[PointRule, defaultdict[UUID, list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        rule = rule_on(rules, PointEvent.RATED_WELL, row.day)
        if rule is not None:
            for person_id, score in scores.get(row.session_id, ()):
                by_rule[rule][person_id].append(score)
    for rule, given in by_rule.items():
        points = rating_points(rule, given)
        if points:
            yield Worth(rule.id, expert_id, rule.valid_from, points)


def _facts(look: Look, session_ids: Collection[UUID]) -> _Facts:
    first = (
        select(OutcomeVersion.outcome_id, func.min(OutcomeVersion.created_at).label("at"))
        .group_by(OutcomeVersion.outcome_id)
        .subquery()
    )
    in_time = look.session.scalars(
        select(Outcome.service_session_id)
        .join(first, first.c.outcome_id == Outcome.id)
        .where(Outcome.service_session_id.in_(session_ids), first.c.at <= Outcome.record_by)
    )
    followed = look.session.scalars(
        select(Outcome.service_session_id)
        .join(FollowUp, FollowUp.outcome_id == Outcome.id)
        .where(
            Outcome.service_session_id.in_(session_ids),
            FollowUp.status == FollowUpStatus.ANSWERED,
        )
    )
    leads = look.session.execute(
        select(Attendance.service_session_id, Attendance.expert_id).where(
            Attendance.service_session_id.in_(session_ids),
            Attendance.is_lead,
            Attendance.expert_id.is_not(None),
        )
    )
    return _Facts(
        frozenset(in_time),
        frozenset(followed),
        frozenset((session_id, expert_id) for session_id, expert_id in leads if expert_id),
        _ratings(look, session_ids),
    )


def _ratings(look: Look, session_ids: Collection[UUID]) -> _Scores:
    found: defaultdict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    closed_at = select(func.max(Period.closed_at)).scalar_subquery()
    rows = look.session.execute(
        select(Outcome.service_session_id, Rating.person_id, Rating.score)
        .join(Rating, Rating.outcome_id == Outcome.id)
        .where(Outcome.service_session_id.in_(session_ids), Rating.created_at <= closed_at)
    )
    for session_id, person_id, score in rows:
        found[session_id].append((person_id, score))
    return found
