"""申诉: a mentor asks the bureau to look again at a decision by which his service did not count."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain import prose
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.service_record import Decision, Pending, Reason, Status

LONGEST_TEXT = 2000


class AppealStatus(StrEnum):
    """An appeal is answered once: the record is put right, or it is explained why it stands."""

    OPEN = "open"
    UPHELD = "upheld"
    EXPLAINED = "explained"


class Remedy(StrEnum):
    """What an upheld appeal led to."""

    CORRECTION = "correction"
    CERTIFICATION = "certification"


class Bar(StrEnum):
    """Why a decision cannot be appealed against now."""

    COUNTED = "appeal.counted"
    RECORD_FIRST = "appeal.record_first"
    RULING_FIRST = "appeal.ruling_first"
    MERGED = "appeal.merged"
    OPEN = "appeal.already_open"
    ANSWERED = "appeal.already_answered"
    OVER = "appeal.window_over"


class BarredError(RuleError):
    """The decision cannot be appealed against now; the code says why."""

    default_code: ClassVar[str] = "appeal.barred"


class AppealTwiceError(ConflictError):
    """The mentor has appealed against this decision."""

    default_code: ClassVar[str] = "appeal.already_open"


class AppealAnsweredError(ConflictError):
    """Somebody has answered the appeal in the meantime."""

    default_code: ClassVar[str] = "appeal.answered"


class AnswererError(RuleError):
    """Who served, entered or wrote the record cannot answer the appeal."""

    default_code: ClassVar[str] = "appeal.answerer_had_hand"


class NoRemedyError(InvalidInputError):
    """An appeal is upheld by what puts the record right, which is not there yet."""

    default_code: ClassVar[str] = "appeal.no_remedy"


def bar_of(decision: Decision, expert_id: str, until: datetime, now: datetime) -> Bar | None:
    """Return why the expert cannot appeal against a decision, None when he can.

    Args:
        decision: the one that stands.
        expert_id: whose minutes it is about.
        until: the end of the window.
        now: the present instant.
    """
    own_minutes = dict(decision.expert_minutes).get(expert_id, 0)
    if decision.status is Status.COUNTED and own_minutes:
        return Bar.COUNTED
    if decision.reason is Reason.MERGED:
        return Bar.MERGED
    if decision.pending is Pending.RECORD:
        return Bar.RECORD_FIRST
    if decision.pending is Pending.RULING:
        return Bar.RULING_FIRST
    return Bar.OVER if now >= until else None


def ensure_answer(text: str) -> str:
    """Return the answer as it is kept.

    Raises:
        InvalidInputError: at field `answer`.
    """
    return prose.ensure("answer", text, LONGEST_TEXT)
