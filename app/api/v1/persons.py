"""Persons without an account, as a desk finds and registers them; telephones stay masked."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, OneOf, Text, Whole
from app.domain.actor import Permission
from app.domain.consent import LONGEST_PLACE, ConsentKind, PaperConsent
from app.domain.person import EARLIEST_BIRTH_YEAR, LONGEST_DOCUMENT, LONGEST_NAME, GroupProof
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.person_search import LONGEST_WORDS, FoundPerson, find_persons
from app.queries.service_desk import DeskPerson, desk_person
from app.services import desk_entries, persons
from app.services.persons import Registration, WalkIn
from app.unit_of_work import UnitOfWork

LONGEST_PHONE = 40
LONGEST_CODE = 40
LATEST_BIRTH_YEAR = 2100
MOST_OTHERS = 50
Word = Annotated[str, Text(LONGEST_CODE)]


@dataclass(frozen=True, slots=True)
class ConsentBody:
    """A sheet that was signed: how, when, and where it is kept."""

    kind: Annotated[ConsentKind, OneOf.members(ConsentKind)]
    given_on: date
    filed_at: Annotated[str, Text(LONGEST_PLACE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBody:
    """Somebody who has come to a desk. No identity number is taken."""

    name: Annotated[str, Text(LONGEST_NAME)]
    phone: Annotated[str | None, Text(LONGEST_PHONE)] = None
    birth_year: Annotated[int | None, Whole(EARLIEST_BIRTH_YEAR, LATEST_BIRTH_YEAR)] = None
    street: Word | None = None
    document: Annotated[
        str | None, Text(LONGEST_DOCUMENT), Named(says="The kind of document a clerk has seen.")
    ] = None
    venture: Annotated[str | None, Text(LONGEST_NAME)] = None
    consent: ConsentBody
    group: Word | None = None
    group_consent: Annotated[
        ConsentBody | None, Named(says="The sheet of its own that a sensitive group needs.")
    ] = None
    group_seen: bool = False
    others: Annotated[
        tuple[UUID, ...],
        Count(0, MOST_OTHERS),
        Named(says="Persons much alike who were looked at and are others."),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofBody:
    """The group, and the kind of paper that an officer has seen of it."""

    code: Word
    proof: GroupProof


@dataclass(frozen=True, slots=True, kw_only=True)
class FindQuery:
    """The last four digits of a telephone, a whole number, or a part of a name."""

    q: Annotated[str, Text(LONGEST_WORDS)]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Those found; with more of them than are shown the words were too few."""

    items: tuple[FoundPerson, ...]
    has_more: bool
    next: UUID | None = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/persons")(list_persons)
    blueprint.post("/persons")(register_person)
    blueprint.get("/persons/<uuid:person_id>")(read_person)
    blueprint.post("/persons/<uuid:person_id>/consents")(take_consent)
    blueprint.post("/persons/<uuid:person_id>/groups/verify")(verify_group)
    blueprint.post("/persons/<uuid:person_id>/consents/withdraw")(withdraw_consent)


@operation(Permission.ENTER_ON_PAPER, answer=PersonPage)
def list_persons(query: FindQuery) -> Any:
    """Find persons within reach, masked."""
    with reading() as reader:
        found = find_persons(reader, query.q)
    return jsonable(PersonPage(found.persons, found.has_more))


@operation(Permission.ENTER_ON_PAPER, answer=DeskPerson, status=201)
def register_person(body: PersonBody) -> Any:
    """Register a walk-in with his consent on paper.

    409 `person.likely_double` names those much alike in `persons`; send them as `others` once
    somebody has looked at them.
    """
    given = Registration(
        walk_in=WalkIn(
            name=body.name,
            phone=body.phone,
            street=body.street,
            document=body.document,
            birth_year=body.birth_year,
        ),
        consent=_paper(body.consent),
        venture=body.venture,
        group=body.group,
        group_consent=_paper(body.group_consent) if body.group_consent else None,
        group_seen=body.group_seen,
        others=frozenset(body.others),
    )
    person_id = UUID(run(_register, given, answer=str))
    with reading() as reader:
        return jsonable(desk_person(reader, person_id))


@operation(Permission.ENTER_ON_PAPER, answer=DeskPerson, logged=True)
def read_person(person_id: UUID) -> Any:
    """Read one person as the desk sees him."""
    with reading() as reader:
        return jsonable(desk_person(reader, person_id))


@operation(Permission.ENTER_ON_PAPER, answer=DeskPerson)
def take_consent(person_id: UUID, body: ConsentBody) -> Any:
    """Keep the sheet of its own that a sensitive group of the person needs."""
    run(persons.take_group_consent, person_id, _paper(body))
    with reading() as reader:
        return jsonable(desk_person(reader, person_id))


@operation(Permission.ENTER_ON_PAPER, answer=DeskPerson)
def withdraw_consent(person_id: UUID, body: ConsentBody) -> Any:
    """Take back, on a signed sheet, what was consented to for a sensitive group.

    The group is erased from the profile at once. Months that are closed stay as reported; in open
    ones the person is counted without it. 409 `consent.nothing_to_withdraw` when none is kept.
    """
    run(persons.withdraw_group_consent_on_paper, person_id, _paper(body))
    with reading() as reader:
        return jsonable(desk_person(reader, person_id))


@operation(Permission.VERIFY_GROUP, answer=DeskPerson)
def verify_group(person_id: UUID, body: ProofBody) -> Any:
    """Verify a group the person has named; he is counted by it from now on.

    A sensitive group needs a sheet of its own. One that is verified already stays as it is.
    """
    run(persons.verify_group, person_id, body.code, body.proof)
    with reading() as reader:
        return jsonable(desk_person(reader, person_id))


def _register(uow: UnitOfWork, given: Registration) -> UUID:
    return desk_entries.register_person(uow, given).id


def _paper(body: ConsentBody) -> PaperConsent:
    return PaperConsent(kind=body.kind, given_on=body.given_on, filed_at=body.filed_at)
