"""A sheet of paper and the people on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import Mode
from app.domain.paper_entry import NotOfVentureError, ensure_entry
from app.domain.service_session import Evidence
from app.models.expert import Expert
from app.models.person import Person, Venture, VentureMember
from app.services import persons
from app.services.outcomes import Record
from app.services.persons import WalkIn
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """A service as it stands on the sheet.

    Attributes:
        person: who was served: a person known, or a walk-in to be registered.
        text: what was asked, in the person's words.
        evidence: how those served are known to have been there.
        companions: who came along and signed too.
        record: the expert's record, where the sheet has it.
    """

    person: UUID | WalkIn
    expert_id: UUID
    session_type: str
    topic: str
    text: str
    actual_start: datetime
    actual_end: datetime
    mode: Mode
    break_minutes: int = 0
    place: str = ""
    street: str | None = None
    venture_id: UUID | None = None
    evidence: Evidence = Evidence.SIGNATURE
    companions: frozenset[UUID] = frozenset()
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """Those who met, loaded."""

    expert: Expert
    person: Person
    companions: tuple[Person, ...]
    venture: Venture | None

    @property
    def served(self) -> tuple[Person, ...]:
        """Everybody on the founder's side."""
        return (self.person, *self.companions)


def load_sides(uow: UnitOfWork, entry: PaperEntry) -> Sides:
    """Return those who met; a walk-in is registered.

    Raises:
        NotOfVentureError: the person does not belong to the venture.
        OwnExpertError: the expert is on both sides.
    """
    expert = uow.load(Expert, entry.expert_id)
    person = _person(uow, entry.person)
    companions = tuple(
        uow.load(Person, key) for key in sorted(entry.companions - {person.id}, key=str)
    )
    venture = uow.load(Venture, entry.venture_id) if entry.venture_id else None
    sides = Sides(expert, person, companions, venture)
    ensure_entry(entry.session_type, expert.person_id, [one.id for one in sides.served])
    if venture is not None:
        _ensure_member(uow, venture, person)
    return sides


def _person(uow: UnitOfWork, known: UUID | WalkIn) -> Person:
    if isinstance(known, WalkIn):
        return persons.register(uow, known)
    return uow.load(Person, known)


def _ensure_member(uow: UnitOfWork, venture: Venture, person: Person) -> None:
    with uow.beyond_scope("who belongs to the venture"):
        member = select(VentureMember.id).where(
            VentureMember.venture_id == venture.id, VentureMember.person_id == person.id
        )
        if uow.one(member) is None:
            raise NotOfVentureError
