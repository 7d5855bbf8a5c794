"""A walk-in registered with his consent on paper, after those much alike were looked at."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.consent import PaperConsent, Purpose, ensure_consents, ensure_sheet
from app.domain.errors import InvalidInputError
from app.domain.person import NothingToConsentError, Traits, ensure_new
from app.models.consent import Consent
from app.models.person import FounderGroup, Person
from app.models.vocabulary import Term
from app.queries.person_search import likely_doubles
from app.services.persons.registering import WalkIn, register
from app.services.persons.withdrawing import standing_sheets
from app.services.ventures import VentureInput
from app.services.ventures import register as register_venture
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A walk-in and what he signed.

    Attributes:
        venture: the name of what he runs or plans, if he says so.
        group: the founder group he belongs to, if he says so.
        group_seen: a clerk has seen the paper that shows it.
        others: persons much alike of whom the clerk says that they are others.
    """

    walk_in: WalkIn
    consent: PaperConsent
    venture: str | None = None
    group: str | None = None
    group_consent: PaperConsent | None = None
    group_seen: bool = False
    others: frozenset[UUID] = frozenset()

    @property
    def traits(self) -> Traits:
        """What tells the person from others."""
        walk_in = self.walk_in
        ventures = frozenset(filter(None, [self.venture]))
        return Traits(
            name=walk_in.name,
            phone=walk_in.phone,
            birth_year=walk_in.birth_year,
            ventures=ventures,
        )


def register_with_consent(uow: UnitOfWork, given: Registration) -> Person:
    """Keep a walk-in, his consents and what he says of himself.

    Raises:
        LikelyDoubleError: somebody within reach looks like him and was not looked at.
        InvalidInputError: naming each field, also where a sensitive group lacks its own consent.
    """
    uow.require(Permission.ENTER_ON_PAPER)
    is_sensitive = _is_sensitive(uow, given.group)
    ensure_consents(given.consent, given.group_consent, uow.today, is_sensitive=is_sensitive)
    known = likely_doubles(uow, given.traits)
    ensure_new([each.id for each in known], given.others)
    person = register(uow, given.walk_in)
    if given.venture:
        placed = VentureInput(name=given.venture, street=person.street)
        register_venture(uow, placed, person.id)
    _consent(uow, person, Purpose.SERVICE, given.consent)
    if given.group:
        _join(uow, person, given.group, is_seen=given.group_seen)
    if given.group_consent:
        _consent(uow, person, Purpose.SENSITIVE_GROUP, given.group_consent)
    uow.flush()
    return person


def take_group_consent(uow: UnitOfWork, person_id: UUID, given: PaperConsent) -> Consent:
    """Keep the sheet of its own that a sensitive group told without one needs.

    Raises:
        InvalidInputError: naming each field at fault.
        NothingToConsentError: no such group waits for a sheet.
    """
    person = uow.load(Person, person_id, lock=True)
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_sheet(given, uow.today)
    codes = uow.all(select(FounderGroup.code).where(FounderGroup.person_id == person.id))
    if uow.all(standing_sheets([person.id])) or not any(_is_sensitive(uow, code) for code in codes):
        raise NothingToConsentError
    return _consent(uow, person, Purpose.SENSITIVE_GROUP, given)


def _is_sensitive(uow: UnitOfWork, group: str | None) -> bool:
    if group is None:
        return False
    known = select(Term).where(
        Term.vocabulary == "founder_group", Term.code == group, Term.is_retired.is_(False)
    )
    term = uow.one(known)
    if term is None:
        raise InvalidInputError.at("group", "input.unknown_code")
    return bool(term.attributes["sensitive"] == "yes")


def _join(uow: UnitOfWork, person: Person, group: str, *, is_seen: bool) -> None:
    uow.add(
        FounderGroup(
            person_id=person.id,
            code=group,
            verified_by_id=uow.actor.account_id if is_seen else None,
            verified_at=uow.now if is_seen else None,
        )
    )


def _consent(uow: UnitOfWork, person: Person, purpose: Purpose, given: PaperConsent) -> Consent:
    row = uow.add(
        Consent(
            person_id=person.id,
            purpose=purpose,
            kind=given.kind,
            given_on=given.given_on,
            filed_at=given.filed_at.strip(),
            taken_by_id=uow.actor.account_id,
            created_at=uow.now,
        )
    )
    uow.audit("consent.taken", row)
    return row
