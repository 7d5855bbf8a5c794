"""The files of a meeting, as far as the reader may know of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.attachment import AttachmentKind
from app.domain.availability import Mode
from app.domain.errors import NotFoundError
from app.domain.file_type import FileType
from app.models.attachment import Attachment
from app.models.service_session import ServiceSession
from app.queries.accounts import account_names
from app.unit_of_work import Reader, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """One file: what it shows, what it is, its hash, who put it in, and whether it was struck."""

    id: UUID
    version: int
    service_session_id: UUID
    kind: AttachmentKind
    name: str
    file_type: FileType
    size: int
    sha256: str
    is_for_both: bool
    added_by: str
    added_at: datetime
    struck_by: str | None
    struck_at: datetime | None
    struck_reason: str | None
    may_strike: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFiles:
    """The files of one meeting, the oldest first."""

    session_id: UUID
    booking_id: UUID | None
    reference: str
    session_type: str
    starts_at: datetime
    ends_at: datetime
    is_remote: bool
    rows: Sequence[AttachmentRow]
    may_add: bool


def meeting_files(reader: Reader, session_id: UUID) -> MeetingFiles:
    """Return the files of a meeting that the reader may know of.

    Raises:
        NotFoundError: there is no such meeting, or he may not know of it.
    """
    session = reader.session.scalar(select(ServiceSession).where(ServiceSession.id == session_id))
    if session is None:
        raise NotFoundError("service_session.not_found")
    actor = reader.actor
    return MeetingFiles(
        session_id=session.id,
        booking_id=session.booking_id,
        reference=session.reference,
        session_type=session.session_type,
        starts_at=session.actual_start or session.planned_starts_at,
        ends_at=session.actual_end or session.planned_ends_at,
        is_remote=session.mode is not Mode.ONSITE,
        rows=attachments_of(reader, session_id),
        may_add=may(actor, Permission.ADD_ATTACHMENT),
    )


def attachments_of(reader: Reader, session_id: UUID) -> tuple[AttachmentRow, ...]:
    """Return the files of a meeting, the oldest first."""
    rows = reader.session.scalars(
        select(Attachment)
        .where(Attachment.service_session_id == session_id)
        .order_by(Attachment.id)
    ).all()
    return _rows(reader, rows)


def attachment(reader: Reader | UnitOfWork, attachment_id: UUID) -> AttachmentRow:
    """Return one file.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    row = reader.session.scalar(select(Attachment).where(Attachment.id == attachment_id))
    if row is None:
        raise NotFoundError("attachment.not_found")
    return _rows(reader, [row])[0]


def _rows(reader: Reader | UnitOfWork, rows: Sequence[Attachment]) -> tuple[AttachmentRow, ...]:
    people = {row.added_by_id for row in rows} | {row.struck_by_id for row in rows}
    names = account_names(reader, filter(None, people)) if people else {}
    return tuple(
        AttachmentRow(
            id=row.id,
            version=row.version,
            service_session_id=row.service_session_id,
            kind=row.kind,
            name=row.name,
            file_type=row.file_type,
            size=row.size,
            sha256=row.sha256,
            is_for_both=row.is_for_both,
            added_by=names.get(row.added_by_id, ""),
            added_at=row.added_at,
            struck_by=names.get(row.struck_by_id) if row.struck_by_id else None,
            struck_at=row.struck_at,
            struck_reason=row.struck_reason,
            may_strike=_may_strike(reader, row),
        )
        for row in rows
    )


def _may_strike(reader: Reader | UnitOfWork, row: Attachment) -> bool:
    is_own = row.added_by_id == reader.actor.account_id
    needed = Permission.ADD_ATTACHMENT if is_own else Permission.STRIKE_ATTACHMENT
    return row.struck_at is None and may(reader.actor, needed)
