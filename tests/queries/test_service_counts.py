from uuid import UUID, uuid4

import pytest

from app.domain.actor import Actor, Role
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.errors import NotFoundError
from app.domain.service_record import (
    ADDITIVE_NAMES,
    FIGURE_NAMES,
    CorrectionOp,
    UnknownMeasureError,
    figure,
)
from app.domain.service_record.slices import Labels
from app.domain.stretch import Stretch
from app.models.period import PublishedFigure
from app.models.service_session import ServiceSession
from app.queries import service_counts
from app.queries.service_counts import MonthCounts, RowsPage, View
from app.queries.service_counts.decisions import of_month
from app.queries.service_counts.stretches import StretchCounts, stretch_counts
from app.unit_of_work import Store
from tests.acquainted import People, acquainted, district, founder, mentor
from tests.builders import staff
from tests.founder_road import statements
from tests.journeys.district import District
from tests.scenes import Plays

__all__ = ["district", "founder", "mentor"]

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


def met(store: Store, clock: FixedClock) -> People:
    """Two counted meetings on different topics and one that is too short."""
    people = acquainted(store, clock)
    people.meet("09-16 14:00", 55)
    people.meet("09-17 14:00", 45, "finance_tax")
    people.meet("09-18 14:00", 20, "finance_tax")
    return people


@pytest.fixture
def plays() -> Plays:
    return {"sessions": met, "district": acquainted}


@pytest.fixture
def sessions(scene: People) -> list[ServiceSession]:
    return scene.sessions


def counts(district: District, month: Month, actor: Actor | None = None) -> MonthCounts:
    with district.store.read(actor or district.approver) as reader:
        return service_counts.measures(reader, month)


def stretch(district: District, asked: Stretch, actor: Actor | None = None) -> StretchCounts:
    with district.store.read(actor or district.approver) as reader:
        return stretch_counts(reader, asked)


def rows(
    district: District, measure: str, *view: View, actor: Actor | None = None, **page
) -> RowsPage:
    with district.store.read(actor or district.approver) as reader:
        return service_counts.rows(reader, SEPTEMBER, measure, *view, **page)


def test_an_open_month_has_its_own_figures_and_nothing_reported(district, sessions) -> None:
    month = counts(district, SEPTEMBER)

    assert (month.month, month.policy, month.is_closed) == ("2026-09", "LC-COUNT-1", False)
    assert (month.as_reported, month.cut_at, month.adjustments) == (None, None, ())
    assert month.own == month.restated
    figures = month.own.figures()
    assert [figures[n] for n in ("sessions", "session_hours", "enterprises")] == [2, "1.7", 1]
    assert month.not_counted == {sessions[2].id: "below_minimum"}


def test_a_month_without_services_has_zeros(district) -> None:
    assert set(counts(district, OCTOBER).own.figures().values()) == {0, "0.0"}


def test_published_figures_equal_those_made_again_from_their_rows(district, sessions) -> None:
    district.close(SEPTEMBER, "10-13 09:00")

    with district.store.read(district.approver) as reader:
        decisions = [version.decision for version in of_month(reader, SEPTEMBER).values()]
    published = {row.measure: row.value for row in district.rows(PublishedFigure)}
    assert published == {name: figure(decisions, SEPTEMBER, name) for name in FIGURE_NAMES}


def test_a_month_tells_what_was_posted_in_it_and_the_next_one_does_not(
    district, sessions, founder
) -> None:
    district.close(SEPTEMBER, "10-13 09:00")
    district.correct(sessions[0], CorrectionOp.VOID, None, "10-20 10:00")
    district.close(OCTOBER, "11-06 09:00")
    district.correct(sessions[1], CorrectionOp.VOID, None, "11-10 10:00")

    (october,) = counts(district, OCTOBER).adjustments
    (november,) = counts(district, Month(2026, 11)).adjustments
    assert [change.additive.session_minutes for change in (october, november)] == [-55, -45]
    assert [change.recomputed.distinct_persons for change in (october, november)] == [0, -1]
    assert [change.recomputed.enterprises for change in (october, november)] == [0, -1]
    assert counts(district, SEPTEMBER).restated.additive.sessions == 0


@pytest.mark.parametrize("name", [*ADDITIVE_NAMES, "distinct_persons", "enterprises", "teams"])
def test_the_rows_sum_to_the_figure(district, sessions, name: str) -> None:
    page = rows(district, name)

    assert page.value == counts(district, SEPTEMBER).own.figures()[name]
    assert page.value == sum(row.amount for row in page.rows)


def test_beside_the_rows_stand_those_that_do_not_count_and_why(district, sessions) -> None:
    page = rows(district, "sessions")

    assert [row.session_id for row in page.rows] == [sessions[0].id, sessions[1].id]
    assert [row.reference for row in page.rows] == [s.reference for s in sessions[:2]]
    (short,) = page.not_counted
    assert (short.session_id, short.reason, short.rule) == (
        sessions[2].id,
        "below_minimum",
        "minimum",
    )
    assert short.record_id == district.decision(sessions[2]).id


def test_rows_are_paged_by_key_and_every_page_tells_the_whole_figure(district, sessions) -> None:
    first = rows(district, "session_minutes", limit=1)
    second = rows(district, "session_minutes", limit=1, after=first.next)

    assert [page.value for page in (first, second)] == [100, 100]
    assert [page.rows[0].amount for page in (first, second)] == [55, 45]
    assert (first.next, second.next) == (sessions[0].id, None)
    assert (len(first.not_counted), second.not_counted) == (1, ())


def test_rows_of_a_part_sum_to_the_part(district, sessions) -> None:
    page = rows(district, "session_minutes", View(Labels(department="xzspj")))

    assert (page.value, [row.session_id for row in page.rows]) == (55, [sessions[0].id])


def test_rows_as_reported_stay_when_the_record_is_corrected(district, sessions) -> None:
    assert rows(district, "sessions", View(as_reported=True)).rows == ()
    district.close(SEPTEMBER, "10-13 09:00")
    district.correct(sessions[0], CorrectionOp.VOID, None, "10-20 10:00")

    reported = rows(district, "sessions", View(as_reported=True))
    assert (reported.value, rows(district, "sessions").value) == (2, 1)
    published = district.one(PublishedFigure, PublishedFigure.measure == "sessions")
    assert {row.record_id for row in reported.rows} == set(map(UUID, published.rows))


def test_a_quarter_keeps_what_its_months_reported_beside_what_is_known_now(
    district, sessions
) -> None:
    quarter = Stretch.parse("2026-Q3")
    before = stretch(district, quarter)
    assert (before.as_reported, before.known.measures.additive.sessions) == (None, 2)
    district.close(SEPTEMBER, "10-13 09:00")
    frozen = counts(district, SEPTEMBER).as_reported
    assert stretch(district, quarter).as_reported == frozen
    for session, when in zip(sessions, ("10-20 10:00", "10-21 10:00"), strict=False):
        district.correct(session, CorrectionOp.VOID, None, when)
        after = stretch(district, quarter)
        assert after.as_reported == frozen
        assert after.known.measures == counts(district, SEPTEMBER).restated
    assert after.known.measures.distinct_persons == after.known.measures.enterprises == 0
    assert frozen.distinct_persons == frozen.enterprises == 1
    liaison = staff(district.store, Role.DEPT_LIAISON, department="xzspj")
    assert stretch(district, quarter, liaison).as_reported is None


def test_an_unknown_figure_or_place_is_refused(district, sessions) -> None:
    with pytest.raises(UnknownMeasureError):
        rows(district, "happiness")
    with pytest.raises(NotFoundError):
        rows(district, "sessions", after=uuid4())


def test_a_department_sees_its_own_services_and_their_sum(district, sessions) -> None:
    liaison = staff(district.store, Role.DEPT_LIAISON, department="xzspj")
    district.close(SEPTEMBER, "10-13 09:00")

    month = counts(district, SEPTEMBER, liaison)
    assert (month.own.additive.sessions, month.as_reported.additive.session_minutes) == (1, 55)
    assert month.not_counted == {}
    assert rows(district, "sessions", actor=liaison).value == 1


def test_a_stranger_sees_nothing(district, sessions) -> None:
    other = district.founder("路人")

    assert counts(district, SEPTEMBER, other.actor).own.additive.sessions == 0
    assert rows(district, "records", actor=other.actor).rows == ()


def test_a_look_costs_at_most_eight_statements(district, sessions, store) -> None:
    district.close(SEPTEMBER, "10-13 09:00")
    district.correct(sessions[0], CorrectionOp.VOID, None, "10-20 10:00")

    for month in (SEPTEMBER, OCTOBER):
        with store.read(district.approver) as reader, statements(store) as sent:
            service_counts.measures(reader, month)
        assert len(sent) <= 8
    with store.read(district.approver) as reader, statements(store) as sent:
        service_counts.rows(reader, SEPTEMBER, "sessions", View(as_reported=True))
    assert len(sent) <= 8
