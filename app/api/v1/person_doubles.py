"""Two records that are one person: proposed by one officer, checked by another."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.person import LONGEST_GROUNDS
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.person import PersonDouble
from app.queries import person_doubles
from app.queries.person_doubles import DoubleRow
from app.services import persons


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleBody:
    """The other record, and how it is known that the two are one person."""

    other_id: Annotated[UUID, Named(says="From the approval on it counts as the one named above.")]
    grounds: Annotated[str, Text(LONGEST_GROUNDS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoublesQuery:
    """The proposals that wait as they came, or the checked ones, the newest first."""

    checked: bool = False
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True)
class DoubleList:
    """A page of proposals; `open` counts those that wait."""

    items: tuple[DoubleRow, ...]
    open: int
    next: UUID | None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/persons/<uuid:person_id>/doubles")(propose_double)
    blueprint.get("/person-doubles")(list_doubles)
    blueprint.post("/person-doubles/<uuid:double_id>/approve")(approve_double)
    blueprint.post("/person-doubles/<uuid:double_id>/refuse")(refuse_double)


@operation(Permission.MAKE_CORRECTION, answer=DoubleRow)
def propose_double(person_id: UUID, body: DoubleBody) -> Any:
    """Propose that another record is the same person; nothing changes before the check."""
    double: PersonDouble = run(persons.propose_double, body.other_id, person_id, body.grounds)
    return _detail(double.id)


@operation(Permission.READ_TASKS, answer=DoubleList)
def list_doubles(query: DoublesQuery) -> Any:
    """List which records wait to be found one person, masked."""
    with reading() as reader:
        page = person_doubles.double_page(reader, is_open=not query.checked, after=query.cursor)
    return jsonable(DoubleList(page.items, page.open, page.next))


@operation(Permission.CHECK_CORRECTION, answer=DoubleRow)
def approve_double(double_id: UUID, version: int | None) -> Any:
    """Make the two records count as one person in every month; not by who proposed it.

    Closed months stay as reported; the difference is posted to an open one.
    """
    run(persons.approve_double, double_id, version=version)
    return _detail(double_id)


@operation(Permission.CHECK_CORRECTION, answer=DoubleRow)
def refuse_double(double_id: UUID, version: int | None) -> Any:
    """Leave the two records apart; the proposal stays in the file."""
    run(persons.refuse_double, double_id, version=version)
    return _detail(double_id)


def _detail(double_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(person_doubles.double(reader, double_id))
