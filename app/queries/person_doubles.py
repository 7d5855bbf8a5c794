"""Two records that may be one person: whom to look at, what was proposed, what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select

from app.domain.actor import Permission, may
from app.domain.errors import NotFoundError
from app.domain.person import Likeness, likenesses, with_doubles
from app.models.person import DoubleStatus, Person, PersonDouble
from app.queries.aliases import load_aliases
from app.queries.person_search import (
    Found,
    FoundPerson,
    find_persons,
    likely_doubles,
    shown,
    traits_of,
)
from app.unit_of_work import Reader

PAGE = 30
_WAITS = PersonDouble.status == DoubleStatus.PROPOSED


@dataclass(frozen=True, slots=True)
class DoubleLine:
    """Another record that is taken, or was found, to be the same person."""

    status: DoubleStatus
    other: FoundPerson


@dataclass(frozen=True, slots=True)
class DoubleRow:
    """Two records one officer takes for one person, both masked.

    Attributes:
        alias: counts as `person` once another officer has approved.
        likeness: what the two have in common.
        is_own: the reader proposed it, so that another has to check it.
    """

    id: UUID
    version: int
    alias: FoundPerson
    person: FoundPerson
    likeness: tuple[Likeness, ...]
    grounds: str
    status: DoubleStatus
    made_at: datetime
    checked_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class DoublePage:
    """Proposals of one state; `open` counts those that wait, `next` asks for the next page."""

    items: tuple[DoubleRow, ...]
    open: int
    may_check: bool
    next: UUID | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who else may be the person: those much alike, then those whom the words mean."""

    person: FoundPerson
    likely: tuple[FoundPerson, ...]
    found: Found

    @property
    def all(self) -> tuple[FoundPerson, ...]:
        """Return everybody, those much alike first."""
        keys = {each.id for each in self.likely}
        return (*self.likely, *(each for each in self.found.persons if each.id not in keys))


def candidates(reader: Reader, person_id: UUID, words: str) -> Candidates:
    """Return who else may be the person; who counts as the same already is left out.

    Five statements, one more where words are given.

    Raises:
        NotFoundError: there is no such person, or the registration was taken back.
    """
    row = reader.session.get(Person, person_id)
    if row is None or row.voided_at is not None:
        raise NotFoundError("person.not_found")
    same = with_doubles([person_id], load_aliases(reader))
    found = find_persons(reader, words)
    alike = likely_doubles(reader, traits_of(reader, [row])[person_id])
    return Candidates(
        person=shown(row),
        likely=_others(alike, same),
        found=Found(_others(found.persons, same), found.has_more),
    )


def doubles_of(reader: Reader, person_id: UUID) -> tuple[DoubleLine, ...]:
    """Return the records proposed or found to be the same person; one statement."""
    is_alias = PersonDouble.alias_id == person_id
    other = case((is_alias, PersonDouble.person_id), else_=PersonDouble.alias_id)
    rows = reader.session.execute(
        select(PersonDouble.status, Person)
        .join(Person, Person.id == other)
        .where(
            or_(is_alias, PersonDouble.person_id == person_id),
            PersonDouble.status != DoubleStatus.REFUSED,
        )
        .order_by(PersonDouble.id)
    )
    return tuple(DoubleLine(status, shown(person)) for status, person in rows)


def double_page(
    reader: Reader, *, is_open: bool = True, after: UUID | None = None, limit: int = PAGE
) -> DoublePage:
    """Return a page of proposals: the waiting ones as they came, the checked the newest first.

    Four statements, one more for a page that follows.

    Raises:
        NotFoundError: no proposal is known by the key `after`.
    """
    which = _WAITS if is_open else ~_WAITS
    if after is not None:
        if reader.session.get(PersonDouble, after) is None:
            raise NotFoundError("person_double.not_found")
        which &= PersonDouble.id > after if is_open else PersonDouble.id < after
    order = PersonDouble.id if is_open else PersonDouble.id.desc()
    rows = reader.session.scalars(
        select(PersonDouble).where(which).order_by(order).limit(limit + 1)
    ).all()
    waiting = reader.session.scalar(select(func.count(PersonDouble.id)).where(_WAITS)) or 0
    return DoublePage(
        items=_described(reader, rows[:limit]),
        open=waiting,
        may_check=may(reader.actor, Permission.CHECK_CORRECTION),
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


def double(reader: Reader, double_id: UUID) -> DoubleRow:
    """Return one proposal.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    row = reader.session.get(PersonDouble, double_id)
    if row is None:
        raise NotFoundError("person_double.not_found")
    return _described(reader, [row])[0]


def _described(reader: Reader, rows: Sequence[PersonDouble]) -> tuple[DoubleRow, ...]:
    keys = {key for row in rows for key in (row.alias_id, row.person_id)}
    persons = reader.session.scalars(select(Person).where(Person.id.in_(keys))).all()
    known, traits = {row.id: row for row in persons}, traits_of(reader, persons)
    return tuple(
        DoubleRow(
            id=row.id,
            version=row.version,
            alias=shown(known[row.alias_id]),
            person=shown(known[row.person_id]),
            likeness=likenesses(traits[row.alias_id], traits[row.person_id]),
            grounds=row.grounds,
            status=row.status,
            made_at=row.made_at,
            checked_at=row.checked_at,
            is_own=row.made_by_id == reader.actor.account_id,
        )
        for row in rows
    )


def _others(persons: Sequence[FoundPerson], same: frozenset[UUID]) -> tuple[FoundPerson, ...]:
    return tuple(each for each in persons if each.id not in same)
