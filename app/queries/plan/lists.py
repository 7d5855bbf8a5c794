"""Opening lists 期初名单 as pages show them, with their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from app.domain.errors import NotFoundError
from app.domain.plan import SupportKind
from app.models.support_item import OpeningList, OpeningRow
from app.queries.plan.checked import Checked, checked_of, names_of
from app.unit_of_work import Reader

LINES = 200


@dataclass(frozen=True, slots=True)
class ListRow:
    """An opening list, with how many of its rows are nobody known here."""

    checked: Checked
    document: str
    file_name: str
    rows: int
    unmatched: int
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row of a list; the name stands as it was sent."""

    number: int
    name: str
    kind: SupportKind
    done_on: date
    quantity: int | None
    document: str
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list with a page of its rows; `next` is the number of the last row shown."""

    row: ListRow
    lines: Sequence[ListLine]
    next: int | None


def list_entries(reader: Reader) -> Sequence[ListRow]:
    """Return every opening list, the newest first."""
    found = reader.session.scalars(select(OpeningList).order_by(OpeningList.id.desc())).all()
    return _lists(reader, found)


def list_page(reader: Reader, list_id: UUID, *, after: int = 0) -> ListPage:
    """Return one opening list with its rows.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    found = reader.session.scalars(select(OpeningList).where(OpeningList.id == list_id)).all()
    if not found:
        raise NotFoundError("opening_list.not_found")
    rows = reader.session.scalars(
        select(OpeningRow)
        .where(OpeningRow.opening_list_id == list_id, OpeningRow.number > after)
        .order_by(OpeningRow.number)
        .limit(LINES + 1)
    ).all()
    lines = [
        ListLine(
            row.number,
            row.name,
            row.kind,
            row.done_on,
            row.quantity,
            row.document,
            row.person_id,
        )
        for row in rows[:LINES]
    ]
    following = lines[-1].number if len(rows) > LINES else None
    return ListPage(_lists(reader, found)[0], lines, following)


def _lists(reader: Reader, found: Sequence[OpeningList]) -> list[ListRow]:
    names = names_of(reader, found)
    rows = reader.session.execute(
        select(OpeningRow.opening_list_id, func.count(OpeningRow.id))
        .where(
            OpeningRow.opening_list_id.in_([row.id for row in found]),
            OpeningRow.person_id.is_(None),
        )
        .group_by(OpeningRow.opening_list_id)
    )
    unmatched: dict[UUID, int] = {key: count for key, count in rows}
    return [
        ListRow(
            checked=checked_of(reader, row, names, None),
            document=row.document,
            file_name=row.file_name,
            rows=row.row_count,
            unmatched=unmatched.get(row.id, 0),
            withdrawn_at=row.withdrawn_at,
        )
        for row in found
    ]
