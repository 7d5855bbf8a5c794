import json
import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.service_record import CorrectionOp
from app.factory import create_app
from app.models.service_session import ServiceSession
from app.unit_of_work import Store
from tests.journeys.district import District
from tests.moments import at
from tests.scenes import Plays
from tests.serving import app, serve, settings

__all__ = ["app", "serve"]

CASES = Path(__file__).parents[1] / "unit" / "domain" / "data" / "counting_cases.json"
FIXTURE = Path(os.environ.get("JIEBAN_COUNTING_FIXTURE", "../shared/domain/counting_fixture.json"))


def call(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def two_served(store: Store, clock: FixedClock) -> District:
    district = District(store, clock)
    founder = district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))
    mentor = district.mentor("高源")
    district.served(mentor, founder, "09-17 14:00", 55)
    district.served(mentor, founder, "09-18 14:00", 20)
    return district


@pytest.fixture
def plays() -> Plays:
    return {"district": two_served}


@pytest.fixture
def district(scene: District) -> District:
    return scene


@pytest.fixture
def nowhere(tmp_path: Path) -> Flask:
    """An application whose database cannot be opened."""
    return create_app(settings(database_url=f"sqlite:///{tmp_path}/no/such/folder.db"))


def test_the_figures_of_a_month_are_one_document(app: Flask, district: District) -> None:
    result = call(app, "counts", "show", "--month", "2026-09", "--json")

    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["own"]["sessions"], told["own"]["session_hours"]) == (1, "0.9")
    assert (told["as_reported"], told["restated"]) == (None, told["own"])
    assert list(told["not_counted"].values()) == ["below_minimum"]


def test_a_closed_month_shows_what_was_reported(app: Flask, district: District) -> None:
    district.wait_until("10-13 09:00")
    closed = call(app, "periods", "close", "2026-09", "--json")
    assert json.loads(closed.stdout)["cut_at"] == "2026-10-13T09:00:00+08:00"

    told = json.loads(call(app, "counts", "show", "--month", "2026-09", "--json").stdout)
    assert told["as_reported"]["sessions"] == 1
    assert told["closed_at"] == "2026-10-13T09:00:00+08:00"
    assert "sessions: 1 (as reported 1)" in call(app, "counts", "show", "--month", "2026-09").stdout


def test_posted_changes_are_in_the_document(app: Flask, district: District) -> None:
    district.close(Month(2026, 9), "10-13 09:00")
    session = next(s for s in district.rows(ServiceSession) if s.actual_start == at("09-17 14:00"))
    district.correct(session, CorrectionOp.VOID, None, "10-20 10:00")

    told = json.loads(call(app, "counts", "show", "--month", "2026-10", "--json").stdout)
    (change,) = told["adjustments"]
    assert (change["month"], change["additive"]["sessions"]) == ("2026-09", -1)
    assert change["postings"][0]["cause"] == "correction"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("periods", "close", "2026-09"), 1, "period.too_early"),
        (("periods", "close", "2026-10"), 1, "period.out_of_order"),
        (("periods", "close", "September"), 2, "calendar.month_invalid"),
        (("counts", "show", "--month", "2026-13"), 2, "calendar.month_invalid"),
        (("counts", "show"), 2, "--month"),
        (("counts", "replay", "no-such-file.json"), 2, "no-such-file.json"),
    ],
)
def test_a_refusal_is_told_and_exits_by_its_kind(
    app: Flask, district: District, words: tuple[str, ...], code: int, said: str
) -> None:
    district.wait_until("10-12 09:00")
    result = call(app, *words)

    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_a_file_is_replayed_without_a_database(nowhere: Flask) -> None:
    expected = json.loads(CASES.read_text(encoding="utf-8"))["expected"]

    result = call(nowhere, "counts", "replay", str(CASES), "--json")

    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == expected


@pytest.mark.parametrize("text", ["{", "[]", '{"sessions": []}', "\xff\xfe", "[" * 100_000])
def test_a_file_that_is_not_understood_exits_with_2(
    nowhere: Flask, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text, encoding="latin-1")

    result = call(nowhere, "counts", "replay", str(file), "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "counting.unknown_input" in result.stderr


def test_the_districts_counting_fixture_is_reproduced(nowhere: Flask) -> None:
    if not FIXTURE.exists():
        pytest.skip(f"{FIXTURE} is not here; name it in JIEBAN_COUNTING_FIXTURE")
    expected = json.loads(FIXTURE.read_text(encoding="utf-8"))["expected"]

    result = call(nowhere, "counts", "replay", str(FIXTURE), "--json")

    assert json.loads(result.stdout) == expected
