"""Random histories played through the services, each counted again from what was stored."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.actor import SYSTEM
from app.domain.calendar import Month, day_ends_at, day_starts_at
from app.domain.clock import FixedClock
from app.domain.service_record import (
    ADDITIVE_NAMES,
    FIGURE_NAMES,
    SplitBy,
    Status,
    merging,
    split,
    split_persons,
    split_ventures,
)
from app.models.period import Adjustment, Period, PublishedFigure
from app.models.service_record import CountingPolicyRow, ServiceRecord
from app.queries import service_counts
from app.queries.service_counts import neighbours
from app.services import periods
from app.services.experts import leaving
from app.services.service_records import counting
from app.services.service_records.rechecking import recheck
from app.unit_of_work import Store
from tests import databases, scenes
from tests.bundles import verifier
from tests.depth import THOROUGH
from tests.journeys.town import Act
from tests.journeys.town_life import TownLife as Town
from tests.lent import lend
from tests.moments import START
from tests.turns import DIALECTS

EXAMPLES = 400 if THOROUGH else 12
MONTHS = [Month(2026, number) for number in (8, 9, 10, 11, 12)]
_BY_THEMSELVES = ("pending",)
_SMALL = st.integers(0, 11)
# Meetings and words on them are the most of what happens.
VERBS = (
    *("hold", "hold", "hold", "paper", "paper", "paper", "record", "record", "record"),
    *("confirm", "confirm", "confirm", "compare", "compare", "compare", "correct", "correct"),
    *("served", "served", "served", "served", "signed", "signed", "signed", "doubted"),
    *("close", "close", "wait", "miss", "contest", "rule", "rule", "link", "tie", "waived"),
    *("register", "extend", "dismiss", "identify", "split", "split", "contested", "stricter"),
)
HISTORIES = st.lists(st.builds(Act, st.sampled_from(VERBS), _SMALL, _SMALL, _SMALL), max_size=24)


@dataclass(frozen=True)
class Ground:
    """Where towns are built: a database server, or none for files, and the template."""

    dialect: str
    server: str | None
    template: str

    @contextmanager
    def town(self) -> Iterator[Town]:
        """Give a town of one's own, in which nothing has happened."""
        lent = lend(self.server, self.template)
        clock = FixedClock(START)
        try:
            store = Store(lent.engine(), clock, databases.AUDIT_KEY)
            yield scenes.reopened(self.dialect, self.template, store, clock)
        finally:
            lent.take_back()


@pytest.fixture(scope="module", params=DIALECTS if THOROUGH else ["sqlite"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """In a thorough run towns stand on both databases."""
    server = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
    else:
        databases.sqlite_template(databases.shared_folder())
    return Ground(request.param, server, scenes.template(request.param, server, Town))


class Books:
    """What is stored, and the same made again without the service."""

    def __init__(self, town: Town) -> None:
        self.town, self.district = town, town.district
        self.frozen: dict[Any, tuple[Any, ...]] = {}

    def look_over(self) -> None:
        """Hold every invariant against the books as they are now."""
        self._decided_again()
        for month in MONTHS:
            self._counted_again(month)
        self._frozen_stays()

    def just_closed(self) -> None:
        """Count the closed month again as it was known at its cut, by the verifier's rules."""
        period = max(self.district.rows(Period), key=lambda row: row.month)
        known = self._newest(until=period.cut_at)
        decided = verifier.decide([row.inputs for row in known], self._policies(), period.cut_at)
        again = verifier.count(decided, period.month)
        ids = {str(row.service_session_id): str(row.id) for row in known}
        rows = self.district.rows(PublishedFigure, PublishedFigure.period_id == period.id)
        assert {row.measure for row in rows} == set(FIGURE_NAMES)
        for row in rows:
            value, sessions = again[row.measure]
            assert (row.value, row.rows) == (value, [ids[key] for key in sessions]), row.measure

    def _decided_again(self) -> None:
        known = self._newest()
        decided = verifier.decide([row.inputs for row in known], self._policies(), self.town.now)
        for row in known:
            again, stored = decided[str(row.service_session_id)], row.detail
            for name in verifier.COMPARED:
                assert again[name] == stored[name], (name, row.reason, row.cause)
            is_apart = row.reason == "outside_district" and row.status == Status.COUNTED_APART
            assert (row.reason is None) is (row.status != Status.NOT_COUNTED and not is_apart)
            assert stored["reasons"][:1] == ([row.reason] if row.reason else [])

        with self.district.store.read(SYSTEM) as reader:
            for month in MONTHS:
                assert list(recheck(reader, month)) == []

    def _counted_again(self, month: Month) -> None:
        counts = self._measures(month)
        decided = [row for row in self._newest() if row.month == str(month)]
        headline = [row.detail for row in decided if row.status == Status.COUNTED]
        restated = counts.restated
        assert restated.additive.sessions == len(headline)
        assert restated.additive.session_minutes == sum(each["minutes"] for each in headline)
        persons = {person for each in headline for person in each["person_ids"]}
        assert restated.distinct_persons == len(persons)
        assert set(map(str, counts.not_counted)) == {
            str(row.service_session_id) for row in decided if row.status == Status.NOT_COUNTED
        }
        self._splits(month, counts)
        if counts.as_reported is not None:
            self._adjusted(month, counts)

    def _splits(self, month: Month, counts: Any) -> None:
        for by in SplitBy:
            summed: Counter[str] = Counter()
            for part in split(counts.decisions, month, by).values():
                summed.update({name: getattr(part, name) for name in ADDITIVE_NAMES})
            for name in ADDITIVE_NAMES:
                assert summed[name] == getattr(counts.restated.additive, name), (by, name)
        groups = split_persons(counts.decisions, month).values()
        assert sum(each.person_times for each in groups) == counts.restated.additive.person_times
        assert sum(each.distinct_persons for each in groups) == counts.restated.distinct_persons
        for by in (SplitBy.AREA, SplitBy.STREET, SplitBy.INDUSTRY):
            parts = split_ventures(counts.decisions, month, by).values()
            assert sum(each.enterprises for each in parts) == counts.restated.enterprises
            assert sum(each.teams for each in parts) == counts.restated.teams

    def _adjusted(self, month: Month, counts: Any) -> None:
        (period,) = self.district.rows(Period, Period.month == str(month))
        moved: dict[str, int] = defaultdict(int)
        for row in self.district.rows(Adjustment, Adjustment.period_id == period.id):
            assert row.posted_month > str(month)
            for name, change in row.deltas["measures"].items():
                moved[name] += change
        for name in ADDITIVE_NAMES:
            reported = getattr(counts.as_reported.additive, name)
            assert reported + moved[name] == getattr(counts.restated.additive, name), name

    def _frozen_stays(self) -> None:
        now = {
            row.id: (row.measure, row.value, row.rows, row.sha256)
            for row in self.district.rows(PublishedFigure)
        }
        assert self.frozen.items() <= now.items()
        self.frozen = now

    def _newest(self, until: Any = None) -> list[ServiceRecord]:
        newest: dict[Any, ServiceRecord] = {}
        for row in self.district.rows(ServiceRecord):
            if until is not None and row.decided_at > until:
                continue
            held = newest.get(row.service_session_id)
            if held is None or held.number < row.number:
                newest[row.service_session_id] = row
        return sorted(newest.values(), key=lambda row: row.id)

    def _policies(self) -> list[dict[str, Any]]:
        return [
            {"code": row.code, "valid_from": row.valid_from.isoformat(), "rules": row.rules}
            for row in self.district.rows(CountingPolicyRow)
        ]

    def _measures(self, month: Month) -> Any:
        with self.district.store.read(self.district.approver) as reader:
            return service_counts.measures(reader, month)


def played(town: Town, history: list[Act]) -> Books:
    """Play a history and hold the books against it after each closing and at its end."""
    books = Books(town)
    for act in history:
        if town.play(act) and act.verb == "close":
            books.just_closed()
            books.look_over()
    books.look_over()
    return books


# Defects planted in the service: what is put in the place of what, and a history that shows it.
PLANTED: dict[str, tuple[Any, str, Any, list[Act]]] = {
    "a pause of 121 minutes merges": (
        merging,
        "_continues",
        lambda case, group: case.facts.is_timed and not case.is_text,
        [Act("wait", 0), Act("split", 0, 0, 3)],
    ),
    "news of a closed month is not posted": (
        counting,
        "adjust",
        lambda uow, news: None,
        [Act("hold", 0, 0, 1), Act("record"), Act("close"), Act("confirm", 0, 0, 1)],
    ),
    "a meeting touches the day of its start alone": (
        neighbours,
        "_touches",
        lambda day: neighbours._STARTS_AT.between(day_starts_at(day), day_ends_at(day)),
        [Act("served", 0, 1, 4), Act("signed", 0, 0, 0)],
    ),
    "what was held stays as it was when a term ends early": (
        leaving,
        "decide_anew",
        lambda uow, expert_id, cause: None,
        [Act("served", 2, 0, 1), Act("dismiss")],
    ),
    "a month is closed without what is known": (
        periods,
        "known_at",
        lambda look, month, instant: {},
        [Act("served", 0, 0, 1), Act("close")],
    ),
}


@pytest.mark.parametrize("defect", PLANTED)
def test_a_defect_that_is_planted_is_caught(ground: Ground, monkeypatch, defect: str) -> None:
    place, name, instead, history = PLANTED[defect]
    with ground.town() as town:
        played(town, history)
    monkeypatch.setattr(place, name, instead)
    with ground.town() as town, pytest.raises(AssertionError):
        played(town, history)


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES)
def test_whatever_happens_the_books_can_be_made_again(ground: Ground, history: list[Act]) -> None:
    with ground.town() as town:
        played(town, history)
