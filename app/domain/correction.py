"""Corrections 更正: what may be corrected, by whom, and that two people stand behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain import prose
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.service_record import (
    ActualTimes,
    CorrectionOp,
    Dimensions,
    ServedVenture,
    Span,
    VentureFacts,
)
from app.domain.service_session import ensure_actual

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class VentureChoice:
    """The venture a service was for, None when it was for none."""

    venture_id: UUID | None


Value = UUID | ActualTimes | VentureChoice | str | bool | None
Known = str | ActualTimes | ServedVenture | bool | None
_KINDS: Mapping[CorrectionOp, type] = {
    CorrectionOp.REMOVE_ATTENDEE: UUID,
    CorrectionOp.SET_ACTUAL_TIMES: ActualTimes,
    CorrectionOp.SET_TOPIC: str,
    CorrectionOp.SET_VENTURE: VentureChoice,
    CorrectionOp.SET_OVERRUN: bool,
    CorrectionOp.VOID: type(None),
}


class SamePersonError(RuleError):
    """Who proposed a correction cannot be the one who checks it."""

    default_code = "correction.same_person"


class AlreadyCheckedError(ConflictError):
    """The correction has been approved or refused in the meantime."""

    default_code = "correction.already_checked"


class OwnMeetingError(RuleError):
    """Who had a hand in a meeting does not let it count for longer than planned."""

    default_code = "correction.own_meeting"


class NothingToCorrectError(RuleError):
    """A meeting that has not been held has no counted fact yet."""

    default_code = "correction.not_held"


class ServesNobodyError(RuleError):
    """A meeting of an activity is for whoever listens, for no venture, and has no plan of one."""

    default_code = "correction.of_activity"


class NothingChangesError(RuleError):
    """The record already says what the correction says."""

    default_code = "correction.nothing_changes"


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


def to_stored(value: Value | ServedVenture) -> object:
    """Return the value as JSON knows it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, ServedVenture):
        return _venture_to_stored(value)
    if isinstance(value, ActualTimes):
        return {
            "actual_start": value.span.starts_at.isoformat(),
            "actual_end": value.span.ends_at.isoformat(),
            "break_minutes": value.break_minutes,
        }
    return None if value is None else str(value)


def from_stored(operation: CorrectionOp, stored: Any) -> Known:
    """Return the stored value as the counting rules know it.

    Since when a venture is registered is not part of it: whoever counts looks that up.
    """
    if operation is CorrectionOp.SET_ACTUAL_TIMES:
        return times_from_stored(stored)
    if operation is CorrectionOp.SET_VENTURE:
        return _venture_from_stored(stored)
    if operation is CorrectionOp.SET_OVERRUN:
        return bool(stored)
    return None if operation is CorrectionOp.VOID else str(stored)


def _venture_to_stored(found: ServedVenture) -> dict[str, object]:
    labels = found.labels or Dimensions()
    return {
        "venture_id": found.venture and found.venture.venture_id,
        "area": labels.area,
        "street": labels.street,
        "industry": labels.industry,
    }


def _venture_from_stored(stored: Mapping[str, Any]) -> ServedVenture:
    labels = Dimensions(area=stored["area"], street=stored["street"], industry=stored["industry"])
    key = stored["venture_id"]
    return ServedVenture(None if key is None else VentureFacts(key, None), labels)


def times_from_stored(stored: Mapping[str, Any]) -> ActualTimes:
    """Return the stored actual times."""
    span = Span(
        datetime.fromisoformat(stored["actual_start"]), datetime.fromisoformat(stored["actual_end"])
    )
    return ActualTimes(span, stored["break_minutes"])
