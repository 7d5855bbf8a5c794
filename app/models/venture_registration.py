"""Registrations of ventures, as they became known; never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Code, Ledger, Prose, references


class VentureRegistration(Ledger, Base):
    """That a venture is registered, as a document of the register shows; the newest one holds."""

    __tablename__ = "venture_registrations"
    PRIVATE = frozenset({"document"})

    venture_id: Mapped[UUID] = references("ventures")
    entity_type: Mapped[Code]
    credit_code: Mapped[str] = mapped_column(String(18))
    registered_on: Mapped[date]
    document: Mapped[Prose]
    noted_by_id: Mapped[UUID] = references("accounts", index=False)
    noted_at: Mapped[datetime]
