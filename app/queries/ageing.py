"""What is under way and how long it has waited: for whom, for what, since when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.domain.ageing import Band, band_of, working_days_waited
from app.domain.booking import BookingStatus
from app.domain.calendar import DayKind, WorkingCalendar, local_day
from app.domain.need import NeedStatus
from app.domain.outcome import OutcomeStatus
from app.models.availability import CalendarDay
from app.models.booking import Booking
from app.models.need import Need
from app.models.outcome import Dispute, Outcome
from app.models.service_session import ServiceSession
from app.unit_of_work import Reader


class Stage(StrEnum):
    """What something under way waits for."""

    ASSIGNMENT = "assignment"
    REPLY = "reply"
    RECORD = "record"
    CONFIRMATION = "confirmation"
    RULING = "ruling"


@dataclass(frozen=True, slots=True)
class WaitingThing:
    """One thing under way: since when it waits, and the need or meeting it is about."""

    id: UUID
    reference: str
    since: datetime
    working_days: int

    @property
    def band(self) -> Band:
        """How long it has waited."""
        return band_of(self.working_days)


@dataclass(frozen=True, slots=True)
class StageAges:
    """How many things wait for one thing, by band, and the longest of them in working days."""

    stage: Stage
    counts: Mapping[Band, int]
    longest: int | None

    @property
    def total(self) -> int:
        """All that wait for it."""
        return sum(self.counts.values())


def ages(reader: Reader) -> tuple[StageAges, ...]:
    """Return how long everything under way has waited, stage by stage; six statements."""
    calendar = _calendar(reader)
    return tuple(_ages(stage, _things(reader, stage, calendar)) for stage in Stage)


def waiting_things(reader: Reader, stage: Stage, band: Band | None) -> list[WaitingThing]:
    """Return what waits at one stage, in one band or in all, the longest first."""
    things = _things(reader, stage, _calendar(reader))
    return [thing for thing in things if band is None or thing.band is band]


def _ages(stage: Stage, things: list[WaitingThing]) -> StageAges:
    bands = Counter(thing.band for thing in things)
    longest = max((thing.working_days for thing in things), default=None)
    return StageAges(stage, {band: bands[band] for band in Band}, longest)


def _things(reader: Reader, stage: Stage, calendar: WorkingCalendar) -> list[WaitingThing]:
    today = local_day(reader.now)
    return [
        WaitingThing(
            row.id,
            row.reference,
            row.since,
            working_days_waited(local_day(row.since), today, calendar),
        )
        for row in reader.session.execute(_STATEMENTS[stage])
    ]


def _calendar(reader: Reader) -> WorkingCalendar:
    rows = reader.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(~CalendarDay.is_withdrawn)
    )
    return WorkingCalendar({day: DayKind(kind) for day, kind in rows})


def _of_meetings(since: Any, status: OutcomeStatus) -> Select[Any]:
    return (
        select(ServiceSession.id, ServiceSession.reference, since.label("since"))
        .join(Outcome, Outcome.service_session_id == ServiceSession.id)
        .where(Outcome.status == status)
        .order_by(since, ServiceSession.id)
    )


_ENDED = func.coalesce(
    ServiceSession.actual_end, ServiceSession.planned_ends_at, type_=ServiceSession.actual_end.type
)
_STATEMENTS: Mapping[Stage, Any] = {
    Stage.ASSIGNMENT: select(Need.id, Need.reference, Need.submitted_at.label("since"))
    .where(Need.status == NeedStatus.SUBMITTED)
    .order_by(Need.submitted_at, Need.id),
    Stage.REPLY: select(
        Booking.need_id.label("id"), Booking.reference, Booking.booked_at.label("since")
    )
    .where(Booking.status == BookingStatus.REQUESTED, Booking.booked_at.is_not(None))
    .order_by(Booking.booked_at, Booking.id),
    Stage.RECORD: _of_meetings(_ENDED, OutcomeStatus.AWAITING_RECORD),
    Stage.CONFIRMATION: _of_meetings(Outcome.recorded_at, OutcomeStatus.RECORDED),
    Stage.RULING: select(
        ServiceSession.id, ServiceSession.reference, Dispute.opened_at.label("since")
    )
    .join(Dispute, Dispute.service_session_id == ServiceSession.id)
    .where(Dispute.ruled_at.is_(None))
    .order_by(Dispute.opened_at, Dispute.id),
}
