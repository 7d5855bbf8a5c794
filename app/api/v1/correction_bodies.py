"""Corrections as machines write and read them: what is right, and what would become of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from app.api.schemas import Named, Text, Whole
from app.domain.correction import LONGEST_REASON, Value, VentureChoice, from_stored
from app.domain.errors import InvalidInputError
from app.domain.service_record import (
    ActualTimes,
    CorrectionOp,
    Decision,
    ServedVenture,
    Span,
    Status,
)
from app.domain.service_record.slices import LONGEST_NAME
from app.domain.service_session import LONGEST_MINUTES
from app.models.service_record import CorrectionStatus
from app.queries.bureau_desk import Review
from app.services.service_records import MonthChange, Preview


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionBody:
    """What is wrong, what is right instead, and how it is known."""

    operation: CorrectionOp
    reason: Annotated[str, Text(LONGEST_REASON)]
    person_id: Annotated[UUID | None, Named(says="Who was not there: `remove_attendee`.")] = None
    actual_start: Annotated[datetime | None, Named(says="`set_actual_times`.")] = None
    actual_end: datetime | None = None
    break_minutes: Annotated[int, Whole(0, LONGEST_MINUTES)] = 0
    topic: Annotated[str | None, Text(LONGEST_NAME), Named(says="`set_topic`.")] = None
    venture_id: Annotated[
        UUID | None, Named(says="`set_venture`: of somebody who was there; null for none.")
    ] = None
    is_overrun_approved: Annotated[bool | None, Named(says="`set_overrun`.")] = None
    sample_call_id: Annotated[
        UUID | None, Named(says="The call of an audit sample that showed it.")
    ] = None

    def value(self) -> Value:
        """Return what is right.

        Raises:
            InvalidInputError: at the member that the operation needs.
        """
        return _VALUES[self.operation](self)


def _times(body: CorrectionBody) -> Value:
    start = _needed("actual_start", body.actual_start)
    end = _needed("actual_end", body.actual_end)
    if end <= start:
        raise InvalidInputError.at("actual_end", "service_session.end_before_start")
    return ActualTimes(Span(start, end), body.break_minutes)


def _needed(name: str, value: Any) -> Any:
    if value is None:
        raise InvalidInputError.at(name, "input.required")
    return value


_VALUES: Mapping[CorrectionOp, Callable[[CorrectionBody], Value]] = {
    CorrectionOp.REMOVE_ATTENDEE: lambda body: _needed("person_id", body.person_id),
    CorrectionOp.SET_ACTUAL_TIMES: _times,
    CorrectionOp.SET_TOPIC: lambda body: _needed("topic", body.topic),
    CorrectionOp.SET_VENTURE: lambda body: VentureChoice(body.venture_id),
    CorrectionOp.SET_OVERRUN: lambda body: _needed("is_overrun_approved", body.is_overrun_approved),
    CorrectionOp.VOID: lambda _: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionValue:
    """What is right, in the member that the operation speaks of; the others are null."""

    person_id: UUID | None = None
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    break_minutes: int | None = None
    topic: str | None = None
    venture_id: UUID | None = None
    is_overrun_approved: bool | None = None


@dataclass(frozen=True, slots=True)
class PostedChange:
    """The figures of a closed month that the correction moved, and where that is posted."""

    month: str
    posted_month: str
    measures: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDetail:
    """A correction: what is wrong, what is right, who proposed and who checked it."""

    id: UUID
    version: int
    service_session_id: UUID
    reference: str
    month: str
    operation: CorrectionOp
    value: CorrectionValue
    reason: str
    status: CorrectionStatus
    made_by: str | None
    made_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    is_own: bool
    sample_id: UUID | None
    posted: tuple[PostedChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTold:
    """A decision on the meeting, as it stands or would be."""

    status: Status
    reason: str | None
    column: str | None
    minutes: int
    person_times: int
    venture_id: str | None


@dataclass(frozen=True, slots=True)
class FigureMove:
    """A figure of a month before and after."""

    measure: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class MonthMoved:
    """The figures of a month that would move; `posted_month` where the month is closed."""

    month: str
    posted_month: str | None
    figures: tuple[FigureMove, ...]


@dataclass(frozen=True, slots=True)
class PreviewTold:
    """What the approval would change; `others` counts further meetings decided otherwise."""

    before: DecisionTold | None
    after: DecisionTold | None
    others: int
    months: tuple[MonthMoved, ...]


def told(row: Review) -> CorrectionDetail:
    """Return a correction as the API tells it."""
    return CorrectionDetail(
        id=row.id,
        version=row.version,
        service_session_id=row.session_id,
        reference=row.reference,
        month=row.month,
        operation=row.operation,
        value=_value_told(row.operation, row.stored),
        reason=row.reason,
        status=row.status,
        made_by=row.made_by,
        made_at=row.made_at,
        checked_by=row.checked_by,
        checked_at=row.checked_at,
        is_own=row.is_own,
        sample_id=row.sample_id,
        posted=tuple(
            PostedChange(each.month, each.posted_month, each.change.moved()) for each in row.posted
        ),
    )


def preview_told(change: Preview) -> PreviewTold:
    """Return a preview as the API tells it."""
    return PreviewTold(
        _decision_told(change.before),
        _decision_told(change.after),
        change.others,
        tuple(map(_month_told, change.months)),
    )


def _value_told(operation: CorrectionOp, stored: Any) -> CorrectionValue:
    value = from_stored(operation, stored)
    if isinstance(value, ActualTimes):
        span = value.span
        return CorrectionValue(
            actual_start=span.starts_at,
            actual_end=span.ends_at,
            break_minutes=value.break_minutes,
        )
    if isinstance(value, ServedVenture):
        named = value.venture
        return CorrectionValue(venture_id=UUID(named.venture_id) if named else None)
    if isinstance(value, bool):
        return CorrectionValue(is_overrun_approved=value)
    if operation is CorrectionOp.REMOVE_ATTENDEE:
        return CorrectionValue(person_id=UUID(str(value)))
    return CorrectionValue(topic=value)


def _decision_told(decision: Decision | None) -> DecisionTold | None:
    if decision is None:
        return None
    return DecisionTold(
        status=decision.status,
        reason=decision.reason,
        column=decision.column,
        minutes=decision.minutes,
        person_times=len(decision.person_ids),
        venture_id=decision.venture.venture_id if decision.venture else None,
    )


def _month_told(change: MonthChange) -> MonthMoved:
    posted = change.posted_month
    moves = tuple(FigureMove(name, *pair) for name, pair in change.moved.items())
    return MonthMoved(str(change.month), str(posted) if posted else None, moves)
