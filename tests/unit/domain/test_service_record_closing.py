from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import DayKind, Month, WorkingCalendar
from app.domain.service_record import (
    Additive,
    AdjustmentKind,
    Decision,
    DisputeFacts,
    MonthOutOfOrderError,
    Reason,
    Restatement,
    SessionFacts,
    TooEarlyToCloseError,
    VentureFacts,
    adjustments,
    closing_opens_at,
    cut_instant,
    ensure_may_close,
    month_to_close,
    restatement,
    tally,
)
from tests.moments import at, day
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    TEAM,
    a_person,
    a_session,
    all_decided,
    confirmed,
)

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
CALENDAR = WorkingCalendar(
    dict.fromkeys((day(f"10-0{number}") for number in range(1, 8)), DayKind.OFF)
    | {day("10-10"): DayKind.WORKDAY}
)
CUT = at("10-14 00:00")


def _known(*records: SessionFacts, asof: datetime = LONG_AFTER) -> tuple[Decision, ...]:
    return tuple(all_decided(*records, asof=asof).values())


def test_september_may_close_from_the_start_of_13_october() -> None:
    opens_at = closing_opens_at(SEPTEMBER, CALENDAR, 5)
    assert opens_at == at("10-13 00:00")
    ensure_may_close(SEPTEMBER, SEPTEMBER, opens_at, opens_at)
    with pytest.raises(TooEarlyToCloseError) as refusal:
        ensure_may_close(SEPTEMBER, SEPTEMBER, opens_at, at("10-12 23:59"))
    assert refusal.value.code == "period.too_early"


@pytest.mark.parametrize(
    ("closed_at", "cut"),
    [(None, CUT), (at("10-13 10:00"), at("10-13 10:00")), (at("10-15 10:00"), CUT)],
)
def test_the_cut_is_the_closing_or_the_end_of_the_closing_day(
    closed_at: datetime | None, cut: datetime
) -> None:
    assert cut_instant(SEPTEMBER, CALENDAR, 5, closed_at) == cut


def test_the_next_month_to_close_is_the_earliest_open_one() -> None:
    assert month_to_close(SEPTEMBER, []) == SEPTEMBER
    assert month_to_close(SEPTEMBER, [OCTOBER, SEPTEMBER]) == Month(2026, 11)


def test_a_month_out_of_order_is_refused_with_the_one_that_is_next() -> None:
    with pytest.raises(MonthOutOfOrderError) as refusal:
        ensure_may_close(OCTOBER, SEPTEMBER, CUT, CUT)
    assert refusal.value.facts == {"month": "2026-10", "next": "2026-09"}


def test_nothing_new_makes_no_adjustment() -> None:
    assert adjustments(_known(a_session()), _known(a_session()), SEPTEMBER) == ()


def test_a_late_confirmation_adds_the_whole_service() -> None:
    facts = a_session(confirmation=confirmed("10-14 09:00"))
    (change,) = adjustments(_known(facts, asof=CUT), _known(facts), SEPTEMBER)
    assert change.kind is AdjustmentKind.LATE_CONFIRMATION
    assert change.change == Additive(
        sessions=1, person_times=1, session_minutes=60, mentor_minutes=60
    )
    assert (change.reason_before, change.reason_after) == (Reason.UNCONFIRMED, None)
    assert change.persons_added == ("F1",)


def test_a_record_entered_after_the_cut_is_a_late_entry() -> None:
    (change,) = adjustments((), _known(a_session()), SEPTEMBER)
    assert (change.kind, change.change.sessions) == (AdjustmentKind.LATE_ENTRY, 1)


def test_a_dispute_opened_after_the_cut_takes_the_service_out() -> None:
    facts = a_session(dispute=DisputeFacts(at("10-20 10:00")))
    (change,) = adjustments(_known(facts, asof=CUT), _known(facts), SEPTEMBER)
    assert (change.kind, change.change.sessions) == (AdjustmentKind.DISPUTE, -1)


def test_a_service_moved_to_another_month_leaves_the_one_and_enters_the_other() -> None:
    reported, restated = _known(a_session()), _known(a_session(start="10-15 10:00"))
    (left,) = adjustments(reported, restated, SEPTEMBER)
    (entered,) = adjustments(reported, restated, OCTOBER)
    assert (left.kind, left.change.sessions) == (AdjustmentKind.CORRECTION, -1)
    assert entered.change.sessions == 1


@pytest.mark.parametrize(
    "correction",
    [{"attendees": (a_person("F2", is_contact=True),)}, {"venture": TEAM}],
)
def test_a_correction_that_leaves_every_sum_is_told_all_the_same(
    correction: dict[str, Any],
) -> None:
    mended = a_session(**correction)
    (change,) = adjustments(_known(a_session()), _known(mended), SEPTEMBER)
    assert change.kind is AdjustmentKind.CORRECTION
    assert change.change == Additive()


def test_the_first_part_confirmed_late_takes_over_from_the_second() -> None:
    first = a_session("A", "09-10 09:00", 35, confirmation=confirmed("10-20 10:00"))
    second = a_session("B", "09-10 10:00", 30)
    changes = adjustments(_known(first, second, asof=CUT), _known(first, second), SEPTEMBER)
    assert [(c.session_id, c.change.session_minutes) for c in changes] == [("A", 65), ("B", -30)]
    assert {c.kind for c in changes} == {AdjustmentKind.LATE_CONFIRMATION}
    assert Additive.total(c.change for c in changes).sessions == 0


def test_persons_and_ventures_change_by_recomputing() -> None:
    other = VentureFacts("V9", None)
    known = [a_session("A"), a_session("B", "09-16 10:00", venture=TEAM)]
    late = a_session("C", "09-17 10:00", venture=other, confirmation=confirmed("10-20 10:00"))
    reported = tally(_known(*known, late, asof=CUT), SEPTEMBER)
    assert restatement(reported, tally(_known(*known, late), SEPTEMBER)) == Restatement(
        distinct_persons=0, enterprises=0, teams=1
    )


STARTS = ["09-10 09:00", "09-10 10:00", "09-10 11:30", "09-12 09:00"]
NEWS = ["09-13 10:00", "10-20 10:00"]


def _record(position: int, start: str, news: str, *, is_disputed: bool) -> SessionFacts:
    dispute = DisputeFacts(at(news)) if is_disputed else None
    return a_session(
        f"S{position}", start, 25, confirmation=confirmed(news), dispute=dispute, entered_at=None
    )


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(STARTS), st.sampled_from(NEWS), st.booleans()), max_size=8)
)
def test_restated_is_as_reported_plus_the_adjustments(rows: list[tuple[str, str, bool]]) -> None:
    records = [
        _record(n, start, news, is_disputed=is_disputed)
        for n, (start, news, is_disputed) in enumerate(rows)
    ]
    reported, restated = _known(*records, asof=CUT), _known(*records)
    changes = adjustments(reported, restated, SEPTEMBER)
    total = tally(reported, SEPTEMBER).additive + Additive.total(c.change for c in changes)
    assert total == tally(restated, SEPTEMBER).additive
