"""Follow-ups 跟踪回访: what became of the advice, asked at set days after the meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.calendar import ZONE, WorkingCalendar
from app.domain.errors import ConflictError, FieldError, InvalidInputError
from app.domain.prose import faults

# Asked on the morning of the first working day from the day on; kept open so long.
ASKED_AT = time(9)
OPEN_DAYS = 30
MOST_JOBS = 100_000
MOST_LOAN_YUAN = 1_000_000_000
LONGEST_REMARK = 500


class FollowUpStatus(StrEnum):
    """States of a follow-up; silence is no answer, and is counted as such.

    Missed is what was never asked because the service stood still at the time.
    """

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    MISSED = "missed"
    STOPPED = "stopped"


class FollowUpEvent(StrEnum):
    """What may happen to a follow-up."""

    ASK = "ask"
    ANSWER = "answer"
    LAPSE = "lapse"
    MISS = "miss"
    STOP = "stop"


class ActionState(StrEnum):
    """How far an action of the record has come."""

    DONE = "done"
    DOING = "doing"
    NOT_YET = "not_yet"
    DROPPED = "dropped"


_S, _E = FollowUpStatus, FollowUpEvent
TRANSITIONS: Mapping[tuple[FollowUpStatus, FollowUpEvent], FollowUpStatus] = {
    (_S.PLANNED, _E.ASK): _S.ASKED,
    (_S.PLANNED, _E.MISS): _S.MISSED,
    (_S.PLANNED, _E.STOP): _S.STOPPED,
    (_S.ASKED, _E.ANSWER): _S.ANSWERED,
    (_S.ASKED, _E.LAPSE): _S.UNANSWERED,
    (_S.ASKED, _E.STOP): _S.STOPPED,
    (_S.UNANSWERED, _E.ANSWER): _S.ANSWERED,
}


class IllegalStepError(ConflictError):
    """The follow-up is not in a state in which this may happen."""

    default_code = "follow_up.illegal_transition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody says of the advice and of his venture; only what he knows.

    Attributes:
        actions: how far each action of the record has come, by its place in the record.
        is_running: whether the venture still works.
        jobs: how many people work there now, the founder included.
        loan_yuan: how much was lent since the meeting, in yuan.
        remark: anything else.
    """

    actions: Mapping[int, ActionState] = field(default_factory=dict)
    is_running: bool | None = None
    jobs: int | None = None
    loan_yuan: int | None = None
    remark: str = ""


def next_status(status: FollowUpStatus, event: FollowUpEvent) -> FollowUpStatus:
    """Return the state that follows.

    Raises:
        IllegalStepError: when the event may not happen now.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None


def asked_at(held_on: date, days: int, calendar: WorkingCalendar) -> datetime:
    """Return when the follow-up so many days after a meeting is asked."""
    day = held_on + timedelta(days=days)
    if not calendar.is_working(day):
        day = calendar.next_working_day(day)
    return datetime.combine(day, ASKED_AT, tzinfo=ZONE)


def ensure_answer(answer: Answer, actions: int) -> Answer:
    """Return the answer as it is kept; it says at least one thing, and nothing impossible.

    Args:
        answer: what was said.
        actions: how many actions the record has.

    Raises:
        InvalidInputError: naming each field that cannot be so.
    """
    wrong = list(_wrong(answer, actions))
    if wrong:
        raise InvalidInputError(errors=wrong)
    said = (answer.is_running, answer.jobs, answer.loan_yuan)
    remark = answer.remark.strip()
    if not answer.actions and not remark and all(each is None for each in said):
        raise InvalidInputError.at("is_running", "follow_up.empty")
    return Answer(
        actions=answer.actions,
        is_running=answer.is_running,
        jobs=answer.jobs,
        loan_yuan=answer.loan_yuan,
        remark=remark,
    )


def _wrong(answer: Answer, actions: int) -> Sequence[FieldError]:
    found = list(faults("remark", answer.remark, LONGEST_REMARK)) if answer.remark.strip() else []
    if any(place not in range(actions) for place in answer.actions):
        found.append(FieldError("actions", "input.not_a_choice"))
    for name, number, most in (
        ("jobs", answer.jobs, MOST_JOBS),
        ("loan_yuan", answer.loan_yuan, MOST_LOAN_YUAN),
    ):
        if number is not None and not 0 <= number <= most:
            code = "input.too_small" if number < 0 else "input.too_large"
            found.append(FieldError(name, code, {"low": 0, "high": most}))
    return found
