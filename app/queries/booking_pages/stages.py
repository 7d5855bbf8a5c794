"""Where a booking stands for its founder or its mentor: who acts next."""

from datetime import datetime
from enum import StrEnum

from app.domain.booking import BookingStatus
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import EARLIEST_CHECK_IN, ServiceSessionStatus
from app.domain.time_offer import OfferKind
from app.models.booking import Booking, PanelAnswer
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.models.time_offer import TimeOffer


class Stage(StrEnum):
    """Where a booking stands for its founder: who acts next."""

    ON_HOLD = "on_hold"
    HOLD_OVER = "hold_over"
    AWAITS_ANSWER = "awaits_answer"
    AWAITS_OTHERS = "awaits_others"
    TIMES_OFFERED = "times_offered"
    AGREED = "agreed"
    MEETING = "meeting"
    AWAITS_FINISH = "awaits_finish"
    AWAITS_RECORD = "awaits_record"
    AWAITS_CONFIRMATION = "awaits_confirmation"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    RULED = "ruled"
    DONE = "done"
    MISSED = "missed"
    CONTESTED = "contested"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    RELEASED = "released"


ASKED = frozenset({Stage.AWAITS_ANSWER, Stage.AWAITS_OTHERS, Stage.TIMES_OFFERED})
COMING = frozenset({*ASKED, Stage.AGREED, Stage.MEETING, Stage.SUSPENDED})
OPEN = COMING | {
    Stage.ON_HOLD,
    Stage.AWAITS_FINISH,
    Stage.AWAITS_RECORD,
    Stage.AWAITS_CONFIRMATION,
    Stage.UNCONFIRMED,
    Stage.DISPUTED,
    Stage.MISSED,
    Stage.CONTESTED,
}
_BY_STATUS = {
    BookingStatus.REQUESTED: Stage.AWAITS_ANSWER,
    BookingStatus.SUSPENDED: Stage.SUSPENDED,
    BookingStatus.RELEASED: Stage.RELEASED,
    BookingStatus.DECLINED: Stage.DECLINED,
    BookingStatus.WITHDRAWN: Stage.WITHDRAWN,
    BookingStatus.EXPIRED: Stage.EXPIRED,
    BookingStatus.CANCELLED: Stage.CANCELLED,
}
_BY_OUTCOME = {
    OutcomeStatus.AWAITING_RECORD: Stage.AWAITS_RECORD,
    OutcomeStatus.RECORDED: Stage.AWAITS_CONFIRMATION,
    OutcomeStatus.CONFIRMED: Stage.DONE,
    OutcomeStatus.CERTIFIED: Stage.DONE,
    OutcomeStatus.UNCONFIRMED: Stage.UNCONFIRMED,
    OutcomeStatus.DISPUTED: Stage.DISPUTED,
    OutcomeStatus.RULED: Stage.RULED,
}
_BY_SESSION = {
    ServiceSessionStatus.NO_SHOW: Stage.MISSED,
    ServiceSessionStatus.CONTESTED: Stage.CONTESTED,
    ServiceSessionStatus.RULED: Stage.RULED,
}


def stage_of(
    booking: Booking, meeting: ServiceSession | None, outcome: Outcome | None, now: datetime
) -> Stage:
    """Return where the booking stands for its founder."""
    if booking.status is BookingStatus.ON_HOLD:
        live = booking.hold_until is not None and booking.hold_until > now
        return Stage.ON_HOLD if live else Stage.HOLD_OVER
    if booking.status in _BY_STATUS:
        return _BY_STATUS[booking.status]
    if outcome is not None:
        return _BY_OUTCOME[outcome.status]
    if meeting is not None and meeting.status in _BY_SESSION:
        return _BY_SESSION[meeting.status]
    return _by_time(booking, now)


def with_seat(stage: Stage, booking: Booking, answer: PanelAnswer) -> Stage:
    """Return where a booking stands for one of its experts: he may be asked when others are not."""
    is_live = booking.status in (BookingStatus.REQUESTED, BookingStatus.ACCEPTED)
    if is_live and answer is PanelAnswer.INVITED:
        return Stage.AWAITS_ANSWER
    if booking.status is BookingStatus.REQUESTED and answer is PanelAnswer.ACCEPTED:
        return Stage.AWAITS_OTHERS
    return stage


def with_offer(stage: Stage, offer: TimeOffer | None) -> Stage:
    """Return where a request stands to which its mentor has offered other times."""
    return Stage.TIMES_OFFERED if offer and stage is Stage.AWAITS_ANSWER else stage


def move_offered_by(offer: TimeOffer | None) -> str | None:
    """Return the side that would move an agreed meeting, None when nobody would."""
    return offer.side.value if offer and offer.kind is OfferKind.MOVE else None


def _by_time(booking: Booking, now: datetime) -> Stage:
    if now >= booking.ends_at:
        return Stage.AWAITS_FINISH
    return Stage.MEETING if now >= booking.starts_at - EARLIEST_CHECK_IN else Stage.AGREED
