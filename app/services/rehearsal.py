"""A use case done for good, or rehearsed: everything happens, nothing remains."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from app.unit_of_work import UnitOfWork

Result = TypeVar("Result")


class _OverError(Exception):
    """The rehearsal is over; undoes what was done."""


def perform(uow: UnitOfWork, act: Callable[[], Result], *, for_good: bool) -> Result:
    """Return what the act returns; not for good, the database has spoken and keeps nothing.

    Raises:
        DomainError: as the act raises it, rehearsed or not.
    """
    if for_good:
        return act()
    results: list[Result] = []
    with suppress(_OverError), uow.attempt():
        results.append(act())
        uow.flush()
        raise _OverError
    return results[0]
