"""The door: who comes signs in by code, or is signed in by its keeper; others are counted."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from app.domain.activity import (
    DOOR_OPENS_BEFORE,
    ActivityStatus,
    DoorNotOpenError,
    RegistrationStatus,
    SpeakerError,
    ensure_code,
    ensure_door_open,
    ensure_open,
    new_code,
    phone_key,
)
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.person import ensure_person
from app.domain.service_session import Evidence
from app.models.activity import Activity, Registration
from app.models.person import IdentityLevel, Person
from app.services import persons
from app.services.activities import fronts, waiting
from app.services.activities.seats import find, oneself
from app.services.persons import WalkIn
from app.unit_of_work import UnitOfWork

_CHINA = ("", "86", "+86", "0086")


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody at the door without an account, by the name and number that he types."""

    name: str
    phone: str


def sign_in(uow: UnitOfWork, activity_id: UUID, code: str, listener: Listener) -> Registration:
    """Sign in whoever types the code at the door; the same number twice is one listener.

    Everybody gets the same answer, whether the number is known or not, and nothing of a person
    who is known is changed: what is typed at a door proves that somebody is there, no more.

    Raises:
        InvalidInputError: naming each field at fault.
        OverError, DoorNotOpenError, DoorClosedError: the door is not open.
    """
    # Behind the activity's row: two presses of one number are never two persons.
    activity = uow.load(Activity, activity_id, lock=True)
    ensure_door_open(activity.status, activity.starts_at, activity.ends_at, uow.now)
    ensure_code(code, activity.door_code)
    if not listener.phone.strip():
        raise InvalidInputError.at("phone", "input.required")
    ensure_person(listener.name, listener.phone.strip(), None, uow.today.year)
    with uow.beyond_scope("who signs in at the door may be known"):
        person = _of_number(uow, activity, listener) or _new(uow, listener)
        return _enter(uow, activity, person, Evidence.CODE, IdentityLevel.PHONE)


def check_in(uow: UnitOfWork, activity_id: UUID, code: str) -> Registration:
    """Sign the actor in by the code at the door, with a seat or without.

    Raises:
        InvalidInputError: at field `code`.
        OverError, DoorNotOpenError, DoorClosedError: the door is not open.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.JOIN_ACTIVITY)
    ensure_door_open(activity.status, activity.starts_at, activity.ends_at, uow.now)
    ensure_code(code, activity.door_code)
    person = oneself(uow)
    return _enter(uow, activity, person, Evidence.CODE, IdentityLevel.PHONE)


def check_in_signed(uow: UnitOfWork, activity_id: UUID, person: UUID | WalkIn) -> Registration:
    """Sign in who signed the sheet, on behalf of the keeper of the door, until the list is closed.

    A number that is only told identifies nobody; a document that was seen does.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_open(activity.status)
    opens_at = activity.starts_at - DOOR_OPENS_BEFORE
    if uow.now < opens_at:
        raise DoorNotOpenError(from_at=opens_at)
    if isinstance(person, WalkIn):
        known = persons.register(uow, person)
    else:
        known = uow.load(Person, person)
    return _enter(uow, activity, known, Evidence.SIGNATURE, IdentityLevel.NONE)


def count_heads(uow: UnitOfWork, activity_id: UUID, by: int) -> Activity:
    """Count people who sign in nowhere, one more or one less; they are shown apart.

    Raises:
        OverError: the activity was cancelled or its list is closed.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_open(activity.status)
    heads = max(0, activity.anonymous_heads + by)
    uow.session.execute(
        update(Activity)
        .where(Activity.id == activity.id, Activity.status == ActivityStatus.OPEN)
        .values(anonymous_heads=heads)
        .execution_options(synchronize_session=False)
    )
    uow.audit("activity.heads_counted", activity, heads=heads)
    uow.session.refresh(activity)
    return activity


def renew_code(uow: UnitOfWork, activity_id: UUID) -> Activity:
    """Put another code up; the one before is worth nothing from now on."""
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_open(activity.status)
    activity.door_code = new_code()
    uow.audit("activity.code_renewed", activity)
    return activity


def _enter(
    uow: UnitOfWork, activity: Activity, person: Person, evidence: Evidence, least: IdentityLevel
) -> Registration:
    if person.id in {expert.person_id for expert in fronts.experts_of(uow, activity.id)}:
        raise SpeakerError
    registration = find(uow, activity.id, person.id)
    if registration is None:
        registration = uow.add(
            Registration(
                activity_id=activity.id,
                person_id=person.id,
                status=RegistrationStatus.WALKED_IN,
                joined_at=uow.now,
                identity_level=person.identity_level,
            )
        )
    if registration.checked_in_at is not None:
        return registration
    if registration.status is RegistrationStatus.LEFT:
        registration.status = RegistrationStatus.WALKED_IN
    waiting.end_of_who_came(uow, activity, person.id)
    registration.checked_in_at, registration.evidence = uow.now, evidence
    known = person.identity_level
    registration.identity_level = known if known is not IdentityLevel.NONE else least
    uow.flush()
    uow.audit(
        "registration.checked_in",
        registration,
        activity=activity.id,
        person=person.id,
        evidence=evidence.value,
        level=registration.identity_level.value,
    )
    return registration


def _of_number(uow: UnitOfWork, activity: Activity, listener: Listener) -> Person | None:
    """Return whom the number belongs to: who is here by it already, or who bears the name."""
    known = uow.all(select(Person).where(_has_number(listener.phone)).order_by(Person.id))
    if not known:
        return None
    here = set(
        uow.all(
            select(Registration.person_id).where(
                Registration.activity_id == activity.id,
                Registration.person_id.in_([person.id for person in known]),
                Registration.checked_in_at.is_not(None),
            )
        )
    )
    name = listener.name.strip()
    return min(known, key=lambda person: (person.id not in here, person.name != name))


def _has_number(phone: str) -> ColumnElement[bool]:
    bare = func.replace(func.replace(Person.phone, " ", ""), "-", "")
    return bare.in_([prefix + phone_key(phone) for prefix in _CHINA])


def _new(uow: UnitOfWork, listener: Listener) -> Person:
    person = uow.add(
        Person(
            name=listener.name.strip(),
            phone=phone_key(listener.phone),
            identity_level=IdentityLevel.NONE,
            created_at=uow.now,
        )
    )
    uow.audit("person.registered", person, document=None, level=person.identity_level)
    uow.flush()
    return person
