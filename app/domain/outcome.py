"""What came of a service session: both sides' words, deadlines, disagreement."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.errors import ConflictError, RuleError

RESULTS = (
    "resolved",
    "advised",
    "referred_dept",
    "referred_expert",
    "further_session",
    "not_suitable",
    "unresolved",
)


class OutcomeStatus(StrEnum):
    """States of decisions.md; silence never leads to `confirmed`."""

    AWAITING_RECORD = "awaiting_record"
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    CERTIFIED = "certified"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    RULED = "ruled"


class OutcomeEvent(StrEnum):
    """What may happen to an outcome."""

    RECORD = "record"
    CONFIRM = "confirm"
    CERTIFY = "certify"
    LAPSE = "lapse"
    DISPUTE = "dispute"
    RULE = "rule"


_S, _E = OutcomeStatus, OutcomeEvent
TRANSITIONS: dict[tuple[OutcomeStatus, OutcomeEvent], OutcomeStatus] = {
    (_S.AWAITING_RECORD, _E.RECORD): _S.RECORDED,
    (_S.RECORDED, _E.RECORD): _S.RECORDED,
    (_S.RECORDED, _E.CONFIRM): _S.CONFIRMED,
    (_S.RECORDED, _E.CERTIFY): _S.CERTIFIED,
    (_S.RECORDED, _E.LAPSE): _S.UNCONFIRMED,
    (_S.RECORDED, _E.DISPUTE): _S.DISPUTED,
    (_S.UNCONFIRMED, _E.CONFIRM): _S.CONFIRMED,
    (_S.UNCONFIRMED, _E.CERTIFY): _S.CERTIFIED,
    (_S.UNCONFIRMED, _E.DISPUTE): _S.DISPUTED,
    (_S.DISPUTED, _E.RULE): _S.RULED,
}


class ConfirmationKind(StrEnum):
    """How the founder's side confirmed; only a call-back is 'certified'."""

    SIGNED_IN = "signed_in"
    SMS_CODE = "sms_code"
    LINK = "link"
    PAPER_SIGNATURE = "paper_signature"
    CALL_BACK = "call_back"


class IllegalStepError(ConflictError):
    """The outcome is not in a state in which this may happen."""

    default_code = "outcome.illegal_transition"


class ConfirmationOverError(RuleError):
    """More than 90 days have passed since the service day."""

    default_code = "outcome.confirmation_over"


class CertifierError(RuleError):
    """Who served or wrote the record cannot certify it."""

    default_code = "outcome.certifier_is_author"


def next_status(status: OutcomeStatus, event: OutcomeEvent) -> OutcomeStatus:
    """Return the state after the event.

    Raises:
        IllegalStepError: when the table has no such step.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None


def spokespersons(
    contacts: Collection[UUID], booker: UUID | None, attendees: Collection[UUID]
) -> frozenset[UUID]:
    """Return whose word settles the facts for the founder's side.

    It is the venture's contact, who booked where there is none, and whoever came alone.
    Anybody else vouches for himself only.

    Args:
        contacts: who speaks for the venture.
        booker: who asked for the meeting, None for an activity.
        attendees: who was there.
    """
    alone = attendees if len(attendees) == 1 else ()
    booked = () if booker is None else (booker,)
    return frozenset({*(contacts or booked), *alone})


def confirm_until(service_day: date, late_days: int | None) -> date | None:
    """Return the last day on which a record may be confirmed, None where there is none.

    Args:
        service_day: the day of the service.
        late_days: days after it, by the counting policy of that day; None, without end.
    """
    return None if late_days is None else service_day + timedelta(days=late_days)


def ensure_may_confirm(last: date | None, today: date) -> None:
    """Refuse a confirmation after the last day for it.

    Raises:
        ConfirmationOverError: with the last allowed day.
    """
    if last is not None and today > last:
        raise ConfirmationOverError(until_on=last.isoformat())
