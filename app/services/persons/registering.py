"""Somebody kept without an account, and identified by a document a clerk has seen."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.person import LONGEST_DOCUMENT, ensure_person
from app.models.person import IdentityLevel, Person
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
    birth_year: int | None = None


def register(uow: UnitOfWork, walk_in: WalkIn) -> Person:
    """Keep a person who has no account; a document seen identifies him, a number told does not.

    A clerk of a sub-district registers for his own.
    """
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_person(walk_in.name, walk_in.phone, walk_in.birth_year, uow.today.year)
    document = _document(walk_in.document)
    person = uow.add(
        Person(
            name=walk_in.name.strip(),
            phone=walk_in.phone,
            identity_level=IdentityLevel.DOCUMENT if document else IdentityLevel.NONE,
            street=uow.actor.street or walk_in.street,
            birth_year=walk_in.birth_year,
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
    recount(uow, [person.id], "person.identified")
    return person


def _document(kind: str | None) -> str | None:
    return None if kind is None else prose.ensure("document", kind, LONGEST_DOCUMENT)


def recount(uow: UnitOfWork, person_ids: Collection[UUID], cause: str) -> None:
    """Decide anew everything the persons attended."""
    uow.flush()
    with uow.beyond_scope("every meeting the person attended"):
        attended = uow.all(
            select(Attendance.service_session_id).where(Attendance.person_id.in_(person_ids))
        )
    if attended:
        service_records.count_all(uow, frozenset(attended), cause=cause)
