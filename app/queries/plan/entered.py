"""What was entered for the plan and waits, counts or was sent back: items and reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.domain.plan import CheckStatus, Comparison, SupportKind, target_of
from app.models.person import Person
from app.models.plan import Indicator, ReportedFigure
from app.models.support_item import SupportItem
from app.queries.plan.checked import (
    Checked,
    Entries,
    checked_of,
    later_of,
    names_of,
    page_of,
    waiting,
)
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A support item with whom it is about."""

    checked: Checked
    kind: SupportKind
    person_id: UUID
    person: str
    done_on: date
    quantity: int | None
    document: str
    note: str | None
    replaces: UUID | None
    is_void: bool


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A reported figure with its indicator; `amount` is in the smallest unit."""

    checked: Checked
    code: str
    zh: str
    en: str
    unit: str
    scale: int
    department: str
    period: str
    amount: int
    document: str
    note: str | None
    replaces: UUID | None
    is_void: bool

    @property
    def shown(self) -> int:
        """The amount in the printed unit."""
        return self.amount // self.scale


def item_entries(reader: Reader, status: CheckStatus, *, after: UUID | None = None) -> Entries:
    """Return a page of support items in a state; at most five statements."""
    found, following = page_of(reader, SupportItem, status, after)
    return Entries(_items(reader, found), waiting(reader, SupportItem), following)


def support_item(reader: Reader, item_id: UUID) -> ItemRow:
    """Return one support item.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    found = reader.session.scalars(select(SupportItem).where(SupportItem.id == item_id)).all()
    if not found:
        raise NotFoundError("support_item.not_found")
    return _items(reader, found)[0]


def items_of(reader: Reader, person_id: UUID) -> Sequence[ItemRow]:
    """Return what was entered about one person, the newest first."""
    found = reader.session.scalars(
        select(SupportItem)
        .where(SupportItem.person_id == person_id)
        .order_by(SupportItem.id.desc())
    ).all()
    return _items(reader, found)


def report_entries(reader: Reader, status: CheckStatus, *, after: UUID | None = None) -> Entries:
    """Return a page of reported figures in a state, as far as they are in the reader's reach."""
    found, following = page_of(reader, ReportedFigure, status, after)
    return Entries(_reports(reader, found), waiting(reader, ReportedFigure), following)


def reported_figure(reader: Reader, figure_id: UUID) -> ReportRow:
    """Return one reported figure.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    found = reader.session.scalars(
        select(ReportedFigure).where(ReportedFigure.id == figure_id)
    ).all()
    if not found:
        raise NotFoundError("reported_figure.not_found")
    return _reports(reader, found)[0]


def _items(reader: Reader, found: Sequence[SupportItem]) -> list[ItemRow]:
    names = names_of(reader, found)
    later = later_of(reader, SupportItem, found)
    persons: dict[UUID, str] = {
        key: name
        for key, name in reader.session.execute(
            select(Person.id, Person.name).where(Person.id.in_([row.person_id for row in found]))
        )
    }
    return [
        ItemRow(
            checked=checked_of(reader, row, names, later.get(row.id)),
            kind=row.kind,
            person_id=row.person_id,
            person=persons.get(row.person_id, ""),
            done_on=row.done_on,
            quantity=row.quantity,
            document=row.document,
            note=row.note,
            replaces=row.replaces_id,
            is_void=row.is_void,
        )
        for row in found
    ]


def _reports(reader: Reader, found: Sequence[ReportedFigure]) -> list[ReportRow]:
    names = names_of(reader, found)
    later = later_of(reader, ReportedFigure, found)
    indicators = {
        row.id: row
        for row in reader.session.scalars(
            select(Indicator).where(Indicator.id.in_([row.indicator_id for row in found]))
        )
    }
    rows = []
    for row in found:
        of = indicators[row.indicator_id]
        rows.append(
            ReportRow(
                checked=checked_of(reader, row, names, later.get(row.id)),
                code=of.code,
                zh=of.zh,
                en=of.en,
                unit=of.unit,
                scale=target_of(Comparison(of.comparison), of.target, of.unit).scale,
                department=row.department,
                period=row.period,
                amount=row.amount,
                document=row.document,
                note=row.note,
                replaces=row.replaces_id,
                is_void=row.is_void,
            )
        )
    return rows
