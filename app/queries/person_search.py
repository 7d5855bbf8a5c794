"""Persons by what is typed at a desk, and those much like somebody about to be registered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from app.domain.person import (
    LAST_DIGITS,
    SHORTEST_PHONE,
    Likeness,
    Traits,
    likenesses,
    phone_digits,
)
from app.domain.privacy import mask_name, mask_phone
from app.domain.vocabulary import fold
from app.models.expert import Expert
from app.models.person import IdentityLevel, Person, Venture, VentureMember
from app.queries.free_times import Look

MOST = 10
SHORTEST_LATIN = 2
LONGEST_WORDS = 80
# Who bears one name within reach; more of them cannot be told apart on a page.
_MOST_ALIKE = 50


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody as a list shows him: masked, with what tells him from others.

    Attributes:
        is_namesake: he bears the very name that was asked for.
        likeness: why he may be the one about to be registered.
    """

    id: UUID
    name: str
    phone: str | None
    birth_year: int | None
    street: str | None
    is_identified: bool
    is_namesake: bool = False
    likeness: tuple[Likeness, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found, and whether there are more than are shown."""

    persons: tuple[FoundPerson, ...] = ()
    has_more: bool = False


def find_persons(look: Look, words: str) -> Found:
    """Return whom the words mean, by the last four digits, a whole number, or a part of the name.

    Only persons within the actor's reach; too few letters find nobody. One statement.
    """
    wanted = _meant(words.strip()[:LONGEST_WORDS])
    if wanted is None:
        return Found()
    rows = look.session.scalars(
        _registered().where(wanted).order_by(Person.name, Person.id).limit(MOST + 1)
    ).all()
    return Found(tuple(shown(row) for row in rows[:MOST]), len(rows) > MOST)


def likely_doubles(look: Look, traits: Traits) -> tuple[FoundPerson, ...]:
    """Return those within reach who look like the same person, with the reasons."""
    alike: list[ColumnElement[bool]] = [
        func.replace(Person.name, " ", "") == "".join(traits.name.split())
    ]
    digits = phone_digits(traits.phone)
    if digits:
        alike.append(_plain_phone().endswith(digits[-LAST_DIGITS:]))
    rows = look.session.scalars(
        _registered().where(or_(*alike)).order_by(Person.id).limit(_MOST_ALIKE)
    ).all()
    ventures = _ventures(look, rows) if traits.ventures else {}
    found = ((row, likenesses(traits, _traits(row, ventures.get(row.id, ())))) for row in rows)
    wanted = fold(traits.name)
    return tuple(
        replace(shown(row), is_namesake=fold(row.name) == wanted, likeness=reasons)
        for row, reasons in found
        if reasons
    )


def traits_of(look: Look, rows: Sequence[Person]) -> Mapping[UUID, Traits]:
    """Return what tells each of the persons from others, in one statement."""
    ventures = _ventures(look, rows)
    return {row.id: _traits(row, ventures.get(row.id, ())) for row in rows}


def shown(row: Person) -> FoundPerson:
    """Return somebody as a list shows him."""
    return FoundPerson(
        id=row.id,
        name=mask_name(row.name),
        phone=mask_phone(row.phone) if row.phone else None,
        birth_year=row.birth_year,
        street=row.street,
        is_identified=row.identity_level is not IdentityLevel.NONE,
    )


def _registered() -> Select[Person]:
    is_expert = exists().where(Expert.person_id == Person.id)
    return select(Person).where(Person.voided_at.is_(None), ~is_expert)


def _meant(words: str) -> ColumnElement[bool] | None:
    digits = phone_digits(words)
    if digits and not any(mark.isalpha() for mark in words):
        if len(digits) == LAST_DIGITS:
            return _plain_phone().endswith(digits)
        return _plain_phone().endswith(digits) if len(digits) >= SHORTEST_PHONE else None
    name = "".join(words.split())
    if not name or (name.isascii() and len(name) < SHORTEST_LATIN):
        return None
    shown: ColumnElement[str] = func.lower(func.replace(Person.name, " ", ""))
    return shown.contains(name.lower(), autoescape=True)


def _plain_phone() -> ColumnElement[str]:
    plain: ColumnElement[str] = func.replace(func.replace(Person.phone, " ", ""), "-", "")
    return plain


def _traits(row: Person, ventures: Iterable[str]) -> Traits:
    return Traits(
        name=row.name, phone=row.phone, birth_year=row.birth_year, ventures=frozenset(ventures)
    )


def _ventures(look: Look, persons: Sequence[Person]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = look.session.execute(
        select(VentureMember.person_id, Venture.name)
        .join(Venture, Venture.id == VentureMember.venture_id)
        .where(VentureMember.person_id.in_([row.id for row in persons]))
    )
    for person_id, name in rows:
        found.setdefault(person_id, []).append(name)
    return found
