"""The weekly rules of experts, and what of their days differs from them."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    String,
    Uuid,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from app.db import JSONValue
from app.domain.availability import Clinic, Days, ExceptionKind, SpecialDay, WeeklyRule
from app.models.availability import AvailabilityException, AvailabilityRule
from app.models.availability import Clinic as ClinicRow
from app.models.leave import ExpertLeave
from app.models.stand_down import StandDown
from app.queries.free_times.look import Look

# An expert's own date can differ from the district's by a day, and a meeting run into the next.
_AROUND = timedelta(days=2)
# In the order of a rule of the domain, the modes left out.
_RULE = (
    "weekday",
    "starts_minute",
    "ends_minute",
    "valid_from",
    "valid_until",
    "every_weeks",
    "anchor_on",
    "place_id",
)
_MODES_KEPT = 64
_CLINIC, _LEAVE = "clinic", "leave"


@dataclass(frozen=True, slots=True)
class Dated:
    """What is set for single days of one expert."""

    special_days: list[SpecialDay] = field(default_factory=list)
    clinics: list[Clinic] = field(default_factory=list)
    leaves: list[Days] = field(default_factory=list)


def rules_of(look: Look, expert_ids: Collection[UUID]) -> dict[UUID, list[WeeklyRule]]:
    """Return the weekly rules of each expert, in one statement."""
    found: dict[UUID, list[WeeklyRule]] = defaultdict(list)
    # Columns cost half of what rows of the mapper do, and a pool has thousands of rules.
    table = AvailabilityRule.__table__.c
    columns = [table[name] for name in _RULE]
    rows = look.session.execute(
        select(table.expert_id, cast(table.modes, String), *columns).where(
            table.expert_id.in_(expert_ids)
        )
    )
    for expert_id, modes, weekday, starts_minute, ends_minute, *more in rows:
        rule = WeeklyRule(weekday, starts_minute, ends_minute, modes_of(modes), *more)
        found[expert_id].append(rule)
    return found


@lru_cache(_MODES_KEPT)
def modes_of(text: str) -> frozenset[str]:
    """Return the modes that a list in JSON names; a pool says the same few over and over."""
    return frozenset(json.loads(text))


def dated_of(look: Look, expert_ids: Collection[UUID], days: Sequence[date]) -> dict[UUID, Dated]:
    """Return what is set for the days and those around them, in one statement."""
    span = days[0] - _AROUND, days[-1] + _AROUND
    found: dict[UUID, Dated] = defaultdict(Dated)
    for row in look.session.execute(_dated(expert_ids, span)):
        if row.kind == _LEAVE:
            found[row.expert_id].leaves.append(Days(row.day, row.last_on))
            continue
        minutes = row.starts_minute, row.ends_minute
        if row.kind == _CLINIC:
            clinic = Clinic(row.day, *minutes, row.slot_minutes, row.place_id)
            found[row.expert_id].clinics.append(clinic)
        else:
            kind, modes = ExceptionKind(row.kind), frozenset(row.modes)
            found[row.expert_id].special_days.append(SpecialDay(row.day, kind, *minutes, modes))
    return found


def _dated(expert_ids: Collection[UUID], span: tuple[date, date]) -> Any:
    special, clinic = AvailabilityException.__table__.c, ClinicRow.__table__.c
    leave, stand_down = ExpertLeave.__table__.c, StandDown.__table__.c
    shared = ("expert_id", "day", "starts_minute", "ends_minute")
    return union_all(
        select(
            *(special[name] for name in shared),
            type_coerce(special.kind, String).label("kind"),
            special.modes,
            cast(null(), Integer).label("slot_minutes"),
            cast(null(), Uuid).label("place_id"),
            cast(null(), Date).label("last_on"),
        ).where(special.expert_id.in_(expert_ids), special.day.between(*span)),
        select(
            *(clinic[name] for name in shared),
            literal(_CLINIC),
            cast(null(), JSONValue),
            clinic.slot_minutes,
            clinic.place_id,
            cast(null(), Date),
        ).where(clinic.expert_id.in_(expert_ids), clinic.day.between(*span)),
        _away(leave, leave.first_on <= leave.last_on, expert_ids=expert_ids, span=span),
        _away(stand_down, stand_down.lifted_at.is_(None), expert_ids=expert_ids, span=span),
    )


def _away(
    table: Any,
    stands: ColumnElement[bool],
    *,
    expert_ids: Collection[UUID],
    span: tuple[date, date],
) -> Any:
    """Return the days in a row on which experts serve nobody, by leave or by stand-down."""
    return select(
        table.expert_id,
        table.first_on,
        literal(0),
        literal(0),
        literal(_LEAVE),
        cast(null(), JSONValue),
        cast(null(), Integer),
        cast(null(), Uuid),
        table.last_on,
    ).where(
        table.expert_id.in_(expert_ids),
        table.first_on <= span[1],
        table.last_on >= span[0],
        stands,
    )
