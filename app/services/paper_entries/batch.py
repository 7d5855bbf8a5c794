"""A whole sheet typed in at once: every row is entered, or none is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.db import violation
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.calendar import ZONE
from app.domain.consent import ConsentKind, PaperConsent
from app.domain.errors import DomainError, FieldError, InvalidInputError
from app.domain.paper_sheet import SheetKnownError, at_row, clean_number, ensure_sheet
from app.domain.person import Likeness, Traits
from app.domain.vocabulary import fold
from app.models.expert import Expert
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.service_session import ServiceSession
from app.queries.person_search import likely_doubles
from app.services import persons, service_records
from app.services.outcomes import Record
from app.services.paper_entries.entering import enter
from app.services.paper_entries.named_venture import venture_named
from app.services.paper_entries.sheet import PaperEntry
from app.services.persons import Registration, WalkIn
from app.unit_of_work import UnitOfWork

# One name is enough with one of these beside it to know somebody again.
_KNOWN_BY = frozenset({Likeness.PHONE, Likeness.BIRTH_YEAR})
# Where a rule speaks of a whole entry, the column in which the clerk can mend it.
_COLUMN_OF = {
    "booking.time_taken": "starts",
    "paper_entry.own_expert": "expert",
    "person.likely_double": "phone",
}
_NAMES = {"actual_start": "starts", "actual_end": "ends", "question": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row as it stands on the sheet; `position` is the number printed before it.

    `venture` is what the service was for, by name or credit code; a walk-in brings it along.
    """

    position: int
    name: str
    expert: str
    session_type: str
    topic: str
    text: str
    advice: str
    result: str
    starts: time
    ends: time
    phone: str | None = None
    birth_year: int | None = None
    document: str | None = None
    consented_on: date | None = None
    mode: Mode = Mode.ONSITE
    venture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of one day; `filed_at` is where it is kept."""

    number: str
    day: date
    filed_at: str
    rows: Sequence[SheetRow]
    place: str = ""


def enter_sheet(uow: UnitOfWork, sheet: Sheet) -> PaperSheet:
    """Enter every row of a sheet, as signed by those who were served.

    A second clerk compares each record with its signature, as for a single entry.

    Raises:
        SheetKnownError: the sheet was typed in before.
        InvalidInputError: naming each fault by row and column; nothing is entered then.
    """
    uow.require(Permission.ENTER_ON_PAPER)
    number = clean_number(sheet.number)
    ensure_sheet(sheet.day, uow.today, sheet.filed_at, [row.position for row in sheet.rows])
    _ensure_new(uow, number)
    kept = uow.add(
        PaperSheet(
            number=number,
            day=sheet.day,
            street=uow.actor.street,
            filed_at=sheet.filed_at.strip(),
            entered_by_id=uow.actor.account_id,
            entered_at=uow.now,
        )
    )
    uow.audit("paper_sheet.entered", kept, rows=len(sheet.rows))
    uow.flush()
    _enter_rows(uow, _Typing(uow, sheet), kept)
    uow.flush()
    return kept


def _enter_rows(uow: UnitOfWork, typing: "_Typing", kept: PaperSheet) -> None:
    errors: list[FieldError] = []
    entered: list[UUID] = []
    for index, row in enumerate(typing.sheet.rows):
        try:
            # Each row by itself, so that one fault hides no other.
            with uow.attempt():
                session = typing.enter(row)
                line = PaperSheetRow(
                    paper_sheet_id=kept.id,
                    position=row.position,
                    service_session_id=session.id,
                )
                uow.audit("paper_sheet_row.entered", uow.add(line))
                uow.flush()
                entered.append(session.id)
        except (DomainError, DBAPIError) as error:
            errors += at_row(index, _faults(_refusal(error)))
    if errors:
        raise InvalidInputError(errors=errors)
    # Together: decided row by row, fifty of one day are looked at fifty times.
    service_records.count_all(uow, entered, cause="paper_sheet.entered")


def _ensure_new(uow: UnitOfWork, number: str) -> None:
    with uow.beyond_scope("whether the sheet has been typed in anywhere"):
        standing = select(PaperSheet.id).where(
            PaperSheet.number == number, PaperSheet.voided_at.is_(None)
        )
        if uow.one(standing) is not None:
            raise SheetKnownError(number=number)


@dataclass
class _Typing:
    """One sheet on its way into the database, with what its rows share."""

    uow: UnitOfWork
    sheet: Sheet

    def enter(self, row: SheetRow) -> ServiceSession:
        """Enter one row."""
        session_at = [datetime.combine(self.sheet.day, at, ZONE) for at in (row.starts, row.ends)]
        person_id = self._person(row)
        entry = PaperEntry(
            person=person_id,
            venture_id=venture_named(self.uow, person_id, row.venture) if row.venture else None,
            expert_id=self._expert(row.expert),
            session_type=row.session_type,
            topic=row.topic,
            text=row.text,
            actual_start=session_at[0],
            actual_end=session_at[1],
            mode=row.mode,
            place=self.sheet.place,
            record=Record(row.text, row.advice, (), row.result),
        )
        return enter(self.uow, entry, is_counted=False)

    @cached_property
    def _experts(self) -> dict[str, list[UUID]]:
        found: dict[str, list[UUID]] = {}
        for key, name in self.uow.session.execute(select(Expert.id, Expert.name)):
            found.setdefault(fold(name), []).append(key)
        return found

    def _expert(self, name: str) -> UUID:
        keys = self._experts.get(fold(name), [])
        if len(keys) != 1:
            code = "paper_sheet.expert_ambiguous" if keys else "expert.name_unknown"
            raise InvalidInputError.at("expert", code)
        return keys[0]

    def _person(self, row: SheetRow) -> UUID:
        """Return who is meant: somebody known again, or a walk-in with his consent."""
        traits = Traits(name=row.name, phone=row.phone, birth_year=row.birth_year)
        alike = likely_doubles(self.uow, traits)
        known = [each.id for each in alike if each.is_namesake and _KNOWN_BY & {*each.likeness}]
        if len(known) == 1:
            return known[0]
        if alike:
            raise InvalidInputError.at("phone", "paper_sheet.who_is_it")
        return self._register(row)

    def _register(self, row: SheetRow) -> UUID:
        if row.consented_on is None:
            raise InvalidInputError.at("consented_on", "paper_sheet.consent")
        consent = PaperConsent(
            kind=ConsentKind.SIGNATURE, given_on=row.consented_on, filed_at=self.sheet.filed_at
        )
        walk_in = WalkIn(
            name=row.name, phone=row.phone, birth_year=row.birth_year, document=row.document
        )
        given = Registration(walk_in=walk_in, consent=consent, venture=row.venture)
        return persons.register_with_consent(self.uow, given).id


def _refusal(error: DomainError | DBAPIError) -> DomainError:
    """Return what was refused; a constraint speaks as the rule that it keeps."""
    if isinstance(error, DomainError):
        return error
    meant = violation(error)
    if meant is None:
        raise error
    return meant


def _faults(error: DomainError) -> Iterator[FieldError]:
    if not isinstance(error, InvalidInputError) or not error.errors:
        yield FieldError(_COLUMN_OF.get(error.code, "name"), error.code, error.facts)
        return
    for each in error.errors:
        yield FieldError(_NAMES.get(each.field, each.field), each.code, each.facts)
