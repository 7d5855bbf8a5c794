"""What a record adds to an additive figure, worked out by the database.

The rule is `contribution_of` alone: it is asked what one unit of each amount adds in each column.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal

from app.domain.service_record import Amounts, Column, SessionType, Status, contribution_of
from app.models.standing_record import StandingRecord

_NOTHING = Amounts(0, 0, 0, 0, 0, 0)
_AMOUNTS: Mapping[str, Any] = {
    "records": literal(1),
    "persons": StandingRecord.persons,
    "minutes": StandingRecord.minutes,
    "mentor_minutes": StandingRecord.mentor_minutes,
    "anonymous_heads": StandingRecord.anonymous_heads,
    "review_projects": StandingRecord.review_projects,
}


def amount_of(name: str) -> ColumnElement[int]:
    """Return what a record adds to the measure, 0 where it adds nothing."""
    found = [
        (_is_of(column, kinds), value)
        for column in (None, *Column)
        for field, value in _AMOUNTS.items()
        if (kinds := _adding(name, column, field))
    ]
    return case(*found, else_=0)


def _adding(name: str, column: Column | None, field: str) -> list[str]:
    """Return the types of service whose records add the amount to the measure."""
    one = Amounts(**{**asdict(_NOTHING), field: 1})
    status = Status.COUNTED_APART if column else Status.COUNTED
    return [
        kind.value
        for kind in SessionType
        if getattr(contribution_of(status, column, kind, one), name)
    ]


def _is_of(column: Column | None, kinds: list[str]) -> ColumnElement[bool]:
    row = StandingRecord
    if column is None:
        stands = row.status == Status.COUNTED.value
    else:
        stands = and_(row.status == Status.COUNTED_APART.value, row.apart == column.value)
    if len(kinds) == len(SessionType):
        return stands
    return and_(stands, row.session_type.in_(kinds))
