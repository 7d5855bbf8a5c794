"""Originals of paper: the meetings of a period behind which there is a sheet or a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models.attachment import Attachment
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.service_session import ServiceSession
from app.queries.accounts import account_names
from app.unit_of_work import Reader

PAGE = 50


@dataclass(frozen=True, slots=True)
class Original:
    """What shows that a meeting took place: a row of a sheet, or a file, and who put it in.

    Attributes:
        sheet: the number printed on the sheet, None for a file.
        position: the printed number of the row.
        filed_at: where the sheet lies.
        attachment_id: the file, None for a sheet; `sha256` is its hash.
    """

    session_id: UUID
    reference: str
    at: datetime
    entered_by: str
    sheet: str | None = None
    position: int | None = None
    filed_at: str | None = None
    attachment_id: UUID | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """The originals of a period, the newest first, at most fifty of each sort."""

    sheets: Sequence[Original]
    files: Sequence[Original]


def originals(reader: Reader, since: datetime, until: datetime) -> OriginalPage:
    """Return what was put in from one instant to before another; three statements."""
    rows, files = _sheets(reader, since, until), _files(reader, since, until)
    names = account_names(reader, {row.by for row in (*rows, *files)})
    return OriginalPage(
        sheets=[
            Original(
                session_id=row.id,
                reference=row.reference,
                at=row.put_in_at,
                entered_by=names.get(row.by, ""),
                sheet=row.number,
                position=row.position,
                filed_at=row.filed_at,
            )
            for row in rows
        ],
        files=[
            Original(
                session_id=row.id,
                reference=row.reference,
                at=row.put_in_at,
                entered_by=names.get(row.by, ""),
                attachment_id=row.attachment_id,
                sha256=row.sha256,
            )
            for row in files
        ],
    )


def _sheets(reader: Reader, since: datetime, until: datetime) -> Sequence[Any]:
    columns: tuple[Any, ...] = (
        ServiceSession.id,
        ServiceSession.reference,
        PaperSheet.entered_at.label("put_in_at"),
        PaperSheet.entered_by_id.label("by"),
        PaperSheet.number,
        PaperSheetRow.position,
        PaperSheet.filed_at,
    )
    at = PaperSheet.entered_at
    return reader.session.execute(
        select(*columns)
        .select_from(PaperSheetRow)
        .join(PaperSheet, PaperSheet.id == PaperSheetRow.paper_sheet_id)
        .join(ServiceSession, ServiceSession.id == PaperSheetRow.service_session_id)
        .where(PaperSheet.voided_at.is_(None), at >= since, at < until)
        .order_by(at.desc(), PaperSheetRow.position)
        .limit(PAGE)
    ).all()


def _files(reader: Reader, since: datetime, until: datetime) -> Sequence[Any]:
    columns: tuple[Any, ...] = (
        ServiceSession.id,
        ServiceSession.reference,
        Attachment.added_at.label("put_in_at"),
        Attachment.added_by_id.label("by"),
        Attachment.id.label("attachment_id"),
        Attachment.sha256,
    )
    at = Attachment.added_at
    return reader.session.execute(
        select(*columns)
        .join(ServiceSession, ServiceSession.id == Attachment.service_session_id)
        .where(at >= since, at < until)
        .order_by(at.desc(), Attachment.id)
        .limit(PAGE)
    ).all()
