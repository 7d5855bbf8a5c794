import threading

import pytest

from app.jobs import watchdog
from app.jobs.watchdog import EXIT_STUCK, MOST_MISSED, STUCK_SECONDS, Pulse, Watchdog


class Steady:
    """A steady clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    clock = Steady()
    monkeypatch.setattr(watchdog, "time", clock)
    return clock


def test_a_process_whose_metronome_calls_is_well() -> None:
    pulse = Pulse()
    dog = Watchdog(lambda: True, pulse)
    for _ in range(10):
        pulse.beat()
        assert dog.fault() is None


def test_a_dead_scheduler_thread_is_a_fault_at_once() -> None:
    assert Watchdog(lambda: False, Pulse()).fault() == "the scheduler's thread is dead"


def test_ticks_that_stop_for_three_intervals_are_a_fault() -> None:
    pulse = Pulse()
    dog = Watchdog(lambda: True, pulse)
    pulse.beat()
    faults = [dog.fault() for _ in range(MOST_MISSED + 1)]
    assert faults[:-1] == [None] * MOST_MISSED
    assert faults[-1] == "no tick for 3 intervals"


def test_a_late_beat_forgives_missed_ones() -> None:
    pulse = Pulse()
    dog = Watchdog(lambda: True, pulse)
    for _ in range(5):
        pulse.beat()
        assert [dog.fault() for _ in range(MOST_MISSED)] == [None] * MOST_MISSED


def test_a_tick_that_comes_no_further_is_a_fault(steady: Steady) -> None:
    pulse = Pulse()
    dog = Watchdog(lambda: True, pulse)
    pulse.begin("work")
    steady.seconds = STUCK_SECONDS
    pulse.beat()
    assert dog.fault() is None
    steady.seconds += 1
    pulse.beat()
    assert dog.fault() == "a tick is stuck"


def test_a_long_tick_that_goes_on_step_by_step_is_well(steady: Steady) -> None:
    pulse = Pulse()
    dog = Watchdog(lambda: True, pulse)
    for _ in range(5):
        pulse.begin("work")
        steady.seconds += STUCK_SECONDS
        pulse.beat()
        assert dog.fault() is None
    pulse.end("work")
    steady.seconds += 2 * STUCK_SECONDS
    pulse.beat()
    assert dog.fault() is None


def test_a_fault_ends_the_process_with_the_status_that_has_it_started_anew() -> None:
    ended: list[int] = []
    dog = Watchdog(lambda: False, Pulse(), look_seconds=0.01, end=ended.append)
    dog.start()
    dog.join(5)
    assert ended == [EXIT_STUCK] == [70]


def test_a_watchdog_called_off_ends_nothing() -> None:
    ended: list[int] = []
    alive = threading.Event()
    dog = Watchdog(alive.is_set, Pulse(), look_seconds=5, end=ended.append)
    dog.start()
    dog.call_off()
    dog.join(5)
    assert not dog.is_alive()
    assert ended == []
