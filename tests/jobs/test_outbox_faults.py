"""The attack on the outbox in small; `make soak` runs it with 20 000 jobs and a control."""

import pytest

from benchmarks.outbox_faults import Size, run
from benchmarks.outbox_field import Site, forks
from tests.turns import on_both as dialect

__all__ = ["dialect"]


def test_killed_workers_lose_no_row_and_no_message_and_double_none(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    size = Size(rows=200, texts=50, kills=8, stalls=0)
    outcome = run(Site(database_url, "", 0.0), size, forks())
    with capsys.disabled():
        print(f"\n{database_url.partition(':')[0]}: {outcome}")  # noqa: T201  # the figures
    assert outcome.faults == 0
    assert outcome.kills == size.kills
    assert outcome.struck * 2 >= outcome.kills
