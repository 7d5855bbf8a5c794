"""The clocks, and identifiers as they are written."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.clock import ClockFileError, FileClock, FixedClock, SystemClock
from app.domain.ids import new_id, parse_id
from tests.moments import START


def test_the_machines_clock_tells_an_aware_instant() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= before + timedelta(minutes=1)


def test_a_fixed_clock_stands_until_it_is_put() -> None:
    clock = FixedClock(START)
    assert clock.now() == clock.now() == START
    clock.put(START + timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1)


def test_the_clock_of_a_file_is_read_anew_and_goes_forward_only(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = FileClock(file)
    with pytest.raises(ClockFileError):
        clock.now()
    file.write_text("2026-09-16T10:00:00+08:00\n", encoding="utf-8")
    assert clock.now() == clock.now() == START
    file.write_text("2026-09-17T10:00:00+08:00", encoding="utf-8")
    assert clock.now() == START + timedelta(days=1)
    for text, cause in (
        ("2026-09-16T10:00:00+08:00", "went back"),
        ("2026-09-18T10:00:00", "no offset"),
        ("tomorrow", "isoformat"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ClockFileError) as refused:
            clock.now()
        assert cause in str(refused.value.facts["cause"])


def test_an_identifier_is_read_in_its_one_form_alone() -> None:
    key = new_id()
    assert (parse_id(str(key)), parse_id(str(key).upper())) == (key, key)
    for text in (key.hex, f"{{{key}}}", "nobody", ""):
        assert parse_id(text) is None
