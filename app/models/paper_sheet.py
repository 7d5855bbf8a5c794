"""Sheets of paper typed in as one batch, and the meeting of each of their rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from app.db import on_violation
from app.domain.paper_sheet import SheetKnownError
from app.models.base import Base, Code, Ledger, Versioned, references

_STANDING = text("voided_at IS NULL")


class PaperSheet(Versioned, Ledger, Base):
    """A sheet with the number printed on it; once taken back it may be typed in again."""

    __tablename__ = "paper_sheets"
    __table_args__ = (
        Index(
            "uq_paper_sheets_number",
            "number",
            unique=True,
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
    )
    PRIVATE = frozenset({"filed_at"})

    number: Mapped[Code]
    day: Mapped[date]
    street: Mapped[Code | None]
    filed_at: Mapped[str]
    entered_by_id: Mapped[UUID] = references("accounts", index=False)
    entered_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]


class PaperSheetRow(Ledger, Base):
    """A row of a sheet, by its printed number, and the meeting it became."""

    __tablename__ = "paper_sheet_rows"
    __table_args__ = (
        UniqueConstraint("paper_sheet_id", "position"),
        UniqueConstraint("service_session_id"),
    )

    paper_sheet_id: Mapped[UUID] = references("paper_sheets", index=False)
    position: Mapped[int]
    service_session_id: Mapped[UUID] = references("service_sessions", index=False)


on_violation(SheetKnownError, "uq_paper_sheets_number", "paper_sheets.number")
