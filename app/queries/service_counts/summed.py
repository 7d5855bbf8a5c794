"""The figures of any stretch of months as they are known now, summed by the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    cast,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.calendar import Month
from app.domain.founder_group import counted_as, is_sealed
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
from app.queries.service_counts.seals import kept_seals

_LABELS: Mapping[SplitBy, InstrumentedAttribute[Any]] = {
    SplitBy.TYPE: StandingRecord.session_type,
    SplitBy.DEPARTMENT: StandingRecord.department,
    SplitBy.AREA: StandingRecord.area,
    SplitBy.STREET: StandingRecord.street,
    SplitBy.INDUSTRY: StandingRecord.industry,
    SplitBy.EXPERT_CATEGORY: StandingRecord.expert_category,
    SplitBy.CONFIRMATION: StandingRecord.confirmation,
}
# Together stand labels of few values, which multiply; those of many stand alone.
_SCANS = (
    (SplitBy.TYPE, SplitBy.DEPARTMENT, SplitBy.EXPERT_CATEGORY, SplitBy.CONFIRMATION),
    (SplitBy.AREA, SplitBy.STREET),
    (SplitBy.INDUSTRY,),
)
# How GROUPING() tells the scans apart: a bit is set for each scan whose last label is left out.
_MARKS = (0b011, 0b101, 0b110)
_ROOM = (
    "SET LOCAL work_mem = '64MB'",
    "SET LOCAL plan_cache_mode = force_custom_plan",
    "SET LOCAL jit = off",
)
_OF_VENTURES = (SplitBy.AREA, SplitBy.STREET, SplitBy.INDUSTRY)
_KINDS = (StandingRecord.status, StandingRecord.apart, StandingRecord.session_type)
_Row = StandingRecord | StandingPerson


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
    make_room(look)
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


def make_room(look: Look) -> None:
    """Let the database sort the persons of a year in memory for the rest of this look.

    A plan kept for any stretch would not know how many rows this one has, and compiling one takes
    longer than it saves.
    """
    if _is_server(look):
        for setting in _ROOM:
            look.session.execute(text(setting))


def _splits(look: Look, first: Month, last: Month) -> dict[SplitBy, dict[str, Additive]]:
    parts: dict[SplitBy, dict[str, list[Additive]]] = {by: {} for by in SplitBy}
    for scan, row in _looked_at(look, first, last):
        labels, (status, column, session_type, *amounts) = row[: len(scan)], row[len(scan) :]
        added = contribution_of(
            Status(status),
            Column(column) if column else None,
            SessionType(session_type),
            Amounts(*amounts),
        )
        for by, label in zip(scan, labels, strict=True):
            parts[by].setdefault(label or UNASSIGNED, []).append(added)
    return {
        by: {label: Additive.total(added) for label, added in labels.items()}
        for by, labels in parts.items()
    }


def _looked_at(
    look: Look, first: Month, last: Month
) -> Iterator[tuple[Sequence[SplitBy], Sequence[Any]]]:
    """Yield the sums of records alike in the labels of a scan, these labels first."""
    if not _is_server(look):
        for scan in _SCANS:
            for row in look.session.execute(_sums_by(scan, first, last)):
                yield scan, row
        return
    every = [by for scan in _SCANS for by in scan]
    for mark, *told in look.session.execute(_sums_at_once(every, first, last)):
        scan = _SCANS[_MARKS.index(mark)]
        kept = [label for by, label in zip(every, told, strict=False) if by in scan]
        yield scan, [*kept, *told[len(every) :]]


def _sums_by(scan: Sequence[SplitBy], first: Month, last: Month) -> Select[Any]:
    labels = [_LABELS[by] for by in scan]
    return _sums(labels, first, last).group_by(*labels, *_KINDS)


def _sums_at_once(every: Sequence[SplitBy], first: Month, last: Month) -> Select[Any]:
    """Return the sums of all scans from one look at the rows, marked by their scan."""
    sets = [tuple_(*(_LABELS[by] for by in scan)) for scan in _SCANS]
    mark = func.grouping(*(_LABELS[scan[-1]] for scan in _SCANS))
    labels = [_LABELS[by] for by in every]
    return _sums([mark, *labels], first, last).group_by(*_KINDS, func.grouping_sets(*sets))


def _sums(
    begin: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]], first: Month, last: Month
) -> Select[Any]:
    row = StandingRecord
    return select(
        *begin,
        *_KINDS,
        func.count(),
        func.sum(row.persons),
        func.sum(row.minutes),
        func.sum(row.mentor_minutes),
        func.sum(row.anonymous_heads),
        func.sum(row.review_projects),
    ).where(_within(row, first, last), row.status != Status.NOT_COUNTED.value)


def _groups(look: Look, first: Month, last: Month) -> dict[str, PersonFigures]:
    """Return persons by group; a person is of the group he had last."""
    row = StandingPerson
    times = look.session.execute(
        select(row.group_code, func.count())
        .where(_within(row, first, last))
        .group_by(row.group_code)
    ).all()
    last_of = _latest(look, row.person_id, [row.group_code], _within(row, first, last))
    heads = look.session.execute(
        select(last_of.c.group_code, func.count()).group_by(last_of.c.group_code)
    )
    persons = {told: count for told, count in heads}
    seals = kept_seals(look) if any(is_sealed(told) for told, _ in times) else {}
    figures: dict[str, PersonFigures] = {}
    for told, count in times:
        group = counted_as(told, seals) or UNVERIFIED
        known = figures.get(group, PersonFigures())
        figures[group] = PersonFigures(
            known.person_times + count, known.distinct_persons + persons.get(told, 0)
        )
    return figures


def _ventures(look: Look, first: Month, last: Month) -> dict[SplitBy, dict[str, VentureFigures]]:
    """Return ventures by the labels of their last service; an enterprise once is one."""
    row = StandingRecord
    served = and_(_within(row, first, last), row.venture_id.is_not(None))
    last_of = _latest(look, row.venture_id, [_LABELS[by] for by in _OF_VENTURES], served)
    ever = (
        select(row.venture_id, func.max(cast(row.is_enterprise, Integer)).label("ever"))
        .where(served)
        .group_by(row.venture_id)
        .subquery()
    )
    labels = [last_of.c[by.value] for by in _OF_VENTURES]
    found = look.session.execute(
        select(*labels, ever.c.ever, func.count())
        .select_from(last_of.join(ever, ever.c.venture_id == last_of.c.venture_id))
        .group_by(*labels, ever.c.ever)
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
        .where(
            _within(row, first, last),
            row.reason.is_not(None),
            row.status == Status.NOT_COUNTED.value,
        )
        .group_by(row.reason)
    )
    return {reason: count for reason, count in found if reason}


def _within(of: type[_Row], first: Month, last: Month) -> ColumnElement[bool]:
    return of.month.between(str(first), str(last))


def _latest(
    look: Look,
    key: InstrumentedAttribute[Any],
    told: Sequence[InstrumentedAttribute[Any]],
    which: ColumnElement[bool],
) -> Subquery:
    """Return of each key what its latest row tells.

    The server walks an index in this order and takes the first row of each key.
    """
    row = key.class_
    rows = select(key, *told).where(which)
    latest = (row.started_at.desc(), row.service_session_id.desc())
    if _is_server(look):
        return rows.ext(distinct_on(key)).order_by(key, *latest).subquery()
    place = func.row_number().over(partition_by=key, order_by=latest).label("place")
    placed = rows.add_columns(place).subquery()
    return select(*list(placed.c)[:-1]).where(placed.c.place == 1).subquery()


def _is_server(look: Look) -> bool:
    return look.session.get_bind().dialect.name == "postgresql"
