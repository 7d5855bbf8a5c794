"""The records behind a figure and what each adds to it, as one statement.

It answers what `slices.addends` and its neighbours answer over the decisions themselves; a test
holds the two against each other for every figure.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.founder_group import PREFIX, is_sealed
from app.domain.service_record import (
    ADDITIVE_NAMES,
    ADVICE_TYPES,
    UNASSIGNED,
    UNVERIFIED,
    Distinct,
    Listing,
    Pending,
    SplitBy,
    Status,
)
from app.domain.service_record.slices import Share
from app.models.person import FounderGroup
from app.models.service_session import ServiceSession
from app.models.standing_record import StandingPerson, StandingRecord
from app.queries.bureau_desk.behind.amounts import amount_of
from app.queries.bureau_desk.figures import Asked
from app.queries.bureau_desk.waits import FIRST_MEETINGS, first_met
from app.queries.service_counts.group_labels import held_groups

_row, _head = StandingRecord, StandingPerson
_COUNTED = _row.status == Status.COUNTED.value
_LABELS: Mapping[str, InstrumentedAttribute[Any]] = {
    "type": _row.session_type,
    "department": _row.department,
    "area": _row.area,
    "street": _row.street,
    "industry": _row.industry,
    "category": _row.expert_category,
    "confirmation": _row.confirmation,
}
_OF_LAST: Mapping[SplitBy, InstrumentedAttribute[Any]] = {
    SplitBy.AREA: _row.area,
    SplitBy.STREET: _row.street,
    SplitBy.INDUSTRY: _row.industry,
}
_LISTED: Mapping[str, ColumnElement[bool]] = {
    Listing.RECORDS: _row.id.is_not(None),
    Listing.NOT_COUNTED: _row.status == Status.NOT_COUNTED.value,
    Share.APART: _row.status == Status.COUNTED_APART.value,
    Share.GATHERINGS: _COUNTED & _row.session_type.not_in(sorted(ADVICE_TYPES)),
    Share.ADVICE: _COUNTED & _row.session_type.in_(sorted(ADVICE_TYPES)),
    Share.HELD: _row.is_held.is_(True),
    Share.CONFIRMED: _row.is_held & _row.confirmation.is_not(None),
    **{each: _row.pending == each.value for each in Pending},
}
Condition = ColumnElement[bool]


def chosen(asked: Asked) -> list[Condition]:
    """Return which records are looked at: those of the period that carry every label asked for."""
    found: list[Condition] = [_row.month.in_([str(month) for month in asked.months])]
    for name, column in _LABELS.items():
        wanted = getattr(asked.labels, name)
        if wanted == UNASSIGNED:
            found.append(or_(column.is_(None), column == wanted))
        elif wanted is not None:
            found.append(column == wanted)
    if asked.labels.reason is not None:
        found.append(_row.reason == asked.labels.reason)
    return found


def addends_of(asked: Asked) -> Subquery:
    """Return the meeting, its start and the amount of each record behind a figure that there is."""
    which = chosen(asked)
    if asked.last is not None:
        found = _of_last(asked, which)
    elif asked.measure in (Distinct.ENTERPRISES, Distinct.TEAMS):
        found = _of_ventures(asked, which)
    elif asked.group is not None or asked.label is not None or asked.measure == Distinct.PERSONS:
        found = _of_persons(asked, which)
    else:
        found = _of_records(asked, which)
    return found.subquery("addends")


def _addend(amount: Any) -> Select[Any]:
    return select(
        _row.service_session_id.label("key"), _row.started_at.label("at"), amount.label("amount")
    )


def _of_records(asked: Asked, which: list[Condition]) -> Select[Any]:
    if asked.measure == FIRST_MEETINGS:
        is_first = _row.service_session_id.in_(
            first_met(asked.months).with_only_columns(ServiceSession.id)
        )
        return _addend(literal(1)).where(*which, _row.is_held, is_first)
    if asked.measure in ADDITIVE_NAMES:
        amount = amount_of(asked.measure)
        return _addend(amount).where(*which, amount != 0)
    return _addend(literal(1)).where(*which, _LISTED[asked.measure])


def _of_ventures(asked: Asked, which: list[Condition]) -> Select[Any]:
    """Return the services of enterprises or of teams; the first of each adds it."""
    served = _served(which, [_row.started_at, _row.service_session_id])
    amount = case((served.c.place == 1, 1), else_=0)
    return select(served.c.key, served.c.at, amount.label("amount")).where(
        served.c.ever == int(asked.measure == Distinct.ENTERPRISES)
    )


def _of_last(asked: Asked, which: list[Condition]) -> Select[Any]:
    """Return the last service of each enterprise or team whose last service has the label."""
    last = asked.last
    if last is None:
        raise ValueError("no label of a last service is asked for")
    served = _served(which, [_row.started_at.desc(), _row.service_session_id.desc()])
    return select(served.c.key, served.c.at, literal(1).label("amount")).where(
        served.c.place == 1,
        served.c.ever == int(asked.measure == Distinct.ENTERPRISES),
        func.coalesce(served.c[last.by.value], UNASSIGNED) == last.label,
    )


def _served(which: list[Condition], order: list[Any]) -> Subquery:
    """Return the services of ventures with their place among those of theirs.

    A venture that was an enterprise at one of them is one at all.
    """
    ever = func.max(cast(_row.is_enterprise, Integer)).over(partition_by=_row.venture_id)
    place = func.row_number().over(partition_by=_row.venture_id, order_by=order)
    return (
        _addend(literal(1))
        .add_columns(ever.label("ever"), place.label("place"))
        .add_columns(*(column.label(by.value) for by, column in _OF_LAST.items()))
        .where(*which, _row.venture_id.is_not(None))
        .subquery("served")
    )


def _of_persons(asked: Asked, which: list[Condition]) -> Select[Any]:
    """Return the services at which persons are counted, with how many of them."""
    heads = _heads(asked, which)
    adding = {
        (True, "person_times"): _in_group,
        (True, Distinct.PERSONS.value): _last_in_group,
    }.get((asked.group is not None, str(asked.measure)), _first_seen)
    amount = adding(heads, asked)
    told = (
        select(heads.c.key, func.sum(amount).label("amount")).group_by(heads.c.key).subquery("told")
    )
    found = _addend(told.c.amount).join(told, told.c.key == _row.service_session_id)
    return found if asked.group is None else found.where(told.c.amount > 0)


def _heads(asked: Asked, which: list[Condition]) -> Subquery:
    """Return everybody counted at the chosen services, with his place among his own."""
    own = _head.person_id
    begun = (_head.started_at, _head.service_session_id)
    first = func.row_number().over(partition_by=own, order_by=begun)
    last = func.row_number().over(partition_by=own, order_by=[each.desc() for each in begun])
    place = last if asked.group is not None else first
    found = select(
        _head.service_session_id.label("key"),
        _is_of_group(asked.group).label("is_mine"),
        place.label("place"),
    ).where(_head.month.in_([str(month) for month in asked.months]))
    if len(which) > 1:
        found = found.where(
            _head.service_session_id.in_(select(_row.service_session_id).where(*which))
        )
    if asked.label is not None:
        held = held_groups().subquery("held")
        mine = select(held.c.person_id).where(held.c.code == asked.label)
        found = found.where(own.in_(mine))
    return found.subquery("heads")


def _is_of_group(group: str | None) -> ColumnElement[bool]:
    """Tell whether somebody is counted by the group; a seal stands for its group while kept."""
    told = _head.group_code
    kept = select(FounderGroup.seal).where(FounderGroup.seal.is_not(None))
    if group is None or is_sealed(group):
        return false()
    if group == UNVERIFIED:
        return or_(told.is_(None), told.startswith(PREFIX) & told.not_in(kept))
    return or_(told == group, told.in_(kept.where(FounderGroup.code == group)))


def _in_group(heads: Subquery, asked: Asked) -> ColumnElement[int]:
    return case((heads.c.is_mine, 1), else_=0)


def _last_in_group(heads: Subquery, asked: Asked) -> ColumnElement[int]:
    return case((heads.c.is_mine & (heads.c.place == 1), 1), else_=0)


def _first_seen(heads: Subquery, asked: Asked) -> ColumnElement[int]:
    """Return one for a person new in the period; to person-times everybody adds one."""
    if asked.measure != Distinct.PERSONS:
        return literal(1)
    return case((heads.c.place == 1, 1), else_=0)
