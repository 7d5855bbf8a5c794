"""Persons without an account: registered at a desk, identified, and found to be one."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.person import (
    LONGEST_DOCUMENT,
    LONGEST_GROUNDS,
    DoubleCheckedError,
    DoubleCheckerError,
    SamePersonsError,
    ensure_person,
)
from app.domain.service_record import canonical
from app.models.person import DoubleStatus, IdentityLevel, Person, PersonAlias, PersonDouble
from app.models.service_session import Attendance
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkIn:
    """Somebody who comes to a desk; `document` is the kind a clerk has seen, if any."""

    name: str
    phone: str | None = None
    street: str | None = None
    document: str | None = None


def register(uow: UnitOfWork, walk_in: WalkIn) -> Person:
    """Keep a person who has no account; a document seen identifies him, a number told does not.

    A clerk of a sub-district registers for his own.
    """
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_person(walk_in.name, walk_in.phone)
    document = _document(walk_in.document)
    person = uow.add(
        Person(
            name=walk_in.name.strip(),
            phone=walk_in.phone,
            identity_level=IdentityLevel.DOCUMENT if document else IdentityLevel.NONE,
            street=uow.actor.street or walk_in.street,
            created_at=uow.now,
        )
    )
    uow.audit("person.registered", person, document=document, level=person.identity_level)
    uow.flush()
    return person


def identify(
    uow: UnitOfWork, person_id: UUID, document: str, *, version: int | None = None
) -> Person:
    """Note that a clerk has seen a document; what the person attended is decided anew."""
    person = uow.load(Person, person_id, lock=True)
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_version(person, version)
    kind = prose.ensure("document", document, LONGEST_DOCUMENT)
    person.identity_level = IdentityLevel.DOCUMENT
    uow.audit("person.identified", person, document=kind, level=person.identity_level)
    _recount(uow, [person.id], "person.identified")
    return person


def propose_double(uow: UnitOfWork, alias_id: UUID, person_id: UUID, grounds: str) -> PersonDouble:
    """Propose that two records are one person; nothing changes before the check.

    Raises:
        SamePersonsError: they count as one already.
    """
    alias, person = uow.load(Person, alias_id), uow.load(Person, person_id)
    uow.require(Permission.MAKE_CORRECTION)
    _ensure_two(uow, alias.id, person.id)
    double = uow.add(
        PersonDouble(
            alias_id=alias.id,
            person_id=person.id,
            grounds=prose.ensure("grounds", grounds, LONGEST_GROUNDS),
            status=DoubleStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("person.double_proposed", double)
    return double


def approve_double(uow: UnitOfWork, double_id: UUID, *, version: int | None = None) -> PersonAlias:
    """Make the two records count as one person, in every month, from now on.

    Raises:
        DoubleCheckerError: who proposed it does not check it.
        DoubleCheckedError: it has been approved or refused.
        SamePersonsError: they have come to count as one since.
    """
    double = _checked(uow, double_id, DoubleStatus.APPROVED, version)
    _ensure_two(uow, double.alias_id, double.person_id)
    alias = uow.add(
        PersonAlias(
            alias_id=double.alias_id,
            person_id=double.person_id,
            made_by_id=double.made_by_id,
            checked_by_id=double.checked_by_id,
            created_at=uow.now,
        )
    )
    uow.audit("person.linked", alias, double)
    _recount(uow, [double.alias_id, double.person_id], "person.linked")
    return alias


def refuse_double(uow: UnitOfWork, double_id: UUID, *, version: int | None = None) -> PersonDouble:
    """Leave the two records apart; the proposal stays in the file."""
    double = _checked(uow, double_id, DoubleStatus.REFUSED, version)
    uow.audit("person.double_refused", double)
    return double


def _document(kind: str | None) -> str | None:
    return None if kind is None else prose.ensure("document", kind, LONGEST_DOCUMENT)


def _checked(
    uow: UnitOfWork, double_id: UUID, status: DoubleStatus, version: int | None
) -> PersonDouble:
    double = uow.load(PersonDouble, double_id, lock=True)
    uow.require(Permission.CHECK_CORRECTION)
    ensure_version(double, version)
    if double.status is not DoubleStatus.PROPOSED:
        raise DoubleCheckedError(status=double.status.value)
    if double.made_by_id == uow.actor.account_id:
        raise DoubleCheckerError
    double.status = status
    double.checked_by_id = uow.actor.account_id
    double.checked_at = uow.now
    return double


def _ensure_two(uow: UnitOfWork, alias_id: UUID, person_id: UUID) -> None:
    aliases = service_records.load_aliases(uow)
    same = canonical(str(alias_id), aliases) == canonical(str(person_id), aliases)
    if same or str(alias_id) in aliases:
        raise SamePersonsError


def _recount(uow: UnitOfWork, person_ids: Collection[UUID], cause: str) -> None:
    """Decide anew everything the persons attended."""
    uow.flush()
    with uow.beyond_scope("every meeting the person attended"):
        attended = uow.all(
            select(Attendance.service_session_id).where(Attendance.person_id.in_(person_ids))
        )
    if attended:
        service_records.count_all(uow, frozenset(attended), cause=cause)
