"""The two monthly reports after the stories 1 to 9 were played through the service itself.

What the service shows, at its pages, by its API and in the rows it published, is what
tests/unit/domain/data/counting_cases.json expects.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import Engine, create_engine

from app.domain.actor import SYSTEM
from app.domain.service_record import ADDITIVE_NAMES, FIGURE_NAMES
from app.models.period import Adjustment, Period, PublishedFigure
from app.models.service_session import ServiceSession
from app.services import audit_entries
from tests.conftest import missing
from tests.journeys.september.autumn import Autumn, amended_september, closed_september
from tests.journeys.september.people import People
from tests.scenes import Plays
from tests.services.test_self_audits import disarmed
from tests.unit.domain.replay_files import the_cases

EXPECTED = the_cases()["expected"]
REPORTED, RESTATED = EXPECTED["2026-09_as_reported"], EXPECTED["2026-09_restated"]
OCTOBER = EXPECTED["2026-10_own"]
HOURS = ("session_hours", "mentor_hours")
SHARED = Path(os.environ.get("JIEBAN_DOMAIN", Path(__file__).parents[3] / "shared" / "domain"))
SPLITS = ("type", "department", "area", "street", "industry", "category", "confirmation")
_LINK = re.compile(r'href="/bureau/sessions\?([^"]*)">(?:<b[^>]*>)?([\d,.]+)')


@pytest.fixture
def plays() -> Plays:
    return {"amended": amended_september, "closed": closed_september}


@pytest.fixture
def closed(scene: People) -> Autumn:
    return Autumn(scene)


@pytest.fixture
def amended(scene: People) -> Autumn:
    return Autumn(scene)


def of(expected: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the figures that are expected."""
    return {name: found[name] for name in expected}


def published(story: Autumn, month: str = "2026-09") -> dict[str, tuple[Any, ...]]:
    """Return everything that was published of the month, to the last fingerprint."""
    rows = story.district.rows(PublishedFigure)
    periods = {period.id: period.month for period in story.district.rows(Period)}
    return {
        row.measure: (row.id, row.value, tuple(row.rows), row.sha256)
        for row in rows
        if periods[row.period_id] == month
    }


def printed(story: Autumn, month: str) -> dict[tuple[str, ...], str]:
    """Return every number of the report's page, by what its link asks for."""
    page = story.acts.browsers.get(story.people.officer, f"/bureau/reports/{month}")
    return {
        tuple(sorted(f"{name}={value}" for name, value in parse_qsl(unescape(query)))): shown
        for query, shown in _LINK.findall(page)
    }


def key(**asked: str) -> tuple[str, ...]:
    return tuple(sorted(f"{name}={value}" for name, value in asked.items()))


def names_of(story: Autumn, reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons by the ids of the cases instead of those of the database."""
    known = {str(session_id): code for code, session_id in story.ids.items()}
    return {known[session_id]: reason for session_id, reason in reasons.items()}


def test_the_cases_are_those_that_the_bureau_was_given() -> None:
    given = SHARED / "counting_fixture.json"
    if not given.exists():
        missing("domain", f"there is no {given}")
    assert json.loads(given.read_text(encoding="utf-8")) == the_cases()


def test_september_is_reported_as_the_cases_expect(closed) -> None:
    counts = closed.acts.counts(closed.people.officer, "2026-09")

    assert of(REPORTED, counts["as_reported"]) == REPORTED
    assert of(REPORTED, counts["own"]) == of(REPORTED, counts["restated"]) == REPORTED
    assert counts["cut_at"] == "2026-10-13T09:00:00+08:00"
    assert counts["pending"]["awaiting_confirmation"] == 1
    at_the_cut = {**EXPECTED["not_counted"], "A8": "unconfirmed"}
    assert names_of(closed, counts["not_counted"]) == at_the_cut


def test_every_published_figure_is_the_sum_of_the_rows_it_names(closed) -> None:
    frozen = published(closed)
    assert set(frozen) == set(FIGURE_NAMES)
    for name, (_, value, rows, _) in frozen.items():
        assert value == REPORTED.get(name, value), name
        path = f"/counts/rows?month=2026-09&measure={name}&as_reported=true"
        again = closed.acts.programs.get(closed.people.officer, path)
        assert again["value"] == value, name
        assert [row["record_id"] for row in again["items"]] == list(rows), name
        if name in ADDITIVE_NAMES:
            assert sum(row["amount"] for row in again["items"]) == value, name


def test_the_page_of_the_month_says_the_same_and_its_splits_add_up(closed) -> None:
    found = printed(closed, "2026-09")
    for name in ("sessions", "person_times", "distinct_persons", "enterprises", "teams"):
        asked = {"month": "2026-09", "measure": name}
        assert found[key(**asked, basis="reported")] == found[key(**asked)] == str(REPORTED[name])
    for name, hours in zip(("session_minutes", "mentor_minutes"), HOURS, strict=True):
        assert found[key(month="2026-09", measure=name, basis="reported")] == REPORTED[hours]

    sums: dict[tuple[str, str], int] = defaultdict(int)
    for asked, shown in found.items():
        said = dict(each.split("=", 1) for each in asked)
        for by in SPLITS:
            if by in said and said.get("basis") is None:
                sums[by, said["measure"]] += int(shown.replace(",", ""))
    for by in SPLITS:
        for name in ("sessions", "person_times", "session_minutes"):
            assert sums[by, name] == REPORTED[name], (by, name)


def test_after_the_news_september_is_restated_as_the_cases_expect(amended) -> None:
    counts = amended.acts.counts(amended.people.officer, "2026-09")

    assert of(RESTATED, counts["restated"]) == RESTATED
    assert of(REPORTED, counts["as_reported"]) == of(REPORTED, counts["own"]) == REPORTED
    assert names_of(amended, counts["not_counted"]) == EXPECTED["not_counted"]
    found = printed(amended, "2026-09")
    for name in ("sessions", "person_times", "distinct_persons", "enterprises", "teams"):
        asked = {"month": "2026-09", "measure": name}
        shown = (found[key(**asked, basis="reported")], found[key(**asked)])
        assert shown == (str(REPORTED[name]), str(RESTATED[name])), name


def test_october_has_figures_of_its_own_and_the_change_of_september_in_lines_apart(
    amended,
) -> None:
    counts = amended.acts.counts(amended.people.officer, "2026-10")
    assert of(OCTOBER, counts["own"]) == OCTOBER
    assert counts["as_reported"] is None

    summed: dict[str, int] = defaultdict(int)
    posted = amended.district.rows(Adjustment)
    for row in posted:
        assert row.posted_month == "2026-10"
        for name, change in row.deltas["measures"].items():
            summed[name] += change
    assert [row.cause for row in posted] == ["late_confirmation", "correction"]
    for name in ADDITIVE_NAMES:
        if name in REPORTED:
            assert REPORTED[name] + summed[name] == RESTATED[name], name
    page = amended.acts.browsers.get(amended.people.officer, "/bureau/reports/2026-10")
    told = page.partition("上期调整")[2]
    assert "更正影响：人数 +0，企业 +1，团队 +0" in told
    assert [f"<b>{change}</b>" in told for change in ("+1", "+0", "+60")] == [True] * 3


def test_what_was_published_stays_to_the_byte_and_is_the_same_when_run_again(amended) -> None:
    before = published(amended)
    assert {name: before[name][1] for name in REPORTED if name not in HOURS} == {
        name: value for name, value in REPORTED.items() if name not in HOURS
    }
    amended.close_october()

    assert published(amended) == before
    assert published(amended, "2026-10")["sessions"][1] == OCTOBER["sessions"]
    path = "/counts/rows?month=2026-09&measure=enterprises&as_reported=true"
    ventures = amended.acts.programs.get(amended.people.officer, path)
    assert ventures["value"] == REPORTED["enterprises"]


def test_the_trail_of_the_stories_is_sound_and_names_the_record_that_was_tampered_with(
    amended, database_url
) -> None:
    store = amended.district.store
    store.execute(SYSTEM, audit_entries.seal, store.audit_key())
    with store.read(SYSTEM) as reader:
        sound = audit_entries.verify(reader, store.audit_key())
    assert sound.faults == []
    assert sound.entries > 500

    a2 = amended.district.one(ServiceSession, ServiceSession.id == amended.ids["A2"])
    record = amended.district.decision(a2)
    raw: Engine = create_engine(database_url)
    tampered = (
        "UPDATE service_records SET minutes = minutes + 1 WHERE reason IS NULL AND day = :day"
    )
    disarmed(raw, f"{tampered} AND number = :number", day=str(record.day), number=record.number)
    raw.dispose()

    with store.read(SYSTEM) as reader:
        found = audit_entries.verify(reader, store.audit_key()).faults
    assert [fault for fault in found if str(record.id) in map(str, fault.values())]
    assert len(found) == 1
