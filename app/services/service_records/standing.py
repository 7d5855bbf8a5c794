"""The decisions that stand, kept in columns that a report can sum."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.service_record import Decision, Status, venture_served
from app.domain.service_record.slices import was_held
from app.models.service_record import ServiceRecord
from app.models.standing_record import (
    STANDING,
    StandingExpert,
    StandingPerson,
    StandingRecord,
)
from app.queries.free_times import Look
from app.queries.service_counts.decisions import Version, of_month
from app.unit_of_work import UnitOfWork

_AT_ONCE = 500
_Row = StandingRecord | StandingPerson | StandingExpert


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many decisions stand after they were taken apart anew."""

    records: int


def stand(uow: UnitOfWork, versions: Iterable[Version]) -> None:
    """Keep these decisions as those that stand, in place of the earlier ones of their meetings."""
    chosen = list(versions)
    for begin in range(0, len(chosen), _AT_ONCE):
        some = chosen[begin : begin + _AT_ONCE]
        keys = [UUID(version.decision.session_id) for version in some]
        for model in STANDING:
            uow.session.execute(delete(model).where(model.service_session_id.in_(keys)))
        for version in some:
            uow.session.add_all(taken_apart(version))
        uow.flush()


def rebuild(uow: UnitOfWork) -> Rebuilt:
    """Take apart anew every decision that stands in the ledger, month by month."""
    uow.require(Permission.RUN_JOBS)
    for model in STANDING:
        uow.session.execute(delete(model))
    for month in uow.all(select(ServiceRecord.month).distinct().order_by(ServiceRecord.month)):
        stand(uow, of_month(uow, Month.parse(month)).values())
        uow.session.expunge_all()
    return Rebuilt(uow.session.execute(select(func.count(StandingRecord.id))).scalar_one())


def differing(look: Look, month: Month) -> Iterator[UUID]:
    """Yield the meetings of a month of which the columns do not say what the ledger says."""
    expected = {key: _said(taken_apart(each)) for key, each in of_month(look, month).items()}
    of_the_month = {"month": str(month)}
    found: dict[UUID, list[_Row]] = {}
    rows: list[_Row] = []
    for model in STANDING:
        rows += look.session.scalars(select(model).filter_by(**of_the_month))
    for row in rows:
        found.setdefault(row.service_session_id, []).append(row)
    for key in expected.keys() | found.keys():
        if expected.get(key) != _said(found.get(key, [])):
            yield key


def _said(rows: Iterable[_Row]) -> set[tuple[object, ...]]:
    return {
        tuple(getattr(row, column.name) for column in row.__table__.columns if column.name != "id")
        for row in rows
    }


def taken_apart(version: Version) -> list[_Row]:
    """Return the rows that say what the decision says."""
    return [_record(version), *_persons(version.decision), *_experts(version.decision)]


def _record(version: Version) -> StandingRecord:
    decision = version.decision
    is_counted = decision.status is Status.COUNTED
    venture = venture_served(decision) if is_counted else None
    return StandingRecord(
        service_session_id=UUID(decision.session_id),
        service_record_id=version.record_id,
        month=str(decision.month),
        started_at=decision.started_at,
        status=decision.status.value,
        apart=decision.column,
        reason=decision.reason,
        pending=decision.pending,
        is_held=was_held(decision),
        session_type=decision.session_type.value,
        department=decision.dimensions.department,
        area=decision.dimensions.area,
        street=decision.dimensions.street,
        industry=decision.dimensions.industry,
        expert_category=decision.expert_category,
        confirmation=decision.confirmation,
        minutes=decision.minutes,
        mentor_minutes=decision.mentor_minutes,
        persons=len(decision.person_ids),
        anonymous_heads=decision.anonymous_heads,
        review_projects=decision.review_projects,
        venture_id=UUID(venture.venture_id) if venture else None,
        is_enterprise=venture is not None and venture.is_enterprise_on(decision.day),
    )


def _persons(decision: Decision) -> list[StandingPerson]:
    if decision.status is not Status.COUNTED:
        return []
    return [
        StandingPerson(
            service_session_id=UUID(decision.session_id),
            month=str(decision.month),
            started_at=decision.started_at,
            person_id=UUID(person_id),
            group_code=group,
        )
        for person_id, group in decision.groups
    ]


def _experts(decision: Decision) -> list[StandingExpert]:
    if decision.status is not Status.COUNTED:
        return []
    return [
        StandingExpert(
            service_session_id=UUID(decision.session_id),
            month=str(decision.month),
            day=decision.day,
            expert_id=UUID(expert_id),
            minutes=minutes,
        )
        for expert_id, minutes in decision.expert_minutes
    ]
