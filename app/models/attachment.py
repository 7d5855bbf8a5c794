"""Files that show what happened at a meeting; their bytes lie outside the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.attachment import AttachmentKind, KnownFileError
from app.domain.file_type import FileType
from app.models.base import Base, Ledger, Prose, Versioned, enum_of, references

_STANDING = text("struck_at IS NULL")


class Attachment(Versioned, Ledger, Base):
    """One file of one meeting: what it is, its hash, who put it in; struck, never deleted.

    Mentor and founder see what they put in themselves, and what `is_for_both`.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL)"
            " AND (struck_at IS NULL) = (struck_reason IS NULL)",
            name="struck_with_reason",
        ),
        Index(
            "uq_attachments_once",
            "service_session_id",
            "kind",
            "sha256",
            "added_by_id",
            unique=True,
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
    )
    PRIVATE = frozenset({"name", "struck_reason"})

    service_session_id: Mapped[UUID] = references("service_sessions")
    kind: Mapped[AttachmentKind] = mapped_column(enum_of(AttachmentKind))
    name: Mapped[str]
    file_type: Mapped[FileType] = mapped_column(enum_of(FileType))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    is_for_both: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[UUID] = references("accounts", index=False)
    added_at: Mapped[datetime]
    struck_by_id: Mapped[UUID | None] = references("accounts", index=False)
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[Prose | None]


on_violation(
    KnownFileError,
    "uq_attachments_once",
    "attachments.service_session_id, attachments.kind, attachments.sha256, attachments.added_by_id",
)
