from datetime import timedelta

import pytest

from app.domain.errors import InvalidInputError
from app.domain.service_session import (
    TRANSITIONS,
    IllegalStepError,
    NoShow,
    Party,
    ServiceSessionEvent,
    ServiceSessionStatus,
    TooEarlyError,
    TooLateError,
    WasSeenError,
    contestants,
    ensure_actual,
    ensure_may_check_in,
    ensure_missed,
    ensure_on_plan,
    ensure_own_times,
    ensure_reportable,
    ensure_unseen,
    next_status,
    reportable,
)
from tests.moments import at

STARTS, ENDS = at("09-18 14:00"), at("09-18 14:50")
LEGAL = {
    "planned": {"check_in": "in_progress", "finish": "finished", "miss": "no_show"},
    "in_progress": {
        "check_in": "in_progress",
        "uncheck": "planned",
        "finish": "finished",
        "miss": "no_show",
    },
    "no_show": {"contest": "contested"},
    "contested": {"rule": "ruled"},
}


@pytest.mark.parametrize("status", ServiceSessionStatus)
@pytest.mark.parametrize("event", ServiceSessionEvent)
def test_only_the_steps_of_the_table_are_taken(status, event) -> None:
    wanted = LEGAL.get(status.value, {}).get(event.value)
    if wanted is not None:
        assert next_status(status, event).value == wanted
        return
    with pytest.raises(IllegalStepError) as refusal:
        next_status(status, event)
    assert refusal.value.facts == {"status": status.value, "event": event.value}


def test_no_step_beside_the_table_is_allowed() -> None:
    assert len(TRANSITIONS) == sum(map(len, LEGAL.values()))


@pytest.mark.parametrize("now", ["09-18 13:30", "09-18 14:20", "09-18 14:49"])
def test_one_checks_in_from_half_an_hour_before_until_the_planned_end(now: str) -> None:
    ensure_may_check_in(STARTS, ENDS, at(now))


def test_a_check_in_at_another_time_names_the_allowed_one() -> None:
    with pytest.raises(TooEarlyError) as early:
        ensure_may_check_in(STARTS, ENDS, at("09-18 13:29"))
    assert early.value.facts == {"from_at": at("09-18 13:30")}
    with pytest.raises(TooLateError) as late:
        ensure_may_check_in(STARTS, ENDS, ENDS)
    assert late.value.facts == {"until_at": ENDS}


def test_nobody_is_missing_within_half_an_hour() -> None:
    with pytest.raises(TooEarlyError) as early:
        ensure_missed(STARTS, at("09-18 14:29"))
    assert early.value.facts == {"from_at": at("09-18 14:30")}
    ensure_missed(STARTS, at("09-18 14:30"))


@pytest.mark.parametrize(
    ("who", "held_against"),
    [
        (NoShow.FOUNDER, {Party.FOUNDER}),
        (NoShow.MENTOR, {Party.EXPERT}),
        (NoShow.BOTH, set(Party)),
        (NoShow.TECHNICAL, set(Party)),
    ],
)
def test_who_is_called_absent_may_contest_and_where_nobody_is_both_may(who, held_against) -> None:
    assert contestants(who) == held_against


@pytest.mark.parametrize("side", Party)
@pytest.mark.parametrize("who", NoShow)
def test_a_side_reports_only_what_the_other_side_may_contest(side: Party, who: NoShow) -> None:
    (other,) = set(Party) - {side}
    assert (who in reportable(side)) is (other in contestants(who))
    if who in reportable(side):
        ensure_reportable(who, {side})
        return
    with pytest.raises(InvalidInputError) as refusal:
        ensure_reportable(who, {side})
    (error,) = refusal.value.errors
    assert (error.field, error.code) == ("who", "service_session.own_absence")


@pytest.mark.parametrize("who", NoShow)
def test_the_bureau_reports_whatever_happened(who: NoShow) -> None:
    ensure_reportable(who, ())


@pytest.mark.parametrize("side", Party)
@pytest.mark.parametrize("who", NoShow)
def test_whom_the_desk_has_seen_nobody_calls_absent(side: Party, who: NoShow) -> None:
    seen_at = at("09-18 13:58")
    ensure_unseen(who, {})
    is_called_absent = who is not NoShow.TECHNICAL and side in contestants(who)
    if not is_called_absent:
        ensure_unseen(who, {side: seen_at})
        return
    with pytest.raises(WasSeenError) as refusal:
        ensure_unseen(who, {side: seen_at})
    assert refusal.value.facts == {"side": side.value, "seen_at": seen_at}


@pytest.mark.parametrize("start", ["09-18 13:30", "09-18 14:00", "09-18 23:59"])
def test_a_meeting_starts_on_its_day_and_hardly_before_its_time(start: str) -> None:
    ensure_on_plan(at(start), STARTS)


@pytest.mark.parametrize("start", ["09-18 13:29", "09-17 14:00", "09-19 00:00", "10-18 14:00"])
def test_a_start_off_the_planned_day_is_refused(start: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        ensure_on_plan(at(start), STARTS)
    (error,) = refusal.value.errors
    assert (error.field, error.code) == ("actual_start", "service_session.off_plan")
    assert error.facts == {"planned_at": STARTS}


def test_the_day_is_the_districts_and_not_that_of_universal_time() -> None:
    ensure_on_plan(at("09-18 09:00"), at("09-18 07:30"))
    with pytest.raises(InvalidInputError):
        ensure_on_plan(at("09-19 00:30"), at("09-18 23:30"))


@pytest.mark.parametrize(
    ("minutes", "pause", "now", "codes"),
    [
        (50, 0, "09-18 14:50", []),
        (480, 479, "09-18 22:00", []),
        (0, 0, "09-18 15:00", ["end_before_start"]),
        (481, 0, "09-18 23:00", ["too_long"]),
        (50, 0, "09-18 14:49", ["in_future"]),
        (50, 50, "09-18 15:00", ["break_too_long"]),
        (50, -1, "09-18 15:00", ["break_too_long"]),
        (481, -1, "09-18 14:00", ["too_long", "in_future", "break_too_long"]),
    ],
)
def test_times_that_cannot_have_been_are_named_together(minutes, pause, now, codes) -> None:
    def given() -> None:
        ensure_actual(STARTS, STARTS + timedelta(minutes=minutes), pause, at(now))

    if not codes:
        given()
        return
    with pytest.raises(InvalidInputError) as refusal:
        given()
    found = [error.code for error in refusal.value.errors]
    assert found == [f"service_session.{code}" for code in codes]


@pytest.mark.parametrize(
    ("came", "left", "fields"),
    [
        ("14:00", "14:50", []),
        ("14:10", "14:11", []),
        ("13:59", "14:50", ["in_at"]),
        ("14:50", "14:51", ["in_at", "out_at"]),
        ("14:00", "14:51", ["out_at"]),
        ("14:20", "14:20", ["out_at"]),
        ("14:20", "14:10", ["out_at"]),
    ],
)
def test_an_experts_own_times_lie_within_the_meeting(came, left, fields) -> None:
    own = (at(f"09-18 {came}"), at(f"09-18 {left}"))
    if not fields:
        ensure_own_times(*own, STARTS, ENDS)
        return
    with pytest.raises(InvalidInputError) as refused:
        ensure_own_times(*own, STARTS, ENDS)
    assert [error.field for error in refused.value.errors] == fields
