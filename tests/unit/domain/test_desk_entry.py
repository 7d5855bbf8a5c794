from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.desk_entry import (
    AlreadyUndoneError,
    OthersEntryError,
    UndoOverError,
    ensure_undoable,
)
from tests.moments import START

CLERK, OTHER = UUID(int=1), UUID(int=2)
TEN = timedelta(minutes=10)


def test_who_entered_it_takes_it_back_until_ten_minutes_are_over() -> None:
    ensure_undoable(CLERK, START, None, CLERK, START)
    ensure_undoable(CLERK, START, None, CLERK, START + TEN - timedelta(seconds=1))
    with pytest.raises(UndoOverError) as refused:
        ensure_undoable(CLERK, START, None, CLERK, START + TEN)
    assert refused.value.facts["until_at"] == START + TEN


def test_nobody_else_takes_it_back_and_nobody_twice() -> None:
    with pytest.raises(OthersEntryError):
        ensure_undoable(CLERK, START, None, OTHER, START)
    with pytest.raises(AlreadyUndoneError):
        ensure_undoable(CLERK, START, START, CLERK, START + TEN * 2)
