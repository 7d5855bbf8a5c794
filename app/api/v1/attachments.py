"""Files of a meeting: listed, put in as base64, read back, struck with a reason."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.adapters.attachment_files import files_of
from app.api.operations import CREATED, operation
from app.api.schemas import Base64, Named, OneOf, Text
from app.api.v1.service_sessions import SESSION
from app.domain.actor import Permission
from app.domain.attachment import LONGEST_REASON, AttachmentKind, examined
from app.domain.errors import NotFoundError
from app.http.edge import the_settings
from app.http.limits import UPLOAD_LIMIT, takes_file
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.attachment import Attachment
from app.queries.attachments import AttachmentRow, attachment, meeting_files
from app.services import attachments
from app.unit_of_work import UnitOfWork

LONGEST_NAME = 200
ATTACHMENTS = f"{SESSION}/attachments"
ATTACHMENT = f"{ATTACHMENTS}/<uuid:attachment_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentBody:
    """A file; what it is is told by its bytes, not by its name."""

    kind: Annotated[AttachmentKind, OneOf.members(AttachmentKind)]
    name: Annotated[str, Text(LONGEST_NAME)]
    content: Annotated[bytes, Base64(UPLOAD_LIMIT)]
    is_for_both: Annotated[
        bool, Named(says="Mentor and founder both see it, whoever put it in.")
    ] = False


@dataclass(frozen=True, slots=True)
class StrikeBody:
    """Why a file does not hold."""

    reason: Annotated[str, Text(LONGEST_REASON)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentDetail:
    """A file of a meeting, without its bytes."""

    id: UUID
    version: int
    service_session_id: UUID
    kind: AttachmentKind
    name: str
    media_type: str
    size: int
    sha256: str
    is_for_both: bool
    added_by: str
    added_at: datetime
    struck_at: datetime | None
    struck_reason: str | None


@dataclass(frozen=True, slots=True)
class AttachmentList:
    """The files of a meeting, the oldest first."""

    items: tuple[AttachmentDetail, ...]


@dataclass(frozen=True, slots=True)
class AttachmentContent:
    """The bytes of a file, in base64, as they were put in."""

    id: UUID
    name: str
    media_type: str
    sha256: str
    content: str


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(ATTACHMENTS)(list_attachments)
    blueprint.post(ATTACHMENTS)(add_attachment)
    blueprint.get(ATTACHMENT)(read_attachment)
    blueprint.post(f"{ATTACHMENT}/strike")(strike_attachment)


@operation(Permission.READ_SERVICE_SESSION, answer=AttachmentList)
def list_attachments(session_id: UUID) -> Any:
    """List the files of a meeting that the asker may know of."""
    with reading() as reader:
        rows = meeting_files(reader, session_id).rows
        return jsonable(AttachmentList(tuple(map(_detail, rows))))


@takes_file
@operation(Permission.ADD_ATTACHMENT, answer=AttachmentDetail, status=CREATED)
def add_attachment(session_id: UUID, body: AttachmentBody) -> Any:
    """Put a file to a meeting, up to 10 MiB with everything around it; it is never deleted."""
    with reading() as reader:
        meeting_files(reader, session_id)
    sent = examined(body.name, body.content)
    files_of(the_settings()).keep(body.content)

    def act(uow: UnitOfWork) -> AttachmentDetail:
        row = attachments.add(uow, session_id, body.kind, sent, is_for_both=body.is_for_both)
        return _told(uow, row)

    return run(act, answer=jsonable)


@operation(Permission.READ_SERVICE_SESSION, answer=AttachmentContent, logged=True)
def read_attachment(session_id: UUID, attachment_id: UUID) -> Any:
    """Read the bytes of a file; each reading is noted."""
    with reading() as reader:
        row = attachment(reader, attachment_id)
    if row.service_session_id != session_id:
        raise NotFoundError("attachment.not_found")
    content = base64.b64encode(files_of(the_settings()).read(row.sha256)).decode()
    return jsonable(
        AttachmentContent(row.id, row.name, row.file_type.media_type, row.sha256, content)
    )


@operation(Permission.ADD_ATTACHMENT, Permission.STRIKE_ATTACHMENT, answer=AttachmentDetail)
def strike_attachment(
    session_id: UUID, attachment_id: UUID, body: StrikeBody, version: int | None
) -> Any:
    """Strike a file with a reason; row and bytes stay."""

    def act(uow: UnitOfWork) -> AttachmentDetail:
        if uow.load(Attachment, attachment_id).service_session_id != session_id:
            raise NotFoundError("attachment.not_found")
        return _told(uow, attachments.strike(uow, attachment_id, body.reason, version=version))

    return run(act, answer=jsonable)


def _told(uow: UnitOfWork, row: Attachment) -> AttachmentDetail:
    uow.flush()
    return _detail(attachment(uow, row.id))


def _detail(row: AttachmentRow) -> AttachmentDetail:
    return AttachmentDetail(
        id=row.id,
        version=row.version,
        service_session_id=row.service_session_id,
        kind=row.kind,
        name=row.name,
        media_type=row.file_type.media_type,
        size=row.size,
        sha256=row.sha256,
        is_for_both=row.is_for_both,
        added_by=row.added_by,
        added_at=row.added_at,
        struck_at=row.struck_at,
        struck_reason=row.struck_reason,
    )
