import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
MAKE_UP_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
OFF_WEEKDAYS_2026 = [
    "2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20",
    "2026-02-23 2026-04-06 2026-05-01 2026-05-04 2026-05-05 2026-06-19 2026-09-25",
    "2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07",
]


@pytest.fixture(scope="module")
def days() -> list[dict[str, str]]:
    path = SEEDS / "reference" / "calendar_days.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_utf8_data_with_unix_line_ends() -> None:
    # A scan is what it is; it lies apart.
    scans = {path for path in (SEEDS / "demo" / "files").iterdir() if path.suffix == ".png"}
    files = [path for path in SEEDS.rglob("*") if path.is_file() and path not in scans]
    assert {path.suffix for path in files} <= {".json", ".jsonl", ".csv", ".tsv", ".md"}
    for path in files:
        content = path.read_bytes()
        content.decode("utf-8")
        assert b"\r" not in content, path
        assert content.endswith(b"\n"), path


def test_every_term_has_the_columns_its_vocabulary_declares(vocabularies: dict[str, Any]) -> None:
    for name, vocabulary in vocabularies.items():
        assert vocabulary["rows"], name
        assert {"code", "zh", "en"} <= set(vocabulary["cols"]), name
        for row in vocabulary["rows"]:
            assert list(row) == vocabulary["cols"], (name, row)
            assert re.fullmatch(r"[a-z0-9_]+|[ST]\d\d", row["code"]), (name, row)
            assert row["zh"], (name, row)
            assert row["en"], (name, row)


def test_codes_are_unique_within_a_vocabulary(vocabularies: dict[str, Any]) -> None:
    for name, vocabulary in vocabularies.items():
        codes = [row["code"] for row in vocabulary["rows"]]
        assert len(codes) == len(set(codes)), name


def test_vocabularies_have_the_sizes_the_action_plan_gives(codes: dict[str, set[str]]) -> None:
    assert len(codes) == 26
    assert len(codes["expert_category"]) == 4
    assert len(codes["need_topic"]) == 25
    assert len(codes["area"]) == 6
    assert len(codes["role"]) == 10
    assert len(codes["street"]) == 21


def test_terms_point_only_to_terms_that_exist(
    vocabularies: dict[str, Any], codes: dict[str, set[str]]
) -> None:
    departments = codes["department"]
    assert {row["lead_dept"] for row in vocabularies["need_topic"]["rows"]} <= departments
    assert {row["owner"] for row in vocabularies["plan_indicator"]["rows"]} <= departments
    assert {row["area"] for row in vocabularies["street"]["rows"]} <= codes["area"]
    parents = {row["parent"] for row in vocabularies["industry"]["rows"] if row["parent"]}
    assert parents <= codes["industry"]


def test_calendar_makes_up_for_2026_on_exactly_six_weekend_days(
    days: list[dict[str, str]],
) -> None:
    worked = [day["date"] for day in days if day["kind"] == "workday"]
    assert [day for day in worked if day.startswith("2026")] == MAKE_UP_2026
    assert all(date.fromisoformat(day).weekday() >= 5 for day in worked)


def test_calendar_frees_exactly_the_weekdays_of_the_notice_for_2026(
    days: list[dict[str, str]],
) -> None:
    free = [day["date"] for day in days if day["kind"] == "off"]
    on_weekdays = [
        day for day in free if day.startswith("2026") and date.fromisoformat(day).weekday() < 5
    ]
    assert on_weekdays == " ".join(OFF_WEEKDAYS_2026).split()
    assert {"2026-01-03", "2026-02-15", "2026-04-05", "2026-10-03", "2026-10-04"} <= set(free)


def test_calendar_days_are_sorted_unique_named_and_sourced(days: list[dict[str, str]]) -> None:
    dates = [day["date"] for day in days]
    assert dates == sorted(set(dates))
    for day in days:
        assert list(day) == ["date", "kind", "name", "source", "confirmed"]
        assert day["kind"] in {"workday", "off"}
        assert day["name"]
        assert re.fullmatch(r"国办发明电〔\d{4}〕\d+号", day["source"])
        assert day["confirmed"] == "true"


def test_calendar_of_2025_has_28_days_off_and_5_made_up(days: list[dict[str, str]]) -> None:
    kinds = [day["kind"] for day in days if day["date"].startswith("2025")]
    assert (kinds.count("off"), kinds.count("workday")) == (28, 5)
