"""One expert's duties, and the rows behind each of the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.duty import Span
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.models.expert import Appointment, Expert
from app.models.person import Person, Venture
from app.queries.duty.absences import Absence
from app.queries.duty.counted import OwnService
from app.queries.duty.standing import Standing, standings
from app.unit_of_work import Reader


class Part(StrEnum):
    """Which number of a sheet is asked about."""

    YEAR = "year"
    TERM = "term"
    ABSENCES = "absences"
    PAIRINGS = "pairings"


@dataclass(frozen=True, slots=True)
class DutySheet:
    """One expert with his meters; `ends_on` is the last day of his last term, if he has any."""

    id: UUID
    name: str
    category: ExpertCategory
    title: str
    year: int
    years: tuple[int, ...]
    ends_on: date | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class DutyRows:
    """The rows that sum to one number of a sheet; only those of its part are filled.

    Attributes:
        value: the number: services, minutes, absences or projects.
        span: the days looked at; None for absences and for who was never appointed.
        projects: names of ventures, or of founders who have none yet; one out of sight has none.
    """

    sheet: DutySheet
    part: Part
    value: int
    span: Span | None
    services: Sequence[OwnService] = ()
    missed: Sequence[Absence] = ()
    projects: Sequence[str | None] = ()


def duty_sheet(reader: Reader, expert_id: UUID, year: int | None = None) -> DutySheet:
    """Return one expert's duties, by default of the present year; whoever calls it may know them.

    Raises:
        NotFoundError: there is no such expert.
    """
    found = reader.session.execute(
        select(Expert, Appointment)
        .outerjoin(Appointment, Appointment.expert_id == Expert.id)
        .where(Expert.id == expert_id)
        .order_by(Appointment.starts_on)
    ).all()
    if not found:
        raise NotFoundError("expert.not_found")
    expert, terms = found[0][0], [row for _, row in found if row is not None]
    this_year = local_day(reader.now).year
    first_year = min((row.starts_on.year for row in terms), default=this_year)
    chosen = this_year if year is None else year
    if not min(first_year, this_year) <= chosen <= this_year:
        raise NotFoundError("expert.not_found")
    standing = standings(reader, {expert_id: terms}, chosen, [expert_id])[expert_id]
    return DutySheet(
        id=expert.id,
        name=expert.name,
        category=expert.category,
        title=expert.title,
        year=chosen,
        years=tuple(range(this_year, min(first_year, this_year) - 1, -1)),
        ends_on=max((row.ends_on for row in terms), default=None),
        standing=standing,
    )


def duty_rows(reader: Reader, expert_id: UUID, part: Part, year: int | None = None) -> DutyRows:
    """Return the rows behind one number of the sheet; whoever calls it may know them."""
    sheet = duty_sheet(reader, expert_id, year)
    standing = sheet.standing
    if part is Part.ABSENCES:
        return DutyRows(sheet, part, standing.absences.count, None, missed=standing.missed)
    if part is Part.PAIRINGS:
        named = _projects(reader, standing.projects)
        return DutyRows(sheet, part, standing.pairings.count, standing.year.span, projects=named)
    meter = standing.year if part is Part.YEAR else standing.term
    if meter is None:
        return DutyRows(sheet, part, 0, None)
    return DutyRows(sheet, part, meter.done, meter.span, services=standing.within(meter.span))


def _projects(reader: Reader, keys: frozenset[UUID]) -> list[str | None]:
    named: dict[UUID, str] = {}
    for model in (Venture, Person):
        rows = reader.session.execute(select(model.id, model.name).where(model.id.in_(keys)))
        named |= {key: name for key, name in rows}
    return sorted((named.get(key) for key in keys), key=lambda name: (name is None, name or ""))
