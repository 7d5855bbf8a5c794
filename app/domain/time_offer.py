"""Other times 改期提议 that one side of a booking puts before the other, who takes one or none."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from app.domain.booking import BookingStatus, IllegalTransitionError, Side
from app.domain.errors import ConflictError, InvalidInputError, RuleError

MOST_TIMES = 3
LONGEST_NOTE = 200


class OfferKind(StrEnum):
    """A mentor's answer to a request, or a wish to move what is agreed."""

    COUNTER = "counter"
    MOVE = "move"


class OfferStatus(StrEnum):
    """States of an offer; the times of an open one claim nothing."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class NoOfferError(ConflictError):
    """No times are offered: they were answered, taken back, or it is too late."""

    default_code = "time_offer.over"


class OfferStandsError(ConflictError):
    """The other side has offered times, which are answered first."""

    default_code = "time_offer.stands"


class NotOfferedError(RuleError):
    """The time is none of those that were offered."""

    default_code = "time_offer.not_offered"


class OwnOfferError(RuleError):
    """Who offered the times does not take them."""

    default_code = "time_offer.own"


class PanelOfferError(RuleError):
    """A meeting of several experts is moved by the bureau, which sees all their times."""

    default_code = "time_offer.panel"


_KINDS = {BookingStatus.REQUESTED: OfferKind.COUNTER, BookingStatus.ACCEPTED: OfferKind.MOVE}


def kind_for(status: BookingStatus, side: Side) -> OfferKind:
    """Return what offering other times means for a booking in this state.

    Raises:
        IllegalTransitionError: the state allows none; a founder moves his request himself.
    """
    kind = _KINDS.get(status)
    if kind is None or (kind is OfferKind.COUNTER and side is Side.FOUNDER):
        raise IllegalTransitionError(status=status.value, event="offer_times")
    return kind


def ensure_times(times: Sequence[datetime], present: datetime) -> tuple[datetime, ...]:
    """Return one to three different times in order, none of which is the present one.

    Raises:
        InvalidInputError: at field `times`.
    """
    if not times:
        raise InvalidInputError.at("times", "input.not_chosen")
    if len(times) > MOST_TIMES:
        raise InvalidInputError.at("times", "time_offer.too_many", most=MOST_TIMES)
    if len(set(times)) < len(times) or present in times:
        raise InvalidInputError.at("times", "time_offer.not_other_times")
    return tuple(sorted(times))
