"""Tickets 整改单: a bad rating is put right in time, and closed only with a call-back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.domain.calendar import ZONE, WorkingCalendar, local_day
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.prose import faults

WORST_SCORES = frozenset({1, 2})
REMIND_WORKING_DAYS = 3
REMINDED_AT = time(9)
LONGEST_NAME = 60
LONGEST_TEXT = 2000
_ONE_DAY = timedelta(days=1)


class TicketStatus(StrEnum):
    """States of a ticket; a closed one stays so."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class TicketEvent(StrEnum):
    """What may happen to a ticket; a try is a call that reached nobody."""

    TAKE = "take"
    TRY = "try"
    CLOSE = "close"


class CallResult(StrEnum):
    """What came of a call; who is still dissatisfied was heard, who was not reached was not."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_REACHED = "not_reached"


_S, _E = TicketStatus, TicketEvent
TRANSITIONS: Mapping[tuple[TicketStatus, TicketEvent], TicketStatus] = {
    (_S.OPEN, _E.TAKE): _S.TAKEN,
    (_S.OPEN, _E.TRY): _S.TAKEN,
    (_S.OPEN, _E.CLOSE): _S.CLOSED,
    (_S.TAKEN, _E.TAKE): _S.TAKEN,
    (_S.TAKEN, _E.TRY): _S.TAKEN,
    (_S.TAKEN, _E.CLOSE): _S.CLOSED,
}


class IllegalStepError(ConflictError):
    """The ticket is closed already."""

    default_code = "ticket.illegal_transition"


class HandlerError(RuleError):
    """Who served, entered or wrote what was rated cannot look after the ticket."""

    default_code = "ticket.handler_had_hand"


class NoCallError(RuleError):
    """A ticket is closed only with the record of a call that reached somebody."""

    default_code = "ticket.no_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an officer writes down of a call.

    Attributes:
        called: whom he called.
        called_at: when.
        result: what came of it.
        said: what was said; of a call that reached nobody, a note if there is any.
        done: what was done about it; nothing where nobody was reached.
    """

    called: str
    called_at: datetime
    result: CallResult
    said: str = ""
    done: str = ""


def next_status(status: TicketStatus, event: TicketEvent) -> TicketStatus:
    """Return the state that follows.

    Raises:
        IllegalStepError: when the event may not happen now.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None


def event_of(result: CallResult) -> TicketEvent:
    """Return what a call does to its ticket."""
    return TicketEvent.TRY if result is CallResult.NOT_REACHED else TicketEvent.CLOSE


def is_bad(score: int) -> bool:
    """Tell whether a rating opens a ticket."""
    return score in WORST_SCORES


def due_soon_at(due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the morning on which it is reminded of: three working days before the last day."""
    day = local_day(due_at - due_at.resolution)
    left = REMIND_WORKING_DAYS
    while left:
        day -= _ONE_DAY
        left -= calendar.is_working(day)
    return datetime.combine(day, REMINDED_AT, ZONE)


def overdue_at(due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the morning of the first working day after the deadline."""
    day = local_day(due_at)
    if not calendar.is_working(day):
        day = calendar.next_working_day(day)
    return datetime.combine(day, REMINDED_AT, ZONE)


def ensure_call(call: Call, opened_at: datetime, now: datetime) -> Call:
    """Return the call as it is kept, its texts trimmed.

    Raises:
        InvalidInputError: naming each field that is missing or cannot be so.
    """
    wrong = [*faults("called", call.called, LONGEST_NAME), *_untimely(call, opened_at, now)]
    is_heard = call.result is not CallResult.NOT_REACHED
    for field, text in (("said", call.said), ("done", call.done)):
        if is_heard or text.strip():
            wrong += faults(field, text, LONGEST_TEXT)
    if wrong:
        raise InvalidInputError(errors=wrong)
    return Call(
        called=call.called.strip(),
        called_at=call.called_at,
        result=call.result,
        said=call.said.strip(),
        done=call.done.strip(),
    )


def _untimely(call: Call, opened_at: datetime, now: datetime) -> list[FieldError]:
    # Calls are told to the minute.
    if call.called_at < opened_at.replace(second=0, microsecond=0):
        return [FieldError("called_at", "ticket.call_too_early")]
    return [FieldError("called_at", "ticket.call_in_future")] if call.called_at > now else []
