"""What every row shares that one account makes and another checks."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.models.base import Base, Ledger, Versioned, references


class Checked(Versioned, Ledger, Base):
    """A row of a ledger with its maker and its checker, who are never the same.

    Each kind says in HANDS which status waits for the check and what refuses; the database
    refuses the maker as checker with the same error.
    """

    __abstract__ = True
    HANDS: ClassVar[TwoHands]

    status: Mapped[Any]
    made_by_id: Mapped[UUID] = references("accounts", index=False)
    made_at: Mapped[datetime]
    checked_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id"),
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> made_by_id", name="two_people"),
    )
    checked_at: Mapped[datetime | None]

    def __init_subclass__(cls, **options: Any) -> None:
        """Say which error a breach of the constraint means."""
        super().__init_subclass__(**options)
        on_violation(cls.HANDS.same_hands, f"ck_{cls.__tablename__}_two_people")
