"""Files of a meeting: put in, struck with a reason, never taken out."""

from uuid import UUID

from sqlalchemy import func, select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.attachment import (
    LONGEST_REASON,
    AttachmentKind,
    SentFile,
    StruckError,
    ensure_room,
)
from app.domain.errors import ForbiddenError, RuleError
from app.models.attachment import Attachment
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.service_session import ServiceSession
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork


def add(
    uow: UnitOfWork,
    session_id: UUID,
    kind: AttachmentKind,
    sent: SentFile,
    *,
    is_for_both: bool = False,
) -> Attachment:
    """Put a file, whose bytes are kept already, to a meeting that the actor may see.

    Args:
        uow: the transaction.
        session_id: the meeting.
        kind: what the file shows.
        sent: the file as it was examined.
        is_for_both: mentor and founder both see it, whoever of them put it in.

    Raises:
        TooManyError: the meeting has as many as one may have.
        KnownFileError: it is there already.
    """
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.ADD_ATTACHMENT)
    if uow.actor.account_id is None:
        raise ForbiddenError(permission=Permission.ADD_ATTACHMENT.value)
    ensure_room(_count(uow, session.id))
    row = uow.add(
        Attachment(
            service_session_id=session.id,
            kind=kind,
            name=sent.name,
            file_type=sent.file_type,
            size=sent.size,
            sha256=sent.sha256,
            is_for_both=is_for_both,
            added_by_id=uow.actor.account_id,
            added_at=uow.now,
        )
    )
    uow.audit("attachment.added", row)
    return row


def add_to_sheet(uow: UnitOfWork, sheet_id: UUID, sent: SentFile) -> list[Attachment]:
    """Put the scan of a signed sheet to the meeting of each of its rows; the bytes lie there once.

    Raises:
        KnownFileError: the actor has put in this very scan already.
        RuleError: `paper_sheet.voided`: the sheet was taken back.
    """
    uow.require(Permission.ENTER_ON_PAPER)
    sheet = uow.load(PaperSheet, sheet_id, lock=True)
    if sheet.voided_at is not None:
        raise RuleError("paper_sheet.voided")
    meetings = uow.all(
        select(PaperSheetRow.service_session_id)
        .where(PaperSheetRow.paper_sheet_id == sheet.id)
        .order_by(PaperSheetRow.position)
    )
    return [add(uow, session_id, AttachmentKind.SCAN, sent) for session_id in meetings]


def strike(
    uow: UnitOfWork, attachment_id: UUID, reason: str, *, version: int | None = None
) -> Attachment:
    """Strike a file with a reason; row and bytes stay.

    Officers strike any they see, others what they put in themselves.

    Raises:
        StruckError: it is struck already.
    """
    row = uow.load(Attachment, attachment_id, lock=True)
    if row.added_by_id != uow.actor.account_id:
        uow.require(Permission.STRIKE_ATTACHMENT)
    else:
        uow.require(Permission.ADD_ATTACHMENT)
    if row.struck_at is not None:
        raise StruckError(struck_at=row.struck_at)
    ensure_version(row, version)
    row.struck_reason = prose.ensure("reason", reason, LONGEST_REASON)
    row.struck_by_id, row.struck_at = uow.actor.account_id, uow.now
    uow.audit("attachment.struck", row)
    return row


def _count(uow: UnitOfWork, session_id: UUID) -> int:
    """Return how many files the meeting has, those included that the actor does not see."""
    with uow.beyond_scope("how many files a meeting has"):
        counted = select(func.count()).where(Attachment.service_session_id == session_id)
        return uow.session.execute(counted).scalar_one()
