from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import Month
from app.domain.service_record import (
    ADDITIVE_NAMES,
    UNASSIGNED,
    UNVERIFIED,
    Additive,
    AttendeeFacts,
    ConflictFacts,
    Decision,
    Dimensions,
    PersonFigures,
    SessionFacts,
    SessionType,
    SplitBy,
    SplitMismatchError,
    VentureFacts,
    VentureFigures,
    decide_all,
    ensure_adds_up,
    hours,
    split,
    split_persons,
    split_ventures,
    tally,
)
from tests.moments import at, day
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    TEAM,
    a_lead,
    a_person,
    a_session,
    a_span,
    an_expert,
)

SEPTEMBER = Month(2026, 9)
STARTS = ["09-09 09:00", "09-10 09:00", "09-10 10:10", "09-10 23:30", "10-01 00:10"]
VENTURES = [None, TEAM, VentureFacts("V2", day("09-10")), VentureFacts("V3", day("01-01"))]


def _decide(*records: SessionFacts) -> tuple[Decision, ...]:
    return decide_all(records, [POLICY], LONG_AFTER)


def _figures(*records: SessionFacts) -> dict[str, int | str]:
    return tally(_decide(*records), SEPTEMBER).figures()


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0.0"),
        (2, "0.0"),
        (3, "0.1"),
        (45, "0.8"),
        (330, "5.5"),
        (525, "8.8"),
        (585, "9.8"),
        (-2, "0.0"),
        (-3, "-0.1"),
        (-60, "-1.0"),
    ],
)
def test_hours_are_the_total_rounded_half_up_to_one_decimal(minutes: int, text: str) -> None:
    assert hours(minutes) == text


def test_ten_sessions_of_33_minutes_are_five_and_a_half_hours() -> None:
    records = [a_session(f"S{n}", f"09-{n:02d} 10:00", 33) for n in range(1, 11)]
    assert _figures(*records)["session_hours"] == "5.5"


def test_a_panel_of_three_with_two_founders_is_one_session_and_two_person_times() -> None:
    panel = (a_lead("M2"), an_expert("M3"), an_expert("M4", present=a_span("09-15 10:00", 75)))
    founders = (a_person("F2", is_contact=True), a_person("F3"))
    facts = a_session(
        minutes=120, session_type=SessionType.DIAGNOSIS, experts=panel, attendees=founders
    )
    figures = _figures(facts)
    assert (figures["sessions"], figures["person_times"]) == (1, 2)
    assert (figures["session_minutes"], figures["mentor_minutes"]) == (120, 315)


def test_a_lecture_is_in_the_headline_and_in_its_own_line_and_serves_no_enterprise() -> None:
    listeners = tuple(a_person(f"L{n:02d}") for n in range(42))
    figures = _figures(
        a_session(
            minutes=90,
            planned=None,
            session_type=SessionType.LECTURE,
            attendees=listeners,
            anonymous_heads=11,
        )
    )
    assert (figures["person_times"], figures["lecture_person_times"]) == (42, 42)
    assert (figures["lecture_sessions"], figures["lecture_minutes"]) == (1, 90)
    assert figures["anonymous_heads"] == 11
    assert figures["enterprises"] == 0


def test_a_roundtable_has_its_own_line_too() -> None:
    figures = _figures(a_session(session_type=SessionType.ROUNDTABLE))
    assert (figures["sessions"], figures["roundtable_sessions"]) == (1, 1)
    assert (figures["roundtable_person_times"], figures["roundtable_minutes"]) == (1, 60)
    assert (figures["lecture_sessions"], figures["enterprises"]) == (0, 0)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"session_type": SessionType.FOLLOW_UP}, {"follow_ups": 1}),
        ({"is_text": True}, {"text_answers": 1}),
        (
            {"is_in_district": False},
            {
                "outside_district_sessions": 1,
                "outside_district_person_times": 1,
                "outside_district_minutes": 60,
            },
        ),
        (
            {"conflicts": (ConflictFacts("M1", waived_at=at("09-01 10:00")),)},
            {
                "waived_conflict_sessions": 1,
                "waived_conflict_person_times": 1,
                "waived_conflict_minutes": 60,
            },
        ),
        (
            {"session_type": SessionType.REVIEW, "review_projects": 12},
            {"review_sessions": 1, "review_projects": 12, "review_mentor_minutes": 60},
        ),
        ({"is_test": True}, {}),
    ],
)
def test_what_is_counted_apart_is_in_its_column_and_nowhere_else(
    overrides: dict[str, Any], expected: dict[str, int]
) -> None:
    figures = _figures(a_session(**overrides))
    assert {name: value for name, value in figures.items() if value not in (0, "0.0")} == expected


def test_a_service_belongs_to_the_month_of_its_start_whenever_it_was_confirmed() -> None:
    facts = a_session(start="08-31 23:59")
    assert _figures(facts)["sessions"] == 0
    assert tally(_decide(facts), Month(2026, 8)).additive.sessions == 1


def test_persons_are_recomputed_and_never_summed() -> None:
    records = [a_session("A", "09-15 10:00"), a_session("B", "09-16 10:00")]
    assert (_figures(*records)["person_times"], _figures(*records)["distinct_persons"]) == (2, 1)


def test_a_person_counts_under_his_latest_verified_group() -> None:
    unknown, veteran = a_person(is_contact=True), a_person(is_contact=True, group="veteran")
    decisions = _decide(
        a_session("B", "09-16 10:00", attendees=(veteran,)),
        a_session("A", "09-15 10:00", attendees=(unknown,)),
    )
    assert split_persons(decisions, SEPTEMBER) == {
        UNVERIFIED: PersonFigures(1, 0),
        "veteran": PersonFigures(1, 1),
    }


def test_a_venture_counts_where_its_last_service_was() -> None:
    east, west = Dimensions(area="east_new_area"), Dimensions()
    decisions = _decide(
        a_session("A", "09-15 10:00", dimensions=east),
        a_session("B", "09-16 10:00", dimensions=west),
        a_session("C", "09-17 10:00", dimensions=west, venture=TEAM),
    )
    assert split_ventures(decisions, SEPTEMBER, SplitBy.AREA) == {UNASSIGNED: VentureFigures(1, 1)}


def test_a_split_names_what_belongs_nowhere() -> None:
    decisions = _decide(a_session("A"), a_session("B", "09-16 10:00", dimensions=Dimensions()))
    parts = split(decisions, SEPTEMBER, SplitBy.STREET)
    assert {label: part.sessions for label, part in parts.items()} == {
        "guodian": 1,
        UNASSIGNED: 1,
    }


def test_a_split_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(SplitMismatchError) as refusal:
        ensure_adds_up({"hrss": Additive(sessions=1)}, Additive(sessions=2))
    assert refusal.value.facts["labels"] == ["hrss"]


def test_every_additive_figure_is_among_the_figures() -> None:
    assert set(ADDITIVE_NAMES) < set(tally([], SEPTEMBER).figures())


def test_additive_measures_are_summed_and_subtracted_name_by_name() -> None:
    left, right = Additive(sessions=3, follow_ups=1), Additive(sessions=1, text_answers=2)
    assert left + right == Additive(sessions=4, follow_ups=1, text_answers=2)
    assert left - right == Additive(sessions=2, follow_ups=1, text_answers=-2)


@st.composite
def _records(draw: st.DrawFn) -> list[SessionFacts]:
    count = draw(st.integers(0, 8))
    return [draw(_record(f"S{number}")) for number in range(count)]


def _persons(groups: dict[str, str | None]) -> tuple[AttendeeFacts, ...]:
    return tuple(a_person(person_id, group=group) for person_id, group in groups.items())


def _record(session_id: str) -> st.SearchStrategy[SessionFacts]:
    groups = st.sampled_from([None, "veteran", "disabled"])
    return st.builds(
        a_session,
        st.just(session_id),
        st.sampled_from(STARTS),
        st.sampled_from([15, 30, 45, 60, 95]),
        session_type=st.sampled_from(SessionType),
        attendees=st.dictionaries(st.sampled_from(["F1", "F2", "F3"]), groups).map(_persons),
        venture=st.sampled_from(VENTURES),
        topic=st.sampled_from(["ip", "permits"]),
        is_in_district=st.sampled_from([True, True, False]),
        is_text=st.sampled_from([False, False, True]),
        entered_at=st.none(),
        dimensions=st.builds(
            Dimensions,
            department=st.sampled_from(["hrss", "kjj"]),
            area=st.sampled_from(["urban_core", None]),
            street=st.sampled_from(["guodian", "dongfeng", None]),
            industry=st.sampled_from(["biomedicine", None]),
        ),
    )


@settings(max_examples=25)
@given(_records(), st.sampled_from(SplitBy))
def test_every_exclusive_split_adds_up_to_the_total(
    records: list[SessionFacts], by: SplitBy
) -> None:
    decisions = _decide(*records)
    parts = split(decisions, SEPTEMBER, by)
    assert Additive.total(parts.values()) == tally(decisions, SEPTEMBER).additive


@settings(max_examples=25)
@given(_records(), st.sampled_from([SplitBy.AREA, SplitBy.STREET, SplitBy.INDUSTRY]))
def test_splits_of_persons_and_ventures_add_up_too(
    records: list[SessionFacts], by: SplitBy
) -> None:
    decisions = _decide(*records)
    measures = tally(decisions, SEPTEMBER)
    persons = split_persons(decisions, SEPTEMBER).values()
    assert sum(part.person_times for part in persons) == measures.additive.person_times
    assert sum(part.distinct_persons for part in persons) == measures.distinct_persons
    ventures = split_ventures(decisions, SEPTEMBER, by).values()
    assert sum(part.enterprises for part in ventures) == measures.enterprises
    assert sum(part.teams for part in ventures) == measures.teams


@settings(max_examples=25)
@given(_records(), st.randoms(use_true_random=False))
def test_the_order_of_sessions_does_not_matter(records: list[SessionFacts], random: Any) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    assert _decide(*shuffled) == _decide(*records)
    assert tally(_decide(*shuffled)[::-1], SEPTEMBER) == tally(_decide(*records), SEPTEMBER)


@settings(max_examples=25)
@given(_records())
def test_persons_of_two_months_are_never_more_than_their_sum(records: list[SessionFacts]) -> None:
    decisions = _decide(*records)
    as_one_month = [replace(d, day=day("09-01")) for d in decisions]
    together = tally(as_one_month, SEPTEMBER)
    months = [tally(decisions, month) for month in (SEPTEMBER, SEPTEMBER.following())]
    assert together.additive == Additive.total(m.additive for m in months)
    assert together.distinct_persons <= sum(m.distinct_persons for m in months)
    assert together.distinct_persons >= max(m.distinct_persons for m in months)
