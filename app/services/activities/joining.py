"""A seat for who wants to listen: taken, given back; what is given back reaches the line first."""

from uuid import UUID

from app.domain.activity import NotRegisteredError, RegistrationStatus, ensure_joinable
from app.domain.actor import Permission
from app.models.activity import Activity, Registration
from app.services.activities import waiting
from app.services.activities.seats import (
    find,
    give_seat,
    has_seat,
    listener,
    oneself,
    seat,
    take_seat,
)
from app.unit_of_work import UnitOfWork


def join(uow: UnitOfWork, activity_id: UUID) -> Registration:
    """Take a seat for the actor, or the one that is kept for him; who has one keeps it.

    Raises:
        OverError, JoiningOverError: it was called off, or has begun.
        SpeakerError: the actor speaks there.
        FullError: all seats are taken.
        NothingOfferedError: he stands in line, and nothing is kept for him now.
    """
    activity = uow.load(Activity, activity_id)
    uow.require(Permission.JOIN_ACTIVITY)
    person = listener(uow, activity)
    ensure_joinable(activity.status, activity.starts_at, uow.now)
    registration = find(uow, activity.id, person.id)
    if registration is not None and has_seat(registration):
        return registration
    if not waiting.take_kept(uow, activity.id, person.id):
        take_seat(uow, activity.id)
    return seat(uow, activity, person, registration)


def leave(uow: UnitOfWork, activity_id: UUID) -> Registration:
    """Give the actor's seat back; the next in line has it before anybody else.

    Raises:
        NotRegisteredError: he has none.
        OverError, JoiningOverError: it was called off, or has begun.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.JOIN_ACTIVITY)
    registration = find(uow, activity.id, oneself(uow).id)
    if registration is None or registration.status is not RegistrationStatus.JOINED:
        raise NotRegisteredError
    ensure_joinable(activity.status, activity.starts_at, uow.now)
    registration.status, registration.left_at = RegistrationStatus.LEFT, uow.now
    uow.audit("registration.left", registration, activity=activity.id)
    give_seat(uow, activity.id)
    waiting.offer_freed(uow, activity)
    return registration
