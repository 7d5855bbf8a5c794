"""The machine of bookings, run against the pure model, and with guards taken away."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.services.bookings import claims, versions
from app.unit_of_work import Store
from tests.depth import THOROUGH
from tests.machine.booking_machine import BookingMachine

EXAMPLES = 1000 if THOROUGH else 34
STEPS_AN_EXAMPLE = 80
LEAST_STEPS = 2500
# Many short walks: what a walk may do differs more from one to the next than within one.
TO_FIND = (400, 25)
# What one walk alone may miss; the three on SQLite must not.
RARE = frozenset({"take offer", "decline offer"})
SHARDS = [("sqlite", 1), ("sqlite", 2), ("sqlite", 3), ("postgresql", 6)]


def run(
    store: Store, number: int, examples: int = EXAMPLES, length: int = STEPS_AN_EXAMPLE
) -> Counter[str]:
    steps: Counter[str] = Counter()
    machine = type("Machine", (BookingMachine,), {"store": store, "steps": steps})
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            database=None,
            # Shrinking takes minutes; a failing run names its steps and is the same each time.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return steps


@pytest.mark.parametrize(("dialect", "number"), SHARDS)
def test_service_and_model_tell_the_same_after_every_step(
    store: Store, dialect: str, number: int
) -> None:
    steps = run(store, number)

    assert sum(steps.values()) >= LEAST_STEPS, steps
    rare = RARE if dialect == "postgresql" else frozenset()
    few = [name for name in BookingMachine.MUST_HAPPEN if not steps[name] and name not in rare]
    assert not few, steps


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_machine_finds_that_moved_claims_are_no_longer_guarded(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_resource_claims_update")

    with pytest.raises(AssertionError):
        run(store, 8, *TO_FIND)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_machine_finds_that_old_pages_are_good_enough(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def anything(row: object, version: object) -> None:
        """Every version will do."""

    monkeypatch.setattr(versions.ensure_version, "__code__", anything.__code__)

    with pytest.raises(AssertionError):
        run(store, 6, *TO_FIND)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_machine_finds_that_nobody_lets_go_of_what_ran_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "_release_run_out", lambda uow, resource_ids: None)

    with pytest.raises(AssertionError):
        run(store, 7, *TO_FIND)
