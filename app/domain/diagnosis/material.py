"""The data list 资料清单: what a founder is asked to bring or send, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.diagnosis.status import IllegalStepError
from app.domain.errors import FieldError, InvalidInputError
from app.domain.prose import faults

LONGEST_WANTED = 200
LONGEST_REASON = 300
LONGEST_REMARK = 300
MOST_MATERIALS = 30


class MaterialStatus(StrEnum):
    """States of a line of the list; what is withdrawn is not wanted any more."""

    WANTED = "wanted"
    RECEIVED = "received"
    UNAVAILABLE = "unavailable"
    WITHDRAWN = "withdrawn"


class MaterialEvent(StrEnum):
    """What may happen to a line; lack is that there is no such thing, with a reason."""

    RECEIVE = "receive"
    LACK = "lack"
    ASK_AGAIN = "ask_again"
    WITHDRAW = "withdraw"


_S, _E = MaterialStatus, MaterialEvent
TRANSITIONS: Mapping[tuple[MaterialStatus, MaterialEvent], MaterialStatus] = {
    (_S.WANTED, _E.RECEIVE): _S.RECEIVED,
    (_S.UNAVAILABLE, _E.RECEIVE): _S.RECEIVED,
    (_S.WANTED, _E.LACK): _S.UNAVAILABLE,
    (_S.RECEIVED, _E.LACK): _S.UNAVAILABLE,
    # Said again in other words.
    (_S.RECEIVED, _E.RECEIVE): _S.RECEIVED,
    (_S.UNAVAILABLE, _E.LACK): _S.UNAVAILABLE,
    (_S.RECEIVED, _E.ASK_AGAIN): _S.WANTED,
    (_S.UNAVAILABLE, _E.ASK_AGAIN): _S.WANTED,
    (_S.WANTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.UNAVAILABLE, _E.WITHDRAW): _S.WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a line.

    Attributes:
        event: received, or that there is no such thing.
        reason: why there is none.
        remark: anything else, such as where it was sent.
    """

    event: MaterialEvent
    reason: str = ""
    remark: str = ""


def next_material_status(status: MaterialStatus, event: MaterialEvent) -> MaterialStatus:
    """Return the state that follows.

    Raises:
        IllegalStepError: when the event may not happen now.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None


def ensure_wanted(text: str, due_on: date, today: date) -> str:
    """Return what is asked for as it is kept.

    Raises:
        InvalidInputError: it is not said, or its day has passed.
    """
    wrong = faults("text", text, LONGEST_WANTED)
    if due_on < today:
        wrong.append(FieldError("due_on", "diagnosis.day_passed"))
    if wrong:
        raise InvalidInputError(errors=wrong)
    return text.strip()


def ensure_answer(answer: Answer) -> Answer:
    """Return the answer as it is kept; what is not there says why.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    wrong: list[FieldError] = []
    if answer.event not in (MaterialEvent.RECEIVE, MaterialEvent.LACK):
        wrong.append(FieldError("status", "input.not_a_choice"))
    is_lack = answer.event is MaterialEvent.LACK
    if is_lack:
        wrong += faults("reason", answer.reason, LONGEST_REASON)
    if answer.remark.strip():
        wrong += faults("remark", answer.remark, LONGEST_REMARK)
    if wrong:
        raise InvalidInputError(errors=wrong)
    reason = answer.reason.strip() if is_lack else ""
    return Answer(event=answer.event, reason=reason, remark=answer.remark.strip())
