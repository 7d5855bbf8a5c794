"""Sheets of paper typed in as one batch: every row is entered, or none is."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, OneOf, Text, Whole
from app.api.v1.needs import Service
from app.api.v1.persons import LATEST_BIRTH_YEAR, LONGEST_PHONE, Word
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.errors import InvalidInputError
from app.domain.need import LONGEST_TEXT
from app.domain.outcome import RESULTS
from app.domain.paper_sheet import LONGEST_NUMBER, LONGEST_PLACE, MOST_ROWS, at_row
from app.domain.person import EARLIEST_BIRTH_YEAR, LONGEST_DOCUMENT, LONGEST_NAME
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.service_desk import SheetDetail, sheet_detail
from app.services import desk_entries
from app.services.outcomes.recording import LONGEST_TEXT as LONGEST_ADVICE
from app.services.paper_entries import Sheet, SheetRow
from app.services.ventures import LONGEST_NAME as LONGEST_VENTURE
from app.unit_of_work import UnitOfWork

LONGEST_TIME = len("09:00")
Clock = Annotated[str, Text(LONGEST_TIME)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRowBody:
    """A row: who was served, by whom, when, what was asked and advised. Times are HH:MM.

    Somebody registered is known again by name and telephone or year of birth; somebody new
    needs `consented_on`.
    """

    position: Annotated[int, Whole(1, MOST_ROWS)]
    name: Annotated[str, Text(LONGEST_NAME)]
    phone: Annotated[str | None, Text(LONGEST_PHONE)] = None
    birth_year: Annotated[int | None, Whole(EARLIEST_BIRTH_YEAR, LATEST_BIRTH_YEAR)] = None
    document: Annotated[str | None, Text(LONGEST_DOCUMENT)] = None
    consented_on: date | None = None
    expert: Annotated[str, Text(LONGEST_NAME)]
    session_type: Annotated[str, Service]
    topic: Word
    mode: Mode = Mode.ONSITE
    starts: Clock
    ends: Clock
    text: Annotated[str, Text(LONGEST_TEXT)]
    advice: Annotated[str, Text(LONGEST_ADVICE)]
    result: Annotated[str, OneOf.words(RESULTS)]
    venture: Annotated[
        str | None,
        Text(LONGEST_VENTURE),
        Named(says="By name or credit code, one the person belongs to; a walk-in brings it along."),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBody:
    """A sheet of one day, by the number printed on it; `filed_at` is where it is kept."""

    number: Annotated[str, Text(LONGEST_NUMBER)]
    day: date
    filed_at: Annotated[str, Text(LONGEST_PLACE)]
    place: Annotated[str | None, Text(LONGEST_PLACE)] = None
    rows: Annotated[tuple[SheetRowBody, ...], Count(1, MOST_ROWS)]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/paper-sheets")(enter_sheet)
    blueprint.get("/paper-sheets/<uuid:sheet_id>")(read_sheet)


@operation(Permission.ENTER_ON_PAPER, answer=SheetDetail, status=201)
def enter_sheet(body: SheetBody) -> Any:
    """Enter a whole sheet, or nothing of it.

    Each fault is named by row and column, `rows[3].phone`; 409 `paper_sheet.known`: the sheet
    was entered before.
    """
    sheet = Sheet(
        number=body.number,
        day=body.day,
        filed_at=body.filed_at,
        place=body.place or "",
        rows=[_row(index, row) for index, row in enumerate(body.rows)],
    )
    sheet_id = UUID(run(_enter, sheet, answer=str))
    with reading() as reader:
        return jsonable(sheet_detail(reader, sheet_id))


@operation(Permission.ENTER_ON_PAPER, answer=SheetDetail)
def read_sheet(sheet_id: UUID) -> Any:
    """Read which meeting each row of a sheet became."""
    with reading() as reader:
        return jsonable(sheet_detail(reader, sheet_id))


def _enter(uow: UnitOfWork, sheet: Sheet) -> UUID:
    return desk_entries.enter_sheet(uow, sheet).id


def _row(index: int, body: SheetRowBody) -> SheetRow:
    return SheetRow(
        position=body.position,
        name=body.name,
        phone=body.phone,
        birth_year=body.birth_year,
        document=body.document,
        consented_on=body.consented_on,
        expert=body.expert,
        session_type=body.session_type,
        topic=body.topic,
        mode=body.mode,
        starts=_time(index, "starts", body.starts),
        ends=_time(index, "ends", body.ends),
        text=body.text,
        advice=body.advice,
        result=body.result,
        venture=body.venture,
    )


def _time(index: int, column: str, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        fault = InvalidInputError.at(column, "input.not_a_time")
        raise InvalidInputError(errors=at_row(index, fault.errors)) from None
