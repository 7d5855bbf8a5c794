"""The figures of any stretch of months as they are known now, summed by the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Label,
    Select,
    case,
    cast,
    func,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.calendar import Month
from app.domain.service_record import (
    UNASSIGNED,
    UNVERIFIED,
    Additive,
    Amounts,
    Column,
    Measures,
    PersonFigures,
    SessionType,
    SplitBy,
    Status,
    VentureFigures,
    contribution_of,
    ensure_adds_up,
)
from app.models.standing_record import StandingPerson, StandingRecord
from app.queries.free_times import Look

_LABELS: Mapping[SplitBy, InstrumentedAttribute[Any]] = {
    SplitBy.TYPE: StandingRecord.session_type,
    SplitBy.DEPARTMENT: StandingRecord.department,
    SplitBy.AREA: StandingRecord.area,
    SplitBy.STREET: StandingRecord.street,
    SplitBy.INDUSTRY: StandingRecord.industry,
    SplitBy.EXPERT_CATEGORY: StandingRecord.expert_category,
    SplitBy.CONFIRMATION: StandingRecord.confirmation,
}
# One look at the rows for labels of few values, which multiply; one each for those of many.
_SCANS = (
    (SplitBy.TYPE, SplitBy.DEPARTMENT, SplitBy.EXPERT_CATEGORY, SplitBy.CONFIRMATION),
    (SplitBy.AREA, SplitBy.STREET),
    (SplitBy.INDUSTRY,),
)
_OF_VENTURES = (SplitBy.AREA, SplitBy.STREET, SplitBy.INDUSTRY)
_KINDS = (StandingRecord.status, StandingRecord.apart, StandingRecord.session_type)


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of a stretch of months with every exclusive split of them.

    Attributes:
        measures: additive measures summed; persons and ventures counted over the whole stretch.
        splits: the additive measures by label; each adds up to the whole.
        groups: person-times and persons by verified primary group.
        ventures: ventures by the label of their last counted service.
        not_counted: how many records do not count, by reason.
    """

    measures: Measures
    splits: Mapping[SplitBy, Mapping[str, Additive]]
    groups: Mapping[str, PersonFigures]
    ventures: Mapping[SplitBy, Mapping[str, VentureFigures]]
    not_counted: Mapping[str, int]


def summed(look: Look, first: Month, last: Month) -> Sums:
    """Return the figures from the first month to the last, both included.

    Raises:
        SplitMismatchError: when a split does not add up to its total.
    """
    _make_room(look)
    splits = _splits(look, first, last)
    total = Additive.total(splits[SplitBy.TYPE].values())
    for parts in splits.values():
        ensure_adds_up(parts, total)
    groups = _groups(look, first, last)
    ventures = _ventures(look, first, last)
    heads = ventures[SplitBy.AREA].values()
    return Sums(
        measures=Measures(
            additive=total,
            distinct_persons=sum(group.distinct_persons for group in groups.values()),
            enterprises=sum(part.enterprises for part in heads),
            teams=sum(part.teams for part in heads),
        ),
        splits=splits,
        groups=groups,
        ventures=ventures,
        not_counted=_not_counted(look, first, last),
    )


def _make_room(look: Look) -> None:
    """Let the database sort the persons of a year in memory, for the rest of this look."""
    if look.session.get_bind().dialect.name == "postgresql":
        look.session.execute(text("SET LOCAL work_mem = '64MB'"))


def _splits(look: Look, first: Month, last: Month) -> dict[SplitBy, dict[str, Additive]]:
    splits: dict[SplitBy, dict[str, Additive]] = {by: {} for by in SplitBy}
    for scan in _SCANS:
        for row in look.session.execute(_sums_by(scan, first, last)):
            labels, (status, column, session_type, *amounts) = row[: len(scan)], row[len(scan) :]
            added = contribution_of(
                Status(status),
                Column(column) if column else None,
                SessionType(session_type),
                Amounts(*amounts),
            )
            for by, label in zip(scan, labels, strict=True):
                key = label or UNASSIGNED
                splits[by][key] = splits[by].get(key, Additive()) + added
    return splits


def _sums_by(scan: Sequence[SplitBy], first: Month, last: Month) -> Select[Any]:
    row = StandingRecord
    labels = [_LABELS[by] for by in scan]
    return (
        select(
            *labels,
            *_KINDS,
            func.count(),
            func.sum(row.persons),
            func.sum(row.minutes),
            func.sum(row.mentor_minutes),
            func.sum(row.anonymous_heads),
            func.sum(row.review_projects),
        )
        .where(_within(first, last), row.status != Status.NOT_COUNTED.value)
        .group_by(*labels, *_KINDS)
    )


def _groups(look: Look, first: Month, last: Month) -> dict[str, PersonFigures]:
    """Return persons by group; a person is of the group he had last."""
    row = StandingPerson
    times = (
        select(row.group_code, _place(row.person_id, row))
        .where(row.month.between(str(first), str(last)))
        .subquery()
    )
    heads = func.sum(case((times.c.place == 1, 1), else_=0))
    found = look.session.execute(
        select(times.c.group_code, func.count(), heads).group_by(times.c.group_code)
    )
    return {group or UNVERIFIED: PersonFigures(count, of_it) for group, count, of_it in found}


def _ventures(look: Look, first: Month, last: Month) -> dict[SplitBy, dict[str, VentureFigures]]:
    row = StandingRecord
    ever = func.max(cast(row.is_enterprise, Integer)).over(partition_by=row.venture_id)
    services = (
        select(
            _place(row.venture_id, row), ever.label("ever"), *(_LABELS[by] for by in _OF_VENTURES)
        )
        .where(_within(first, last), row.venture_id.is_not(None))
        .subquery()
    )
    labels = [services.c[by.value] for by in _OF_VENTURES]
    found = look.session.execute(
        select(*labels, services.c.ever, func.count())
        .where(services.c.place == 1)
        .group_by(*labels, services.c.ever)
    )
    split: dict[SplitBy, dict[str, VentureFigures]] = {by: {} for by in _OF_VENTURES}
    for *values, is_enterprise, count in found:
        for by, value in zip(_OF_VENTURES, values, strict=True):
            known = split[by].get(value or UNASSIGNED, VentureFigures())
            split[by][value or UNASSIGNED] = VentureFigures(
                known.enterprises + count * is_enterprise,
                known.teams + count * (1 - is_enterprise),
            )
    return split


def _not_counted(look: Look, first: Month, last: Month) -> dict[str, int]:
    row = StandingRecord
    found = look.session.execute(
        select(row.reason, func.count())
        .where(_within(first, last), row.status == Status.NOT_COUNTED.value)
        .group_by(row.reason)
    )
    return {reason: count for reason, count in found if reason}


def _within(first: Month, last: Month) -> ColumnElement[bool]:
    return StandingRecord.month.between(str(first), str(last))


def _place(
    key: InstrumentedAttribute[Any], of: type[StandingPerson | StandingRecord]
) -> Label[int]:
    """Return the place of a row among those of its key, the latest first."""
    latest = (of.started_at.desc(), of.service_session_id.desc())
    return func.row_number().over(partition_by=key, order_by=latest).label("place")
