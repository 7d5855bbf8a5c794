import pytest

from app.domain.calendar import Month
from app.domain.outcome import ConfirmationKind
from app.domain.service_record import (
    ADDITIVE_NAMES,
    FIGURE_NAMES,
    Dimensions,
    Distinct,
    PersonFigures,
    Reason,
    SessionType,
    UnknownMeasureError,
    VentureFacts,
    decide_all,
    figure,
    split_persons,
    tally_period,
)
from app.domain.service_record.slices import (
    Labels,
    Share,
    UnknownFilterError,
    addends,
    addends_of_group,
    months_of,
    total,
)
from tests.moments import at, day
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    TEAM,
    a_lead,
    a_person,
    a_session,
    confirmed,
)

YOUNG = VentureFacts("V9", day("09-10"))
TANGYE = Dimensions("kjj", "east_new_area", "tangye", None)
LECTURE = SessionType.LECTURE


def _decisions():
    return decide_all(
        [
            a_session("early", "08-08 10:00", 45, venture=YOUNG, attendees=(a_person("F9"),)),
            a_session("late", "09-20 10:00", 60, venture=YOUNG, attendees=(a_person("F2"),)),
            a_session("team", "09-11 10:00", 50, venture=TEAM, dimensions=TANGYE),
            a_session("short", "09-12 10:00", 20),
            a_session("missed", "09-12 15:00", 60, void_code=Reason.NO_SHOW_FOUNDER),
            a_session("open", "09-13 10:00", 60, confirmation=None),
            a_session(
                "called",
                "09-14 10:00",
                60,
                experts=(a_lead("M7", category="investor"),),
                confirmation=confirmed("09-14 12:00", ConfirmationKind.CALL_BACK),
                attendees=(a_person("F2"), a_person("F3")),
            ),
            a_session("lecture", "09-15 19:00", 90, session_type=LECTURE, attendees=(a_person(),)),
            a_session("outside", "09-16 10:00", 60, is_in_district=False),
        ],
        [POLICY],
        LONG_AFTER,
    )


@pytest.mark.parametrize("name", FIGURE_NAMES)
def test_the_records_behind_every_figure_of_a_month_sum_to_it(name: str) -> None:
    month = Month(2026, 9)
    of_month = [d for d in _decisions() if d.month == month]
    assert total(addends(of_month, name)) == figure(of_month, month, name)


@pytest.mark.parametrize("name", [*ADDITIVE_NAMES, *Distinct])
def test_the_records_behind_every_figure_of_a_year_sum_to_it(name: str) -> None:
    measures = tally_period(_decisions(), months_of(2026))
    assert total(addends(_decisions(), name)) == measures.figures()[name]


def test_a_year_has_its_twelve_months() -> None:
    assert [str(months_of(2026)[place]) for place in (0, 11)] == ["2026-01", "2026-12"]


def test_to_persons_and_ventures_a_record_adds_who_is_new() -> None:
    rows = [(row.decision.session_id, row.amount) for row in addends(_decisions(), "enterprises")]
    # The firm was founded between the two: in the year it is one enterprise, never a team.
    assert rows == [("early", 1), ("called", 1), ("late", 0)]
    persons = {
        row.decision.session_id: row.amount for row in addends(_decisions(), Distinct.PERSONS)
    }
    assert persons == {"early": 1, "team": 1, "called": 2, "lecture": 0, "late": 0}


def test_a_share_is_of_the_services_that_took_place() -> None:
    held = [row.decision.session_id for row in addends(_decisions(), Share.HELD)]
    assert held == ["early", "team", "short", "open", "called", "lecture", "outside", "late"]
    told = [row.decision.session_id for row in addends(_decisions(), Share.CONFIRMED)]
    assert told == [key for key in held if key != "open"]
    apart = [row.decision.session_id for row in addends(_decisions(), Share.APART)]
    assert apart == ["outside"]
    gathered = [row.decision.session_id for row in addends(_decisions(), Share.GATHERINGS)]
    assert gathered == ["lecture"]


def test_a_part_of_another_service_is_no_service_of_its_own() -> None:
    parts = decide_all(
        [a_session("one", "09-15 10:00", 40), a_session("two", "09-15 10:50", 40)],
        [POLICY],
        LONG_AFTER,
    )
    assert [row.decision.session_id for row in addends(parts, Share.HELD)] == ["one"]


def test_an_unknown_figure_is_refused_even_of_nothing() -> None:
    with pytest.raises(UnknownMeasureError):
        addends([], "happiness")


@pytest.mark.parametrize(
    ("label", "value", "records"),
    [
        ("type", "lecture", ["lecture"]),
        ("department", "kjj", ["team"]),
        ("area", "east_new_area", None),
        ("street", "tangye", ["team"]),
        ("industry", "unassigned", ["team"]),
        ("category", "investor", ["called"]),
        ("confirmation", "call_back", ["called"]),
        ("confirmation", "unassigned", ["open"]),
        ("reason", "below_minimum", ["short"]),
        ("expert", "M7", ["called"]),
        ("street", "nowhere", []),
    ],
)
def test_a_label_chooses_the_records_that_carry_it(label, value, records) -> None:
    chosen = [d.session_id for d in Labels(**{label: value}).choose(_decisions())]
    assert chosen == (records if records is not None else [d.session_id for d in _decisions()])


def test_labels_limit_together() -> None:
    assert Labels(street="tangye", type="lecture").choose(_decisions()) == ()


@pytest.mark.parametrize("label", ["type", "reason", "category", "confirmation"])
def test_a_code_of_no_closed_list_is_refused(label: str) -> None:
    with pytest.raises(UnknownFilterError):
        Labels(**{label: "x" * 100})


def test_the_hand_count_holds() -> None:
    assert total(addends(_decisions(), "session_minutes")) == 45 + 60 + 50 + 60 + 90
    assert at("09-20 10:00") == addends(_decisions(), "sessions")[-1].decision.started_at


@pytest.mark.parametrize("group", ["graduates", "women", "unverified", "nobody"])
def test_the_records_of_a_group_sum_to_its_part_of_the_split(group: str) -> None:
    month = Month(2026, 9)
    records = decide_all(
        [
            a_session("first", "09-01 10:00", attendees=(a_person("F1", group="graduates"),)),
            a_session(
                "both",
                "09-02 10:00",
                attendees=(a_person("F1", group="women"), a_person("F2", group="graduates")),
                confirmation=confirmed("09-02 12:00"),
            ),
            a_session("plain", "09-03 10:00", attendees=(a_person("F3"),)),
        ],
        [POLICY],
        LONG_AFTER,
    )
    figures = split_persons(records, month).get(group, PersonFigures())
    assert total(addends_of_group(records, "person_times", group)) == figures.person_times
    assert total(addends_of_group(records, "distinct_persons", group)) == figures.distinct_persons


def test_only_persons_are_told_by_group() -> None:
    with pytest.raises(UnknownMeasureError):
        addends_of_group(_decisions(), "sessions", "women")
