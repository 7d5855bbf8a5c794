"""Three job processes killed, stopped and misled about the time; the long form is a benchmark."""

from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from benchmarks import node_faults
from benchmarks.faulty_node import Site
from benchmarks.node_attack import Tally
from benchmarks.node_faults import Verdict
from tests.turns import on_each

LEASE_SECONDS, PACE = 1.0, 0.2
FAULTS, CONTROL = 4, 2
# Other tests run at the same time; the benchmark measures.
GRACE_SECONDS = 5.0
Attack = Callable[..., tuple[Site, Tally, Verdict]]


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    return node_faults.nodes_context()


@pytest.fixture
def attack(database_url: str, tmp_path: Path, forks: ForkServerContext) -> Attack:
    def attack_(faults: int, *, fenced: bool) -> tuple[Site, Tally, Verdict]:
        site = Site(database_url, tmp_path, LEASE_SECONDS, PACE, fenced)
        tally, verdict = node_faults.run(site, forks, faults)
        node_faults.tell(site, tally, verdict)
        return site, tally, verdict

    return attack_


@on_each
def test_whatever_befalls_the_leader_and_the_clocks_nothing_is_doubled_or_missed(
    attack: Attack,
) -> None:
    site, tally, verdict = attack(FAULTS, fenced=True)
    assert node_faults.faults_of(site, tally, verdict, GRACE_SECONDS) == []
    assert sum(tally.faults.values()) == FAULTS
    assert set(tally.events) == set(node_faults.EVENTS)
    assert len(tally.takeovers) >= FAULTS - 1
    assert verdict.slots > FAULTS


def test_without_fences_the_same_faults_double_slots(attack: Attack) -> None:
    _, tally, verdict = attack(CONTROL, fenced=False)
    assert tally.struck == CONTROL
    assert verdict.doubled > 0
