"""Disputes 争议: which rulings 裁定 there are, and who may rule."""

from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.service_record import Ruling

LONGEST_TEXT = 4000
_NOT_DELIVERED = frozenset(
    {
        Ruling.NO_SHOW_FOUNDER,
        Ruling.NO_SHOW_MENTOR,
        Ruling.NO_SHOW_BOTH,
        Ruling.TECH_FAILURE,
    }
)
ON_OUTCOME = _NOT_DELIVERED | {Ruling.DELIVERED}
ON_NO_SHOW = ON_OUTCOME | {Ruling.EXCUSED}
# On one expert of a panel that was held: he was missing, was excused, or was there after all.
ON_ABSENCE = frozenset({Ruling.NO_SHOW_MENTOR, Ruling.EXCUSED, Ruling.DELIVERED})


class AlreadyRuledError(ConflictError):
    """Somebody has ruled on the dispute in the meantime."""

    default_code = "dispute.already_ruled"


class RulerError(RuleError):
    """Who had a hand in the booking, the meeting or its record cannot rule on it."""

    default_code = "dispute.ruler_handled_it"


def ensure_absence_ruling(ruling: Ruling, *, has_times: bool) -> None:
    """Refuse a ruling that does not fit one expert's absence; the meeting keeps its times.

    Raises:
        InvalidInputError: at field `ruling` or `actual_start`.
    """
    if ruling not in ON_ABSENCE:
        raise InvalidInputError.at("ruling", "dispute.ruling_unfit")
    if has_times:
        raise InvalidInputError.at("actual_start", "dispute.times_unfit")


def ensure_ruling(ruling: Ruling, *, is_no_show: bool, has_times: bool) -> None:
    """Refuse a ruling that does not fit the dispute.

    A no-show ruled delivered needs the times at which the service was; nothing else has any.

    Raises:
        InvalidInputError: at field `ruling` or `actual_start`.
    """
    if ruling not in (ON_NO_SHOW if is_no_show else ON_OUTCOME):
        raise InvalidInputError.at("ruling", "dispute.ruling_unfit")
    needs_times = is_no_show and ruling is Ruling.DELIVERED
    if needs_times and not has_times:
        raise InvalidInputError.at("actual_start", "dispute.times_needed")
    if has_times and not needs_times:
        raise InvalidInputError.at("actual_start", "dispute.times_unfit")
