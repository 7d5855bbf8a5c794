"""A call, or the joining of an online meeting, as its log tells it; a hint, never a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.privacy import mask_name, mask_phone
from app.domain.service_session import LONGEST_MINUTES, Party

NOTED_FROM = timedelta(minutes=10)
LONGEST_CONTACT = 60
LONGEST_REASON = 300
MOST_OF_ONE_MEETING = 40
_FEWEST_DIGITS = 5


class LogKind(StrEnum):
    """Of what a line is."""

    CALL = "call_log"
    JOIN = "join_log"


class OnSiteError(RuleError):
    """The meeting was face to face: there is no call and nobody joins."""

    default_code = "log_line.on_site"


class TooManyError(RuleError):
    """The meeting has as many lines as one may have."""

    default_code = "log_line.too_many"


class StruckError(ConflictError):
    """The line was struck already."""

    default_code = "log_line.struck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a log tells: who, from when to when, and under which number or name."""

    kind: LogKind
    party: Party
    started_at: datetime
    ended_at: datetime
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The times of the lines beside those of the record; `is_noted` from ten minutes on."""

    first: datetime
    last: datetime
    start_apart: timedelta
    end_apart: timedelta

    @property
    def is_noted(self) -> bool:
        """Tell whether they are further apart than is passed over."""
        return max(abs(self.start_apart), abs(self.end_apart)) > NOTED_FROM


def masked_contact(typed: str) -> str:
    """Return a number or a name of which so much is left that its owner knows it again."""
    text = typed.strip()
    if sum(mark.isdigit() for mark in text) >= _FEWEST_DIGITS:
        return mask_phone(text)
    return mask_name(text) if text else ""


def ensure_times(line: Line, now: datetime) -> None:
    """Refuse times that cannot have been.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = []
    if line.ended_at <= line.started_at:
        errors.append(FieldError("ended_at", "service_session.end_before_start"))
    elif line.ended_at - line.started_at > timedelta(minutes=LONGEST_MINUTES):
        facts = {"max": LONGEST_MINUTES}
        errors.append(FieldError("ended_at", "service_session.too_long", facts))
    if line.ended_at > now:
        errors.append(FieldError("ended_at", "service_session.in_future"))
    if len(line.contact) > LONGEST_CONTACT:
        facts = {"longest": LONGEST_CONTACT, "length": len(line.contact)}
        errors.append(FieldError("contact", "input.too_long", facts))
    if errors:
        raise InvalidInputError(errors=errors)


def compared(
    spans: Sequence[tuple[datetime, datetime]], start: datetime | None, end: datetime | None
) -> Comparison | None:
    """Return how the lines and the record are apart, None where one of them is missing."""
    if not spans or start is None or end is None:
        return None
    first = min(started_at for started_at, _ in spans)
    last = max(ended_at for _, ended_at in spans)
    return Comparison(first, last, first - start, last - end)
