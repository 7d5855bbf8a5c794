"""A sheet that was typed in, and the meetings its rows became."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.service_session import ServiceSession
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row by its printed number."""

    position: int
    service_session_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class SheetDetail:
    """A sheet as it was typed in; `voided_at` is when it was taken back."""

    id: UUID
    version: int
    number: str
    day: date
    entered_at: datetime
    voided_at: datetime | None
    rows: tuple[SheetLine, ...]


def sheet_detail(reader: Reader, sheet_id: UUID) -> SheetDetail:
    """Return one sheet in two statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    sheet = reader.session.scalar(select(PaperSheet).where(PaperSheet.id == sheet_id))
    if sheet is None:
        raise NotFoundError("paper_sheet.not_found")
    rows = reader.session.execute(
        select(PaperSheetRow.position, ServiceSession.id, ServiceSession.reference)
        .join(ServiceSession, ServiceSession.id == PaperSheetRow.service_session_id)
        .where(PaperSheetRow.paper_sheet_id == sheet_id)
        .order_by(PaperSheetRow.position)
    )
    return SheetDetail(
        id=sheet.id,
        version=sheet.version,
        number=sheet.number,
        day=sheet.day,
        entered_at=sheet.entered_at,
        voided_at=sheet.voided_at,
        rows=tuple(SheetLine(*row) for row in rows),
    )
