"""Controlled vocabularies: codes that never change, labels in two languages."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Code, Json, Label


class Term(Base):
    """One code of one vocabulary; retired terms keep their meaning for old rows."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("vocabulary", "code"),)

    vocabulary: Mapped[Code]
    code: Mapped[Code]
    zh: Mapped[Label]
    en: Mapped[Label]
    position: Mapped[int]
    attributes: Mapped[Json]
    is_retired: Mapped[bool] = mapped_column(default=False)
