from enum import StrEnum
from uuid import UUID

import pytest

from app.domain.checking import TwoHands, ensure_another
from app.domain.errors import ConflictError, RuleError

ONE, OTHER = UUID(int=1), UUID(int=2)


class Stage(StrEnum):
    WAITS = "waits"
    DONE = "done"


class SameHandsError(RuleError):
    default_code = "thing.same_hands"


class DoneError(ConflictError):
    default_code = "thing.done"


HANDS = TwoHands(Stage.WAITS, SameHandsError, DoneError)


def test_another_decides_on_what_waits() -> None:
    HANDS.ensure(Stage.WAITS, ONE, OTHER)
    ensure_another(ONE, OTHER, SameHandsError)


def test_who_made_it_does_not_decide() -> None:
    with pytest.raises(SameHandsError):
        HANDS.ensure(Stage.WAITS, ONE, ONE)
    with pytest.raises(SameHandsError):
        ensure_another(ONE, ONE, SameHandsError)


@pytest.mark.parametrize("checker", [ONE, OTHER])
def test_what_was_decided_says_so_first(checker) -> None:
    with pytest.raises(DoneError) as error:
        HANDS.ensure(Stage.DONE, ONE, checker)
    assert error.value.facts == {"status": "done"}
