"""How far a diagnosis has come: drafted, signed by all, presented, understood."""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.errors import ConflictError


class DiagnosisScope(StrEnum):
    """Whether the whole venture is looked at, or one question of it."""

    THEMATIC = "thematic"
    OVERALL = "overall"


class DiagnosisStatus(StrEnum):
    """States of a diagnosis; drafting again is what a new version of the report begins with."""

    DRAFTING = "drafting"
    SIGNING = "signing"
    SIGNED = "signed"
    PRESENTED = "presented"
    UNDERSTOOD = "understood"
    OBJECTED = "objected"


class DiagnosisEvent(StrEnum):
    """What may happen to a diagnosis; complete is the last signature of a version."""

    ISSUE = "issue"
    COMPLETE = "complete"
    PRESENT = "present"
    UNDERSTAND = "understand"
    OBJECT = "object"
    REVISE = "revise"


_S, _E = DiagnosisStatus, DiagnosisEvent
TRANSITIONS: Mapping[tuple[DiagnosisStatus, DiagnosisEvent], DiagnosisStatus] = {
    (_S.DRAFTING, _E.ISSUE): _S.SIGNING,
    (_S.SIGNING, _E.COMPLETE): _S.SIGNED,
    (_S.SIGNED, _E.PRESENT): _S.PRESENTED,
    (_S.PRESENTED, _E.PRESENT): _S.PRESENTED,
    (_S.OBJECTED, _E.PRESENT): _S.PRESENTED,
    (_S.PRESENTED, _E.UNDERSTAND): _S.UNDERSTOOD,
    (_S.PRESENTED, _E.OBJECT): _S.OBJECTED,
    **{(status, _E.REVISE): _S.DRAFTING for status in _S if status is not _S.DRAFTING},
}


class IllegalStepError(ConflictError):
    """The diagnosis is not in a state in which this may happen."""

    default_code = "diagnosis.illegal_transition"


def next_status(status: DiagnosisStatus, event: DiagnosisEvent) -> DiagnosisStatus:
    """Return the state that follows.

    Raises:
        IllegalStepError: when the event may not happen now.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None
