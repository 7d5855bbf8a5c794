import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.domain.replay import UnknownReplayInputError, replay
from tests.unit.domain.replay_files import a_random_file, changed, the_cases


def _with(path: str, value: Any) -> dict[str, Any]:
    """Return the cases with one value put in, its place written as a dotted path."""
    file = the_cases()
    target: Any = file
    *steps, last = path.split(".")
    for step in steps:
        target = target[int(step) if step.isdigit() else step]
    target[int(last) if last.isdigit() else last] = value
    return file


def _without(path: str) -> dict[str, Any]:
    file = the_cases()
    target: Any = file
    *steps, last = path.split(".")
    for step in steps:
        target = target[int(step) if step.isdigit() else step]
    del target[last]
    return file


def test_the_cases_give_every_figure_and_every_reason_expected() -> None:
    assert replay(the_cases()) == the_cases()["expected"]


@pytest.mark.parametrize("blank", [None, "", 0, [], {}])
def test_blanking_what_is_expected_changes_nothing(blank: object) -> None:
    questions = dict.fromkeys(the_cases()["expected"], blank)
    assert replay(changed(expected=questions)) == the_cases()["expected"]


def test_blanking_the_figures_under_a_month_changes_nothing() -> None:
    expected = the_cases()["expected"]
    blanked = {k: dict.fromkeys(v) if isinstance(v, dict) else 0 for k, v in expected.items()}
    assert replay(changed(expected=blanked)) == expected


def test_wrong_expectations_do_not_mislead() -> None:
    expected = the_cases()["expected"]
    wrong = copy.deepcopy(expected)
    wrong["2026-09_restated"]["sessions"] = 999
    wrong["not_counted"] = {"A1": "voided"}
    assert replay(changed(expected=wrong)) == expected


def test_only_the_figures_asked_for_are_answered() -> None:
    asked = {"2026-09_own": {"lecture_person_times": None, "sessions": None}}
    assert replay(changed(expected=asked)) == {
        "2026-09_own": {"lecture_person_times": 42, "sessions": 5}
    }


def test_a_correction_of_the_venture_moves_the_enterprise_in_what_is_restated() -> None:
    file = the_cases()
    file["corrections"] += [
        {"session": "A4a", "made_on": "2026-10-20", "op": "set_venture", "value": "V1"},
        {"session": "A4b", "made_on": "2026-10-20", "op": "set_venture", "value": "V1"},
    ]
    answer = replay(file)
    expected = the_cases()["expected"]
    assert answer["2026-09_as_reported"] == expected["2026-09_as_reported"]
    assert answer["2026-09_restated"] == expected["2026-09_restated"] | {"enterprises": 2}
    file["corrections"][-1]["value"] = None
    assert "A4b" not in replay(file)["not_counted"]


def test_an_approved_overrun_lifts_the_cap_from_what_is_restated() -> None:
    limits = {"overrun_cap_minutes": 30, "standard_minutes": {"diagnosis": 60}}
    file = the_cases()
    file["policy"] |= limits
    capped = replay(file)
    assert capped["2026-09_restated"]["session_minutes"] == 360
    file["corrections"].append(
        {"session": "A2", "made_on": "2026-10-20", "op": "set_overrun", "value": True}
    )
    answer = replay(file)
    assert answer["2026-09_as_reported"] == capped["2026-09_as_reported"]
    assert answer["2026-09_restated"]["session_minutes"] == 390


def test_nothing_asked_is_nothing_answered() -> None:
    assert replay(changed(expected={})) == {}


def test_the_file_given_is_left_as_it_was() -> None:
    file = the_cases()
    replay(file)
    assert file == the_cases()


def test_a_month_without_services_is_answered_with_zeros() -> None:
    (figures,) = replay(changed(expected={"2031-02_own": None})).values()
    assert isinstance(figures, dict)
    assert set(figures.values()) == {0, "0.0"}


def test_own_figures_of_a_month_are_what_is_known_now() -> None:
    answer = replay(changed(expected={"2026-09_own": None, "2026-09_restated": None}))
    assert answer["2026-09_own"] == answer["2026-09_restated"]


def test_the_limits_of_the_policy_hold_when_the_file_states_them() -> None:
    file = changed(expected={"not_counted": None, "2026-09_own": {"session_minutes": None}})
    file["policy"] |= {
        "late_confirmation_days": 14,
        "overrun_cap_minutes": 30,
        "standard_minutes": {"diagnosis": 60},
    }
    reasons = the_cases()["expected"]["not_counted"] | {"A8": "unconfirmed"}
    assert replay(file) == {
        "not_counted": reasons,
        "2026-09_own": {"session_minutes": 55 + 90 + 65 + 90},
    }


def test_calendars_of_several_years_are_one_calendar() -> None:
    next_year = {"off_weekdays": ["2027-01-01"], "work_weekends": ["2027-01-02"]}
    file = changed(expected={"working_days_to_close_2026_12": None}, calendar_2027=next_year)
    assert replay(file) == {"working_days_to_close_2026_12": "2027-01-07"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("surprise", 1),
        ("calendar_26", {"off_weekdays": [], "work_weekends": []}),
        ("calendar_2026", []),
        ("calendar_2026.holidays", []),
        ("calendar_2026.off_weekdays", ["2026-02-30"]),
        ("calendar_2026.work_weekends", "2026-09-20"),
        ("policy", None),
        ("policy.code", "LC-COUNT-2"),
        ("policy.timezone", "Europe/Berlin"),
        ("policy.rounding", "ROUND_DOWN"),
        ("policy.surprise", 1),
        ("policy.min_minutes", {"workshop": 30}),
        ("policy.min_minutes", {"lecture": -1}),
        ("policy.min_minutes", {"lecture": True}),
        ("policy.min_minutes", {"lecture": 30.0}),
        ("policy.min_minutes", {"lecture": 10**7}),
        ("policy.merge_gap_minutes", None),
        ("policy.close_working_day", 0),
        ("policy.close_working_day", 24),
        ("policy.late_confirmation_days", "90"),
        ("terms", []),
        ("terms.M1", ["2025-07-01"]),
        ("terms.M1", "2025-07-01"),
        ("terms.M1", ["2025-07-01", "20280630"]),
        ("extensions.0.mentor", "M99"),
        ("extensions.0.to", "2026-W44-5"),
        ("extensions.0.reason", "illness"),
        ("ventures.V1", None),
        ("ventures.V1", {"registered_on": "soon"}),
        ("ventures.V1", {"registered_on": None, "name": "x"}),
        ("sessions", {}),
        ("sessions.0", "A1"),
        ("sessions.0.id", "A2"),
        ("sessions.0.id", ""),
        ("sessions.0.id", 1),
        ("sessions.0.type", "workshop"),
        ("sessions.0.type", None),
        ("sessions.0.date", "2026-9-20"),
        ("sessions.0.date", "2026-09-31"),
        ("sessions.0.date", 20260920),
        ("sessions.0.minutes", -1),
        ("sessions.0.minutes", "55"),
        ("sessions.0.minutes", None),
        ("sessions.0.start", "24:00"),
        ("sessions.0.start", "9:30"),
        ("sessions.0.start", None),
        ("sessions.0.experts", ["M1"]),
        ("sessions.0.experts", {"M99": 55}),
        ("sessions.0.experts", {"M1": None}),
        ("sessions.0.attendees", "F1"),
        ("sessions.0.attendees", [1]),
        ("sessions.0.attendees", ["F1.."]),
        ("sessions.0.attendees", ["L01..K40"]),
        ("sessions.0.attendees", ["L40..L01"]),
        ("sessions.0.attendees", ["L1..L99999999"]),
        ("sessions.0.venture", "V99"),
        ("sessions.0.topic", 7),
        ("sessions.0.void", "bored"),
        ("sessions.0.void", "below_minimum"),
        ("sessions.0.confirmed_on", "yesterday"),
        ("sessions.0.conflict", True),
        ("sessions.0.anonymous", None),
        ("sessions.0.reviewed_projects", -2),
        ("sessions.0.surprise", 1),
        ("corrections", None),
        ("corrections.0.op", "add_attendee"),
        ("corrections.0.op", "set_overrun"),
        ("corrections.0.op", "set_venture"),
        ("corrections.0.session", "A99"),
        ("corrections.0.value", "L01..L40"),
        ("corrections.0.made_on", "2026-10-32"),
        ("corrections.0.reason", 5),
        ("corrections.0.surprise", 1),
        ("expected", None),
        ("expected.total", 1),
        ("expected.2026-13_own", None),
        ("expected.2026-09_published", None),
        ("expected.2026-9_own", None),
        ("expected.working_days_to_close_2026_00", None),
        ("expected.9999-12_own", None),
        ("expected.9998-12_own", None),
        ("expected.2026-09_own", {"sesions": None}),
    ],
)
def test_what_the_rules_do_not_know_is_refused(path: str, value: object) -> None:
    with pytest.raises(UnknownReplayInputError) as refusal:
        replay(_with(path, value))
    assert refusal.value.code == "counting.unknown_input"
    assert refusal.value.facts["where"]
    assert isinstance(refusal.value, InvalidInputError)


@pytest.mark.parametrize(
    "path",
    [
        *(f"policy.{key}" for key in ("code", "timezone", "min_minutes", "merge_gap_minutes")),
        *(f"policy.{key}" for key in ("close_working_day", "rounding")),
        *("policy", "calendar_2026", "terms", "extensions", "ventures", "sessions"),
        *("corrections", "expected", "calendar_2026.work_weekends", "ventures.V1.registered_on"),
        *(f"sessions.0.{key}" for key in ("id", "type", "date", "minutes", "experts")),
        *(f"sessions.0.{key}" for key in ("attendees", "venture", "topic")),
        "sessions.10.reviewed_projects",
        *(f"extensions.0.{key}" for key in ("mentor", "from", "to", "approved_on")),
        *(f"corrections.0.{key}" for key in ("session", "made_on", "op", "value")),
    ],
)
def test_what_is_missing_is_not_guessed(path: str) -> None:
    with pytest.raises(UnknownReplayInputError):
        replay(_without(path))


@pytest.mark.parametrize("data", [None, [], "file", 1, {1: 2}])
def test_what_is_no_file_at_all_is_refused(data: object) -> None:
    with pytest.raises(UnknownReplayInputError):
        replay(data)


def test_times_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(UnknownReplayInputError):
        replay(
            _with(
                "sessions.0", the_cases()["sessions"][0] | {"date": "9999-12-31", "minutes": 9000}
            )
        )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_in_a_file_does_not_matter(seed: int, random: Any) -> None:
    file = a_random_file(seed)
    shuffled = copy.deepcopy(file)
    for key in ("sessions", "corrections", "extensions"):
        random.shuffle(shuffled[key])
    assert replay(shuffled) == replay(file)
