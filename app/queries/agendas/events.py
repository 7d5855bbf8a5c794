"""The activities among the meetings of some days, each with who stands in front."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.domain.activity import ActivityKind, ActivityStatus
from app.domain.availability import Mode
from app.models.activity import Activity, ActivityExpert
from app.models.expert import Expert
from app.models.place import Place
from app.queries.agendas.meetings import Seat
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaActivity:
    """A lecture, a roundtable or a review of the agenda.

    Attributes:
        place_id: the room or station; without one `place` says in words where it is.
    """

    activity_id: UUID
    kind: ActivityKind
    title: str
    starts_at: datetime
    ends_at: datetime
    experts: tuple[Seat, ...]
    mode: Mode
    place_id: UUID | None
    place: str
    seat_total: int
    seat_taken: int
    is_closed: bool


def activities(
    reader: Reader, first_at: datetime, last_at: datetime, *which: ColumnElement[bool]
) -> list[AgendaActivity]:
    """Return the activities between two instants in order of start, in one statement."""
    rows = reader.session.execute(
        select(Activity, Place.name.label("place"), ActivityExpert.position, Expert.id, Expert.name)
        .outerjoin(Place, Place.id == Activity.place_id)
        .outerjoin(ActivityExpert, ActivityExpert.activity_id == Activity.id)
        .outerjoin(Expert, Expert.id == ActivityExpert.expert_id)
        .where(
            Activity.status != ActivityStatus.CANCELLED,
            Activity.starts_at < last_at,
            Activity.ends_at > first_at,
            *which,
        )
        .order_by(Activity.starts_at, Activity.id, ActivityExpert.position)
    )
    return [_activity(list(each)) for _key, each in groupby(rows, lambda row: row.Activity.id)]


def _activity(rows: list[Any]) -> AgendaActivity:
    activity: Activity = rows[0].Activity
    return AgendaActivity(
        activity_id=activity.id,
        kind=activity.kind,
        title=activity.title,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        experts=tuple(_seats(rows)),
        mode=activity.mode,
        place_id=activity.place_id,
        place=rows[0].place or activity.place,
        seat_total=activity.seat_total,
        seat_taken=activity.seat_taken,
        is_closed=activity.status is ActivityStatus.CLOSED,
    )


def _seats(rows: Iterable[Any]) -> Iterable[Seat]:
    for row in rows:
        if row.id is not None:
            yield Seat(row.id, row.name, row.position == 0)
