"""Seats: taken and given back by one conditional statement, so that none is sold twice."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from app.domain.activity import ActivityStatus, FullError, RegistrationStatus, SpeakerError
from app.domain.actor import Permission
from app.domain.errors import ForbiddenError
from app.models.activity import Activity, Registration
from app.models.person import Person
from app.services.activities import fronts
from app.unit_of_work import UnitOfWork


def seat(
    uow: UnitOfWork, activity: Activity, person: Person, registration: Registration | None
) -> Registration:
    """Write down whose seat it is that was taken, and tell him."""
    if registration is None:
        registration = uow.add(
            Registration(
                activity_id=activity.id,
                person_id=person.id,
                identity_level=person.identity_level,
            )
        )
    registration.status = RegistrationStatus.JOINED
    registration.joined_at, registration.left_at = uow.now, None
    uow.flush()
    uow.audit("registration.joined", registration, activity=activity.id)
    uow.tell("registration.joined", registration)
    return registration


def take_seat(uow: UnitOfWork, activity_id: UUID) -> None:
    """Count one more seat as taken, if there is one.

    Two who want the last seat meet at the row: the second sees the first's seat gone.

    Raises:
        FullError: there is none.
    """
    if not _count(uow, activity_id, 1, Activity.seat_taken < Activity.seat_total):
        raise FullError


def give_seat(uow: UnitOfWork, activity_id: UUID) -> None:
    """Count one seat less as taken."""
    _count(uow, activity_id, -1, Activity.seat_taken > 0)


def listener(uow: UnitOfWork, activity: Activity) -> Person:
    """Return who acts, as somebody who listens.

    Raises:
        ForbiddenError: the account belongs to nobody who could come.
        SpeakerError: he speaks there.
    """
    person = oneself(uow)
    if person.id in {expert.person_id for expert in fronts.experts_of(uow, activity.id)}:
        raise SpeakerError
    return person


def has_seat(registration: Registration | None) -> bool:
    """Tell whether somebody has a seat, or has come without one."""
    return registration is not None and registration.status is not RegistrationStatus.LEFT


def find(uow: UnitOfWork, activity_id: UUID, person_id: UUID) -> Registration | None:
    """Return the person's registration, locked, None when there is none."""
    return uow.one(
        select(Registration)
        .where(Registration.activity_id == activity_id, Registration.person_id == person_id)
        .with_for_update()
    )


def oneself(uow: UnitOfWork) -> Person:
    """Return the person who acts, an expert too.

    Raises:
        ForbiddenError: the account belongs to nobody who could come.
    """
    if uow.actor.person_id is None:
        raise ForbiddenError(permission=Permission.JOIN_ACTIVITY.value)
    with uow.beyond_scope("who acts is himself"):
        return uow.load(Person, uow.actor.person_id)


def _count(uow: UnitOfWork, activity_id: UUID, by: int, condition: ColumnElement[bool]) -> bool:
    changed = uow.session.scalars(
        update(Activity)
        .where(Activity.id == activity_id, Activity.status == ActivityStatus.OPEN, condition)
        .values(seat_taken=Activity.seat_taken + by)
        .returning(Activity.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None
