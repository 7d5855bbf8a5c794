"""What somebody at the bureau has to do: kinds of tasks, who may act, how a task ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_OID, UUID, uuid5

from app.domain.actor import Permission
from app.domain.errors import ConflictError, RuleError

LONGEST_NOTE = 1000


class Subject(StrEnum):
    """What a task can be about."""

    BOOKING = "booking"
    EXPERT = "expert"
    NEED = "need"
    SERVICE_SESSION = "service_session"
    PLACE = "place"
    YEAR = "year"
    WEBHOOK = "webhook"


class TaskKind(StrEnum):
    """What is to be done."""

    SUSPENDED_BOOKING = "suspended_booking"
    MENTOR_CANCELLED = "mentor_cancelled"
    PLACE_CLOSED = "place_closed"
    DISMISSAL_REVIEW = "dismissal_review"
    CALENDAR_MISSING = "calendar_missing"
    TIE_FOUND = "tie_found"
    WORD_IN_DOUBT = "word_in_doubt"
    APPEAL = "appeal"
    WEBHOOK_PAUSED = "webhook_paused"
    SAMPLE_DIFFERS = "sample_differs"


class TaskEnd(StrEnum):
    """How a task came to its end: somebody did it, or its matter settled itself."""

    DONE = "done"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class TaskRule:
    """What holds for all tasks of a kind.

    Attributes:
        about: the kind of row it names.
        acts: who holds this may do it.
        by_hand: whether a person closes it with a note; others close with their matter alone.
    """

    about: Subject
    acts: Permission
    by_hand: bool


RULES: Mapping[TaskKind, TaskRule] = {
    TaskKind.SUSPENDED_BOOKING: TaskRule(Subject.BOOKING, Permission.WORK_TASKS, False),
    TaskKind.MENTOR_CANCELLED: TaskRule(Subject.BOOKING, Permission.WORK_TASKS, True),
    TaskKind.PLACE_CLOSED: TaskRule(Subject.PLACE, Permission.WORK_TASKS, True),
    TaskKind.DISMISSAL_REVIEW: TaskRule(Subject.EXPERT, Permission.APPOINT_EXPERT, True),
    TaskKind.CALENDAR_MISSING: TaskRule(Subject.YEAR, Permission.SET_CALENDAR, False),
    TaskKind.WEBHOOK_PAUSED: TaskRule(Subject.WEBHOOK, Permission.MANAGE_WEBHOOKS, False),
    TaskKind.TIE_FOUND: TaskRule(Subject.SERVICE_SESSION, Permission.WORK_TASKS, True),
    # Ends with its answer.
    TaskKind.APPEAL: TaskRule(Subject.SERVICE_SESSION, Permission.ANSWER_APPEAL, False),
    # A correction ends it; a note does where nothing is wrong with the record.
    TaskKind.SAMPLE_DIFFERS: TaskRule(Subject.SERVICE_SESSION, Permission.WORK_TASKS, True),
    # A call-back ends it; a note does where nobody can be reached.
    TaskKind.WORD_IN_DOUBT: TaskRule(Subject.SERVICE_SESSION, Permission.WORK_TASKS, True),
}


class TaskClosedError(ConflictError):
    """Somebody, or the course of things, has closed the task already."""

    default_code = "task.already_closed"


class ClosesItselfError(RuleError):
    """The task ends when its matter is settled, not by a note."""

    default_code = "task.closes_itself"


def key_of_year(year: int) -> UUID:
    """Return the key under which tasks name a calendar year, which has no row of its own."""
    return uuid5(NAMESPACE_OID, f"year:{year}")


def ensure_closes_by_hand(kind: TaskKind) -> None:
    """Refuse a note where something has to be done.

    Raises:
        ClosesItselfError: naming the kind.
    """
    if not RULES[kind].by_hand:
        raise ClosesItselfError(kind=kind.value)
