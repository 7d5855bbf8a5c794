import pytest

from app.domain.actor import PERMISSIONS
from app.domain.task import RULES, ClosesItselfError, TaskKind, ensure_closes_by_hand, key_of_year


def test_every_kind_of_task_says_what_it_is_about_and_somebody_may_do_it() -> None:
    assert RULES.keys() == set(TaskKind)
    held = frozenset().union(*PERMISSIONS.values())
    assert all(rule.acts in held for rule in RULES.values())


@pytest.mark.parametrize("kind", TaskKind)
def test_a_note_closes_only_what_a_person_decides(kind: TaskKind) -> None:
    if RULES[kind].by_hand:
        ensure_closes_by_hand(kind)
    else:
        with pytest.raises(ClosesItselfError):
            ensure_closes_by_hand(kind)


def test_a_year_is_always_named_by_the_same_key() -> None:
    assert key_of_year(2027) == key_of_year(2027) != key_of_year(2028)
