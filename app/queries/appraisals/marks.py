"""The numbers of appraisals, and what the marks of experts add up to."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from app.domain.appraisal import NUMBERS, AppraisalPolicy, Marks
from app.domain.calendar import day_starts_at, local_day
from app.models.appraisal import Appraisal
from app.models.service_session import ServiceSession
from app.queries.free_times import Look
from app.queries.policy_numbers import policy_numbers


def policy_of(look: Look, day: date) -> AppraisalPolicy:
    """Return the numbers of appraisals in force on the day.

    Raises:
        NoPolicyNumberError: when one of them is not set.
    """
    found = policy_numbers(look, NUMBERS, day)
    days, excellent, passing, events, years = (found[name.value] for name in NUMBERS)
    return AppraisalPolicy(days, excellent, passing, events, years)


def marks_of(look: Look, expert_ids: Collection[UUID] | None = None) -> dict[UUID, Marks]:
    """Return the marks of each expert in the years that the policy of today looks at."""
    today = local_day(look.now)
    policy = policy_of(look, today)
    limits = [ServiceSession.actual_start >= day_starts_at(policy.since(today))]
    if expert_ids is not None:
        limits.append(Appraisal.expert_id.in_(expert_ids))
    found: dict[UUID, list[int]] = defaultdict(list)
    for expert_id, score in look.session.execute(
        select(Appraisal.expert_id, Appraisal.score)
        .join(ServiceSession, ServiceSession.id == Appraisal.service_session_id)
        .where(_is_newest(), *limits)
        .order_by(ServiceSession.actual_start.desc(), Appraisal.id)
    ):
        found[expert_id].append(score)
    keys = found if expert_ids is None else expert_ids
    return {key: Marks(policy, tuple(found.get(key, ()))) for key in keys}


def _is_newest() -> ColumnElement[bool]:
    later = Appraisal.__table__.alias("later")
    return ~exists().where(
        later.c.service_session_id == Appraisal.service_session_id,
        later.c.expert_id == Appraisal.expert_id,
        later.c.number > Appraisal.number,
    )
