"""Targets of the action plan."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Base, Code


class Indicator(Base):
    """A target of 济历城政办字〔2025〕3号, with its own logic of time."""

    __tablename__ = "indicators"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[Code]
    zh: Mapped[str]
    en: Mapped[str]
    comparison: Mapped[Code]
    target: Mapped[str]
    unit: Mapped[Code]
    kind: Mapped[Code]
    clause: Mapped[str]
    owner: Mapped[Code]
    baseline_on: Mapped[date]
