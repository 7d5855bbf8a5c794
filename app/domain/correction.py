"""Corrections 更正: what may be corrected, by whom, and that two people stand behind it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain import prose
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.service_record import ActualTimes, CorrectionOp, Span
from app.domain.service_session import ensure_actual

LONGEST_REASON = 1000
Value = UUID | ActualTimes | str | None
_KINDS: Mapping[CorrectionOp, type] = {
    CorrectionOp.REMOVE_ATTENDEE: UUID,
    CorrectionOp.SET_ACTUAL_TIMES: ActualTimes,
    CorrectionOp.SET_TOPIC: str,
    CorrectionOp.VOID: type(None),
}


class SamePersonError(RuleError):
    """Who proposed a correction cannot be the one who checks it."""

    default_code = "correction.same_person"


class AlreadyCheckedError(ConflictError):
    """The correction has been approved or refused in the meantime."""

    default_code = "correction.already_checked"


class NothingToCorrectError(RuleError):
    """A meeting that has not been held has no counted fact yet."""

    default_code = "correction.not_held"


def ensure_complete(operation: CorrectionOp, value: Value, reason: str, now: datetime) -> None:
    """Refuse a correction that does not say what is right, or why.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = []
    if not isinstance(value, _KINDS[operation]):
        errors.append(FieldError("value", "correction.value"))
    errors += prose.faults("reason", reason, LONGEST_REASON)
    if errors:
        raise InvalidInputError(errors=errors)
    if isinstance(value, ActualTimes):
        ensure_actual(value.span.starts_at, value.span.ends_at, value.break_minutes, now)


def to_stored(value: Value) -> object:
    """Return the value as JSON knows it."""
    if isinstance(value, ActualTimes):
        return {
            "actual_start": value.span.starts_at.isoformat(),
            "actual_end": value.span.ends_at.isoformat(),
            "break_minutes": value.break_minutes,
        }
    return None if value is None else str(value)


def from_stored(operation: CorrectionOp, stored: Any) -> str | ActualTimes | None:
    """Return the stored value as the counting rules know it."""
    if operation is CorrectionOp.SET_ACTUAL_TIMES:
        return times_from_stored(stored)
    return None if operation is CorrectionOp.VOID else str(stored)


def times_from_stored(stored: Mapping[str, Any]) -> ActualTimes:
    """Return the stored actual times."""
    span = Span(
        datetime.fromisoformat(stored["actual_start"]), datetime.fromisoformat(stored["actual_end"])
    )
    return ActualTimes(span, stored["break_minutes"])
