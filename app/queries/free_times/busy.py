"""What takes an expert's time: bookings, his own calendars, and what those do not tell."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import Select, and_, case, literal, or_, select, union_all

from app.db import UTCDateTime
from app.domain.availability import Span
from app.domain.busy_calendar import GOOD_FOR, CalendarSource
from app.models.booking import ResourceKind
from app.models.busy_calendar import BusyCalendar, BusySpan
from app.queries.free_times.claims import Claimed, claims_between, window
from app.queries.free_times.look import Look


class _Sort(IntEnum):
    """Which of the three a row is."""

    CLAIM = 0
    BUSY = 1
    UNKNOWN = 2


@dataclass(slots=True)
class Taken:
    """What stands in an expert's way, sort by sort."""

    claims: list[Claimed] = field(default_factory=list)
    busy: list[Span] = field(default_factory=list)
    unknown: list[Span] = field(default_factory=list)


def taken_by(look: Look, expert_ids: Collection[UUID], days: Sequence[date]) -> dict[UUID, Taken]:
    """Return what takes each expert's time around the days, in one statement."""
    first, last = window(days)
    claims = claims_between(ResourceKind.EXPERT, expert_ids, first, last)
    rows = look.session.execute(
        union_all(
            claims.add_columns(literal(_Sort.CLAIM.value)),
            _busy(expert_ids, first, last),
            _unknown(expert_ids, first, last, look.now),
        )
    )
    found: dict[UUID, Taken] = defaultdict(Taken)
    for expert_id, starts_at, ends_at, served_at, sort in rows:
        span, taken = Span(max(starts_at, first), min(ends_at, last)), found[expert_id]
        if sort == _Sort.CLAIM:
            taken.claims.append(Claimed(Span(starts_at, ends_at), served_at))
        else:
            (taken.busy if sort == _Sort.BUSY else taken.unknown).append(span)
    return found


def _busy(
    expert_ids: Collection[UUID], first: datetime, last: datetime
) -> Select[UUID, datetime, datetime, datetime, int]:
    return select(
        BusySpan.expert_id,
        BusySpan.starts_at,
        BusySpan.ends_at,
        BusySpan.starts_at,
        literal(_Sort.BUSY.value),
    ).where(BusySpan.expert_id.in_(expert_ids), BusySpan.starts_at < last, BusySpan.ends_at > first)


def _unknown(
    expert_ids: Collection[UUID], first: datetime, last: datetime, now: datetime
) -> Select[UUID, datetime, datetime, datetime, int]:
    """Select from when on a calendar tells nothing: at once when it is unread or too old."""
    is_old = and_(
        BusyCalendar.source == CalendarSource.ADDRESS, BusyCalendar.read_at <= now - GOOD_FOR
    )
    starts, ends = literal(first, UTCDateTime()), literal(last, UTCDateTime())
    since = case(
        (or_(BusyCalendar.read_at.is_(None), is_old), starts), else_=BusyCalendar.known_until
    )
    return select(BusyCalendar.expert_id, since, ends, ends, literal(_Sort.UNKNOWN.value)).where(
        BusyCalendar.expert_id.in_(expert_ids), since < ends
    )
