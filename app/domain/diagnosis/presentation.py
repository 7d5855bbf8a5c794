"""Presentation 汇报 of a signed report, and the founder's own word that he understood it."""

from datetime import datetime, timedelta

from app.domain.errors import FieldError, InvalidInputError
from app.domain.prose import ensure, faults

LONGEST_AUDIENCE = 300
LONGEST_OBJECTION = 1000
FURTHEST_AHEAD = timedelta(days=180)
_MINUTE = timedelta(minutes=1)


def ensure_presentation(
    presented_at: datetime, audience: str, signed_at: datetime, now: datetime
) -> str:
    """Return to whom it is presented; a day ahead is an appointment for it.

    Args:
        presented_at: when.
        audience: to whom.
        signed_at: when the report was complete.
        now: the present.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    wrong = faults("audience", audience, LONGEST_AUDIENCE)
    # Times are told to the minute.
    if presented_at <= signed_at - _MINUTE:
        wrong.append(FieldError("presented_at", "diagnosis.presented_before_signed"))
    if presented_at > now + FURTHEST_AHEAD:
        wrong.append(FieldError("presented_at", "diagnosis.too_far_ahead"))
    if wrong:
        raise InvalidInputError(errors=wrong)
    return audience.strip()


def ensure_word(objection: str, *, understood: bool) -> str | None:
    """Return the objection as it is kept, None where the report was understood.

    Raises:
        InvalidInputError: an objection without words.
    """
    if understood:
        return None
    return ensure("objection", objection, LONGEST_OBJECTION)
