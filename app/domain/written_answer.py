"""Written answers 书面答复: an official answers a simple question in writing, without a meeting."""

from enum import StrEnum

from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.expert import ExpertCategory
from app.domain.prose import faults

SHORTEST_QUESTION = 10
LONGEST_QUESTION = 600
SHORTEST_ANSWER = 20
LONGEST_ANSWER = 2000
LONGEST_REMARK = 500


class WrittenAnswerStatus(StrEnum):
    """States of a written answer; what was answered stays so."""

    OFFERED = "offered"
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class WrittenAnswerEvent(StrEnum):
    """What may happen to a written answer."""

    TAKE = "take"
    ANSWER = "answer"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


_S, _E = WrittenAnswerStatus, WrittenAnswerEvent
OPEN = frozenset({_S.OFFERED, _S.ASKED})
TRANSITIONS: dict[tuple[WrittenAnswerStatus, WrittenAnswerEvent], WrittenAnswerStatus] = {
    (_S.OFFERED, _E.TAKE): _S.ASKED,
    (_S.OFFERED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.OFFERED, _E.EXPIRE): _S.EXPIRED,
    (_S.ASKED, _E.ANSWER): _S.ANSWERED,
    (_S.ASKED, _E.DECLINE): _S.DECLINED,
    (_S.ASKED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.ASKED, _E.EXPIRE): _S.EXPIRED,
}


class IllegalStepError(ConflictError):
    """The written answer is not in a state in which this may happen."""

    default_code = "written_answer.illegal_transition"


class AlreadyAskedError(ConflictError):
    """This expert is being asked for an answer to this need already."""

    default_code = "written_answer.already_asked"


class NotOfficialError(RuleError):
    """Only an official answers in writing; others meet the founder."""

    default_code = "written_answer.not_official"


class OverError(ConflictError):
    """The time to answer has passed."""

    default_code = "written_answer.over"


class AlreadySaidError(ConflictError):
    """The founder has said already whether it helped."""

    default_code = "written_answer.already_said"


def next_status(status: WrittenAnswerStatus, event: WrittenAnswerEvent) -> WrittenAnswerStatus:
    """Return the state after the event.

    Raises:
        IllegalStepError: when the table has no such step.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None


def ensure_official(category: ExpertCategory) -> None:
    """Refuse an answer in writing by anybody but an official.

    Raises:
        NotOfficialError: he is of another category.
    """
    if category is not ExpertCategory.OFFICIAL:
        raise NotOfficialError


def ensure_question(text: str) -> str:
    """Return the question, trimmed.

    Raises:
        InvalidInputError: at field `question`.
    """
    return _ensured("question", text, SHORTEST_QUESTION, LONGEST_QUESTION)


def ensure_answer(text: str) -> str:
    """Return the answer, trimmed; it is general guidance, decided on nothing (requirements E6).

    Raises:
        InvalidInputError: at field `answer`.
    """
    return _ensured("answer", text, SHORTEST_ANSWER, LONGEST_ANSWER)


def _ensured(field: str, text: str, shortest: int, longest: int) -> str:
    shown = text.replace("\r\n", "\n").strip()
    errors = faults(field, shown, longest)
    if not errors and len(shown) < shortest:
        errors = [FieldError(field, "input.too_short", {"shortest": shortest})]
    if errors:
        raise InvalidInputError(errors=errors)
    return shown
