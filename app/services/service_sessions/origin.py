"""What a meeting that somebody asked for came from; a meeting of an activity has none of it."""

from uuid import UUID

from app.domain.service_session import OfActivityError
from app.models.service_session import ServiceSession


def booking_id_of(session: ServiceSession) -> UUID:
    """Return the key of the booking.

    Raises:
        OfActivityError: the meeting is that of an activity.
    """
    return _asked(session.booking_id)


def need_id_of(session: ServiceSession) -> UUID:
    """Return the key of the need.

    Raises:
        OfActivityError: the meeting is that of an activity.
    """
    return _asked(session.need_id)


def asker_of(session: ServiceSession) -> UUID:
    """Return the key of the person who asked for the meeting.

    Raises:
        OfActivityError: the meeting is that of an activity.
    """
    return _asked(session.founder_person_id)


def _asked(key: UUID | None) -> UUID:
    if key is None:
        raise OfActivityError
    return key
