"""A tie declared during a meeting 中途回避: when one may leave, and what is left."""

from datetime import datetime

from app.domain.errors import ConflictError, InvalidInputError
from app.domain.service_session import EARLIEST_CHECK_IN, TooEarlyError


class AsideAlreadyError(ConflictError):
    """He has declared a tie and left already; `left_at` says when."""

    default_code = "attendance.stood_aside_already"


def ensure_leaving(left_at: datetime, planned_at: datetime, now: datetime) -> None:
    """Refuse to have an expert leave a meeting that has not begun, or at a time to come.

    Raises:
        TooEarlyError: with the first instant at which a meeting may begin.
        InvalidInputError: at field `left_at`.
    """
    begins_at = planned_at - EARLIEST_CHECK_IN
    if now < begins_at:
        raise TooEarlyError(from_at=begins_at)
    if left_at < begins_at:
        raise InvalidInputError.at("left_at", "service_session.outside_meeting")
    if left_at > now:
        raise InvalidInputError.at("left_at", "attendance.left_in_future")


def own_times(
    span: tuple[datetime, datetime], aside_at: datetime | None
) -> tuple[datetime, datetime] | None:
    """Return when an expert was there of the times said of him, None when he left before them.

    Args:
        span: when he is said to have come and gone.
        aside_at: when he declared a tie and left.
    """
    if aside_at is None:
        return span
    in_at, out_at = span
    return (in_at, min(out_at, aside_at)) if in_at < aside_at else None
