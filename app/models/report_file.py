"""Reports as files: who asked, how far they have come, and their bytes for thirty days."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.report_file import ReportFileStatus, ReportFormat
from app.models.base import Base, Code, Versioned, enum_of, references

_UNDER_WAY = text("status IN ('waiting', 'making')")


class ReportFile(Versioned, Base):
    """One report of one stretch; of the same kind only one is made at a time.

    The bytes are rows too, because web and job processes share nothing but the database.
    """

    __tablename__ = "report_files"
    __table_args__ = (
        Index(
            "uq_report_files_under_way",
            "stretch",
            "format",
            unique=True,
            postgresql_where=_UNDER_WAY,
            sqlite_where=_UNDER_WAY,
        ),
    )

    stretch: Mapped[Code]
    format: Mapped[ReportFormat] = mapped_column(enum_of(ReportFormat))
    status: Mapped[ReportFileStatus] = mapped_column(enum_of(ReportFileStatus))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    asked_by_id: Mapped[UUID] = references("accounts", index=False)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    kept_until: Mapped[datetime | None]


class ReportFilePart(Base):
    """One mebibyte of a file."""

    __tablename__ = "report_file_parts"
    __table_args__ = (UniqueConstraint("report_file_id", "number"),)

    report_file_id: Mapped[UUID] = references("report_files", index=False)
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
