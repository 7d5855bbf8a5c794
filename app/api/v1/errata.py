"""勘误: what was wrong beside the figures of a closed month."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Text
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.erratum import LONGEST_WORDS
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.erratum import Erratum
from app.queries import errata as queries
from app.queries.errata import ErratumRow
from app.services import errata


@dataclass(frozen=True, slots=True, kw_only=True)
class ErratumBody:
    """Which closed month, and what its reports shall say was wrong; no figure moves."""

    month: Month
    words: Annotated[str, Text(LONGEST_WORDS)]


@dataclass(frozen=True, slots=True)
class ErrataQuery:
    """Which month."""

    month: Month


@dataclass(frozen=True, slots=True)
class ErratumList:
    """What is printed on the report of the month, and what waits for its check."""

    items: tuple[ErratumRow, ...]
    waiting: tuple[ErratumRow, ...]
    next: str | None = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/errata")(list_errata)
    blueprint.post("/errata")(propose_erratum)
    blueprint.post("/errata/<uuid:erratum_id>/approve")(approve_erratum)
    blueprint.post("/errata/<uuid:erratum_id>/refuse")(refuse_erratum)


@operation(Permission.READ_COUNTS, answer=ErratumList)
def list_errata(query: ErrataQuery) -> Any:
    """List what was wrong beside the figures of a closed month."""
    with reading() as reader:
        found = queries.errata(reader, [query.month])
    return jsonable(ErratumList(found.printed, found.waiting))


@operation(Permission.MAKE_CORRECTION, answer=ErratumRow)
def propose_erratum(body: ErratumBody) -> Any:
    """Propose an erratum of a closed month; nothing is printed before the check."""
    row: Erratum = run(errata.propose, body.month, body.words)
    return _detail(row.id)


@operation(Permission.CHECK_CORRECTION, answer=ErratumRow)
def approve_erratum(erratum_id: UUID, version: int | None) -> Any:
    """Let the erratum be printed on every report that holds the month; not by who proposed it."""
    run(errata.approve, erratum_id, version=version)
    return _detail(erratum_id)


@operation(Permission.CHECK_CORRECTION, answer=ErratumRow)
def refuse_erratum(erratum_id: UUID, version: int | None) -> Any:
    """Print nothing; the proposal stays in the file."""
    run(errata.refuse, erratum_id, version=version)
    return _detail(erratum_id)


def _detail(erratum_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(queries.erratum(reader, erratum_id))
