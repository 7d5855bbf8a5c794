"""Action items 建议事项: what somebody is to do by a day, followed until it is done or dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.calendar import WorkingCalendar, day_ends_at
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.prose import faults
from app.domain.ticket import due_soon_at, overdue_at

LONGEST_NOTE = 500
BOTH_NAMES = frozenset({"双方", "Both sides"})
EXPERT_NAMES = frozenset({"导师", "Mentor"})


class ActionSide(StrEnum):
    """Who is to do it; both is the founder's side and the experts."""

    FOUNDER = "founder"
    EXPERT = "expert"
    BUREAU = "bureau"
    BOTH = "both"


class ActionStatus(StrEnum):
    """States of an item."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ActionEvent(StrEnum):
    """What may happen to an item; one that was closed by mistake is opened again."""

    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"


_S, _E = ActionStatus, ActionEvent
TRANSITIONS: Mapping[tuple[ActionStatus, ActionEvent], ActionStatus] = {
    (_S.OPEN, _E.FINISH): _S.DONE,
    (_S.OPEN, _E.DROP): _S.DROPPED,
    (_S.DONE, _E.REOPEN): _S.OPEN,
    (_S.DROPPED, _E.REOPEN): _S.OPEN,
}
# Whose telling reaches which side; the owner of an item hears of it, and nobody else.
SIDES_OF: Mapping[ActionSide, tuple[str, ...]] = {
    ActionSide.FOUNDER: ("founder",),
    ActionSide.EXPERT: ("mentor",),
    ActionSide.BUREAU: ("bureau",),
    ActionSide.BOTH: ("founder", "mentor"),
}


class IllegalStepError(ConflictError):
    """The item is closed already, or still open."""

    default_code = "action_item.illegal_transition"


class NotOwnItemError(RuleError):
    """A founder closes what is his own to do, not what the experts or the bureau have promised."""

    default_code = "action_item.not_own"


@dataclass(frozen=True, slots=True)
class Closing:
    """What became of an item; what is dropped says why."""

    event: ActionEvent
    note: str = ""


def next_status(status: ActionStatus, event: ActionEvent) -> ActionStatus:
    """Return the state that follows.

    Raises:
        IllegalStepError: when the event may not happen now.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None


def ensure_closing(closing: Closing) -> str | None:
    """Return the note as it is kept.

    Raises:
        InvalidInputError: it is dropped, or opened again, without a reason.
    """
    if closing.event is ActionEvent.FINISH and not closing.note.strip():
        return None
    wrong: list[FieldError] = faults("note", closing.note, LONGEST_NOTE)
    if wrong:
        raise InvalidInputError(errors=wrong)
    return closing.note.strip()


def side_of(owner: str, founder: str, mentor: str) -> ActionSide:
    """Return the side that an owner named in a record belongs to; a name unknown is the founder's.

    Args:
        owner: as the record names him.
        founder: who asked for the meeting.
        mentor: who wrote the record.
    """
    name = owner.strip()
    if name in BOTH_NAMES:
        return ActionSide.BOTH
    is_mentor = name in EXPERT_NAMES or (name == mentor and name != founder)
    return ActionSide.EXPERT if is_mentor else ActionSide.FOUNDER


def remind_at(due_on: date, calendar: WorkingCalendar) -> tuple[datetime, datetime]:
    """Return the mornings on which its owner is reminded: before the last day, and after it."""
    due_at = day_ends_at(due_on)
    return due_soon_at(due_at, calendar), overdue_at(due_at, calendar)
