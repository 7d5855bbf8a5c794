import pytest

from app.domain.calendar import Month
from app.domain.service_record import (
    FIGURE_NAMES,
    UnknownMeasureError,
    VentureFacts,
    behind,
    decide_all,
    figure,
    tally,
    tally_period,
)
from tests.moments import at, day
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    TEAM,
    a_person,
    a_session,
)

SEPTEMBER = Month(2026, 9)
YOUNG = VentureFacts("V9", day("09-10"))


def _decisions():
    return decide_all(
        [
            a_session("early", "09-08 10:00", 45, venture=YOUNG),
            a_session("late", "09-20 10:00", 60, venture=YOUNG, attendees=(a_person("F2"),)),
            a_session("team", "09-11 10:00", 50, venture=TEAM),
            a_session("short", "09-12 10:00", 20),
            a_session("open", "09-13 10:00", 60, confirmation=None),
            a_session("next", "10-09 10:00", 45, venture=YOUNG),
        ],
        [POLICY],
        LONG_AFTER,
    )


@pytest.mark.parametrize(
    ("name", "value", "records"),
    [
        ("sessions", 3, ["early", "team", "late"]),
        ("session_minutes", 155, ["early", "team", "late"]),
        ("distinct_persons", 2, ["early", "team", "late"]),
        ("enterprises", 1, ["early", "late"]),
        ("teams", 1, ["team"]),
        ("follow_ups", 0, []),
        ("records", 5, ["early", "team", "short", "open", "late"]),
        ("not_counted", 2, ["short", "open"]),
        ("awaiting_ruling", 0, []),
    ],
)
def test_a_figure_is_opened_to_the_records_that_make_it_up(
    name: str, value: int, records: list[str]
) -> None:
    decisions = _decisions()
    assert figure(decisions, SEPTEMBER, name) == value
    assert [d.session_id for d in behind(decisions, SEPTEMBER, name)] == records


def test_what_waits_is_listed_by_what_it_waits_for() -> None:
    waiting = a_session("waiting", "09-13 10:00", 60, confirmation=None)
    unwritten = a_session("unwritten", "09-14 10:00", 60, confirmation=None, recorded_at=None)
    decisions = decide_all([waiting, unwritten], [POLICY], at("09-16 10:00"))

    assert [d.session_id for d in behind(decisions, SEPTEMBER, "awaiting_confirmation")] == [
        "waiting"
    ]
    assert [d.session_id for d in behind(decisions, SEPTEMBER, "awaiting_record")] == ["unwritten"]


def test_every_figure_of_a_month_can_be_opened() -> None:
    decisions = _decisions()
    for name in FIGURE_NAMES:
        assert (figure(decisions, SEPTEMBER, name) == 0) == (
            behind(decisions, SEPTEMBER, name) == ()
        )


@pytest.mark.parametrize("ask", [behind, figure])
def test_an_unknown_figure_is_refused(ask) -> None:
    with pytest.raises(UnknownMeasureError):
        ask(_decisions(), SEPTEMBER, "happiness")


def test_persons_and_ventures_of_several_months_are_recomputed_and_minutes_are_summed() -> None:
    decisions = _decisions()
    both = tally_period(decisions, [SEPTEMBER, Month(2026, 10)])

    assert (both.additive.sessions, both.additive.session_minutes) == (4, 200)
    assert (both.distinct_persons, both.enterprises, both.teams) == (2, 1, 1)
    assert tally(decisions, Month(2026, 10)).distinct_persons == 1
