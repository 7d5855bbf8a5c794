"""The use case that decides: versions appended, closed months adjusted."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from app.domain.service_record import (
    Decision,
    Status,
    decide_all,
    plain_facts,
    to_stored,
    with_aliases,
)
from app.models.service_record import ServiceRecord
from app.queries.service_counts.decisions import Version, of_sessions
from app.queries.service_counts.neighbours import days_of, with_neighbours
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.seals import as_closed
from app.services import points
from app.services.service_records.adjusting import News, adjust
from app.services.service_records.alarms import follow
from app.services.service_records.facts import facts_of
from app.services.service_records.gathering import gather
from app.services.service_records.locking import lock_days
from app.services.service_records.standing import stand
from app.unit_of_work import UnitOfWork

_Made = tuple[Decision, dict[str, object]]


def count(
    uow: UnitOfWork, session_id: UUID, *, cause: str, correction_id: UUID | None = None
) -> None:
    """Decide the meeting, and those it may be merged with, on what is known now.

    A meeting that has not been held has no record yet. A decision that changes is a new version;
    in a closed month the figures stay as reported and the change is posted as an adjustment.
    """
    count_all(uow, [session_id], cause=cause, correction_id=correction_id)


def count_all(
    uow: UnitOfWork,
    session_ids: Collection[UUID],
    *,
    cause: str,
    correction_id: UUID | None = None,
) -> None:
    """Decide several meetings for one cause, each with those it may be merged with."""
    with uow.beyond_scope("the counting rules look at all meetings of the day"):
        uow.flush()
        touched = _held_off(uow, session_ids)
        if not touched:
            return
        before = of_sessions(uow, touched)
        material = gather(uow, touched)
        facts = as_closed(uow, facts_of(material, uow.now), before, material.aliases)
        decisions = decide_all(facts, load_policies(uow), uow.now, material.aliases)
        inputs = {each.session_id: with_aliases(each, material.aliases) for each in facts}
        made = [(decision, plain_facts(inputs[decision.session_id])) for decision in decisions]
        written = _append(uow, before, made, cause)
        adjust(uow, News(before, written, correction_id))
        changed = [each.decision for key, each in written.items() if before.get(key) is not each]
        points.follow(uow, [each.decision for each in before.values()], changed, cause)


def _held_off(uow: UnitOfWork, session_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return the meetings that bear on these, once nobody else can decide on their days."""
    held: frozenset[date] = frozenset()
    touched: frozenset[UUID] = frozenset()
    days = days_of(uow, session_ids)
    while not days <= held:
        lock_days(uow, days - held)
        held |= days
        touched = with_neighbours(uow, session_ids)
        # Only a meeting that runs over midnight leads to other days than those asked for.
        days = days_of(uow, touched)
    return touched


def _append(
    uow: UnitOfWork, before: Mapping[UUID, Version], made: Collection[_Made], cause: str
) -> dict[UUID, Version]:
    """Append the versions that say something new and return the newest of every meeting."""
    written = {}
    for decision, inputs in made:
        session_id = UUID(decision.session_id)
        known = before.get(session_id)
        if known is not None and known.decision == decision:
            continue
        number = known.number + 1 if known else 1
        row = uow.add(_row(uow, decision, number, cause))
        row.inputs = inputs
        action = "decided" if decision.status is Status.NOT_COUNTED else "counted"
        uow.audit(f"service_record.{action}", row)
        follow(uow, known.decision if known else None, decision, number)
        written[session_id] = Version(row.id, number, decision)
    uow.flush()
    stand(uow, written.values())
    return {**before, **written}


def _row(uow: UnitOfWork, decision: Decision, number: int, cause: str) -> ServiceRecord:
    return ServiceRecord(
        service_session_id=UUID(decision.session_id),
        number=number,
        month=str(decision.month),
        day=decision.day,
        status=decision.status.value,
        apart=decision.column,
        rule=decision.rule.value,
        reason=decision.reason,
        detail=to_stored(decision),
        session_type=decision.session_type.value,
        minutes=decision.minutes,
        mentor_minutes=decision.mentor_minutes,
        merged_into_id=UUID(decision.merged_into) if decision.merged_into else None,
        policy_code=decision.policy,
        policy_from=decision.policy_from,
        inputs_hash=decision.inputs_hash,
        cause=cause,
        decided_at=uow.now,
    )
