"""A venture has registered 登记: an officer has seen the document; meetings are decided anew."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.prose import ensure
from app.domain.venture import EntityType, ensure_registration, parse_credit_code
from app.models.person import Venture, VentureMember
from app.models.service_session import ServiceSession
from app.models.venture_registration import VentureRegistration
from app.queries.service_counts.ventures import meetings_of
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

LONGEST_DOCUMENT = 200


@dataclass(frozen=True, slots=True)
class Registered:
    """What the document of the register shows, and which document it is."""

    entity_type: EntityType
    credit_code: str
    registered_on: date
    document: str


def note(
    uow: UnitOfWork, venture_id: UUID, shown: Registered, *, version: int | None = None
) -> VentureRegistration:
    """Keep that a venture is registered, since its legal day, whenever that becomes known.

    What was held for it and its people is decided anew; where a month is closed, its figures
    stay as reported and the change is posted. The same said again keeps nothing; another day or
    code is kept beside what was known before, and holds from now on.

    Args:
        uow: the transaction.
        venture_id: the venture; it keeps its id.
        shown: what the document shows.
        version: of the venture, as the officer saw it.

    Raises:
        InvalidInputError: naming each field; also when the code belongs to another venture.
        StaleVersionError: the venture has changed since.
    """
    venture = uow.load(Venture, venture_id, lock=True)
    uow.require(Permission.NOTE_REGISTRATION)
    code = parse_credit_code(shown.credit_code)
    if shown.entity_type is EntityType.TEAM:
        raise InvalidInputError.at("entity_type", "venture.team_unregistered")
    ensure_registration(shown.entity_type, code, shown.registered_on, uow.today)
    document = ensure("document", shown.document, LONGEST_DOCUMENT)
    form = shown.entity_type.value
    known = newest(uow, venture.id)
    said = (form, code, shown.registered_on, document)
    if known is not None and said == _said(known):
        return known
    ensure_version(venture, version)
    venture.entity_type, venture.credit_code = form, code
    venture.registered_on = shown.registered_on
    uow.flush()
    row = uow.add(
        VentureRegistration(
            venture_id=venture.id,
            entity_type=form,
            credit_code=code,
            registered_on=shown.registered_on,
            document=document,
            noted_by_id=uow.actor.account_id,
            noted_at=uow.now,
        )
    )
    uow.audit("venture.registration_noted", row)
    uow.flush()
    _decide_anew(uow, venture.id)
    return row


def newest(uow: UnitOfWork, venture_id: UUID) -> VentureRegistration | None:
    """Return what was noted last of the venture, None where nothing was."""
    rows = uow.all(
        select(VentureRegistration)
        .where(VentureRegistration.venture_id == venture_id)
        .order_by(VentureRegistration.noted_at.desc(), VentureRegistration.id.desc())
        .limit(1)
    )
    return next(iter(rows), None)


def _said(row: VentureRegistration) -> tuple[str, str, date, str]:
    return row.entity_type, row.credit_code, row.registered_on, row.document


def _decide_anew(uow: UnitOfWork, venture_id: UUID) -> None:
    # A code may also tie an expert to the side of everybody who belongs to the venture.
    with uow.beyond_scope("meetings of a venture that has registered"):
        people = select(VentureMember.person_id).where(VentureMember.venture_id == venture_id)
        held = uow.all(
            select(ServiceSession.id).where(ServiceSession.founder_person_id.in_(people))
        )
        touched = meetings_of(uow, [venture_id]).union(held)
        service_records.count_all(uow, touched, cause="venture.registration_noted")
