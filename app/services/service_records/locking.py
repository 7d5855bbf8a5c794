"""Who decides waits for who decides on the same day, and for who closes a month.

Two parts of one service confirmed at the same moment would each be decided without the other.
On SQLite there is one writer at a time, which is enough.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from app.unit_of_work import UnitOfWork

# Namespaces of PostgreSQL's two-number advisory locks.
DAYS = 7101
CLOSING = 7102


def lock_days(uow: UnitOfWork, days: Iterable[date]) -> None:
    """Hold off other decisions on these days, and every closing, until the transaction ends."""
    if not _has_advisory_locks(uow):
        return
    uow.session.execute(select(func.pg_advisory_xact_lock_shared(CLOSING, 0)))
    for day in sorted(days):
        uow.session.execute(select(func.pg_advisory_xact_lock(DAYS, day.toordinal())))


def lock_closing(uow: UnitOfWork) -> None:
    """Hold off every decision until the transaction ends, so that the cut is clean."""
    if _has_advisory_locks(uow):
        uow.session.execute(select(func.pg_advisory_xact_lock(CLOSING, 0)))


def _has_advisory_locks(uow: UnitOfWork) -> bool:
    return uow.session.get_bind().dialect.name == "postgresql"
