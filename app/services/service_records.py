"""Decisions on what counts: one version a change, in the transaction of the change."""

from uuid import UUID

from app.unit_of_work import UnitOfWork


def count(uow: UnitOfWork, session_id: UUID, *, cause: str) -> None:
    """Decide the session, and those it may be merged with, on what is known now."""
