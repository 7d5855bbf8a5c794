"""Ventures: registered with the service, and tied to the people who stand behind them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError
from app.domain.venture import EntityType, ensure_registration, parse_credit_code
from app.domain.vocabulary import is_plain
from app.models.person import Person, Venture, VentureMember
from app.queries.service_counts.ventures import meetings_of
from app.services import service_records
from app.unit_of_work import UnitOfWork

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class VentureInput:
    """A venture as somebody describes it; codes are those of the vocabularies."""

    name: str
    entity_type: EntityType = EntityType.TEAM
    credit_code: str | None = None
    registered_on: date | None = None
    industry: str | None = None
    area: str | None = None
    street: str | None = None


def register(uow: UnitOfWork, given: VentureInput, contact_id: UUID) -> Venture:
    """Keep a new venture with its contact.

    Raises:
        InvalidInputError: naming each field; also when the code belongs to another venture.
    """
    uow.require(Permission.SUBMIT_NEED)
    name = checked_name(given.name)
    code = parse_credit_code(given.credit_code) if given.credit_code else None
    ensure_registration(given.entity_type, code, given.registered_on, uow.today)
    venture = uow.add(
        Venture(
            name=name,
            credit_code=code,
            registered_on=given.registered_on,
            entity_type=given.entity_type.value,
            industry=given.industry,
            area=given.area,
            street=given.street,
            created_at=uow.now,
        )
    )
    uow.flush()
    shown = {"entity_type": given.entity_type, "registered_on": given.registered_on}
    uow.audit("venture.registered", venture, credit_code=code, **shown)
    uow.add(VentureMember(venture_id=venture.id, person_id=contact_id, is_contact=True))
    uow.flush()
    return venture


def link(
    uow: UnitOfWork, venture_id: UUID, person_id: UUID, *, is_contact: bool = False
) -> VentureMember:
    """Make a person a member of a venture, or its contact."""
    venture = uow.load(Venture, venture_id)
    person = uow.load(Person, person_id)
    uow.require(Permission.ENTER_ON_PAPER)
    member = uow.one(
        select(VentureMember).where(
            VentureMember.venture_id == venture.id, VentureMember.person_id == person.id
        )
    )
    if member is None:
        member = uow.add(VentureMember(venture_id=venture.id, person_id=person.id))
    member.is_contact = is_contact
    uow.audit("venture.linked", venture, person=person.id, is_contact=is_contact)
    uow.flush()
    _recount(uow, venture.id)
    return member


def _recount(uow: UnitOfWork, venture_id: UUID) -> None:
    # A tie to the new member forbids what was held with the venture (scenario 5).
    with uow.beyond_scope("meetings of a venture whose people have changed"):
        held = meetings_of(uow, [venture_id])
        service_records.count_all(uow, held, cause="venture.linked")


def checked_name(name: str) -> str:
    """Return a venture's name on one line.

    Raises:
        InvalidInputError: at field `venture`, it is empty, too long or cannot be shown.
    """
    shown = " ".join(name.split())
    if not shown:
        raise InvalidInputError.at("venture", "input.required")
    if len(shown) > LONGEST_NAME:
        facts = {"longest": LONGEST_NAME, "length": len(shown)}
        raise InvalidInputError(errors=[FieldError("venture", "input.too_long", facts)])
    if not is_plain(shown):
        raise InvalidInputError.at("venture", "input.control_character")
    return shown
