import pytest

from app.http.limits import Allowance


def test_an_allowance_comes_back_as_time_passes_and_belongs_to_one_key() -> None:
    passed = [0.0]
    allowance = Allowance(most=2, seconds=10, now=lambda: passed[0])
    assert [allowance.spend("a") for _ in range(3)] == [0, 0, 10]
    assert allowance.spend("b") == 0
    passed[0] = 9.5
    assert allowance.spend("a") == 1
    passed[0] = 10.0
    assert [allowance.spend("a") for _ in range(3)] == [0, 0, 10]


def test_an_allowance_forgets_whoever_asked_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "MOST_KEYS", 2)
    allowance = Allowance(most=1, seconds=10)
    assert [allowance.spend(key) for key in ("a", "b", "c")] == [0, 0, 0]
    assert allowance.spend("b") > 0
    assert allowance.spend("a") == 0
