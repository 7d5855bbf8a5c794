from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.activity import (
    CODE_LENGTH,
    ActivityKind,
    ActivityStatus,
    CloserSpeaksError,
    Criterion,
    DoorClosedError,
    DoorNotOpenError,
    JoiningOverError,
    MeanKind,
    NotOverError,
    OverError,
    Plan,
    SlotsOverrunError,
    ensure_closable,
    ensure_code,
    ensure_criteria,
    ensure_door_open,
    ensure_joinable,
    ensure_marks,
    ensure_plan,
    ensure_slots,
    mean_of,
    new_code,
    phone_key,
    places,
    recused_minutes,
    slot_of,
    weighted,
)
from app.domain.errors import InvalidInputError
from app.domain.ids import new_id
from tests.moments import at

NOW, START, END = at("09-01 09:00"), at("09-12 09:00"), at("09-12 10:30")
OPEN, CLOSED = ActivityStatus.OPEN, ActivityStatus.CLOSED
CRITERIA = (Criterion("创新", 40), Criterion("市场", 60))
EXPERT = new_id()
LECTURE = Plan(
    kind=ActivityKind.LECTURE,
    title="创业补贴怎么申请",
    summary="讲清条件与材料。",
    starts_at=START,
    ends_at=END,
    experts=(EXPERT,),
    department="hrss",
    place="报告厅",
    seat_total=80,
)


def fields(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [fault.field for fault in error.value.errors]


def test_a_plan_that_says_what_when_where_and_who_is_whole() -> None:
    ensure_plan(LECTURE, NOW)
    ensure_plan(replace(LECTURE, place="", place_id=new_id()), NOW)
    ensure_plan(replace(LECTURE, kind=ActivityKind.REVIEW, seat_total=0, criteria=CRITERIA), NOW)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"summary": " "}, "summary"),
        ({"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}, "starts_at"),
        ({"ends_at": START}, "ends_at"),
        ({"ends_at": START + timedelta(hours=8, minutes=1)}, "ends_at"),
        ({"place": ""}, "place"),
        ({"experts": ()}, "experts"),
        ({"experts": (EXPERT, EXPERT)}, "experts"),
        ({"experts": tuple(new_id() for _ in range(16))}, "experts"),
        ({"seat_total": 0}, "seat_total"),
        ({"seat_total": 5001}, "seat_total"),
        ({"co_departments": ("tqw", "hrss")}, "co_departments"),
        ({"kind": ActivityKind.REVIEW}, "criteria"),
    ],
)
def test_a_plan_that_leaves_something_open_names_the_field(values, field) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_plan(replace(LECTURE, **values), NOW)
    assert fields(refused) == [field]


@pytest.mark.parametrize(
    ("status", "now", "refusal"),
    [
        (OPEN, START - timedelta(seconds=1), None),
        (OPEN, START, JoiningOverError),
        (ActivityStatus.CANCELLED, NOW, OverError),
        (CLOSED, NOW, OverError),
    ],
)
def test_seats_are_taken_until_the_start_of_what_is_still_on(status, now, refusal) -> None:
    if refusal is None:
        ensure_joinable(status, START, now)
        return
    with pytest.raises(refusal):
        ensure_joinable(status, START, now)


@pytest.mark.parametrize(
    ("minutes_from_end", "refusal"),
    [(-151, DoorNotOpenError), (-150, None), (29, None), (30, DoorClosedError)],
)
def test_the_door_is_open_from_an_hour_before_until_half_an_hour_after(
    minutes_from_end, refusal
) -> None:
    now = END + timedelta(minutes=minutes_from_end)
    if refusal is None:
        ensure_door_open(OPEN, START, END, now)
        return
    with pytest.raises(refusal):
        ensure_door_open(OPEN, START, END, now)


def test_a_code_is_read_in_any_case_width_and_spacing() -> None:
    ensure_code("k7m-2qp", "K7M2QP")
    ensure_code("ｋ７ｍ ２ｑｐ", "K7M2QP")
    with pytest.raises(InvalidInputError) as refused:
        ensure_code("K7M2QQ", "K7M2QP")
    assert fields(refused) == ["code"]


def test_codes_hold_nothing_that_is_read_as_something_else() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert not set("".join(codes)) & set("01OIL25SZ")


@pytest.mark.parametrize(
    "written",
    ["13800001111", "138 0000 1111", "+86 138-0000-1111", "008613800001111", "１３８00001111"],
)
def test_a_number_has_one_key_however_it_is_written(written) -> None:
    assert phone_key(written) == "13800001111"


def test_a_number_of_another_country_keeps_its_prefix() -> None:
    assert phone_key("+49 30 1234567") == "+49301234567"


@pytest.mark.parametrize(
    ("status", "now", "closer", "refusal"),
    [
        (OPEN, END, None, None),
        (OPEN, END, new_id(), None),
        (OPEN, END - timedelta(seconds=1), None, NotOverError),
        (OPEN, END, EXPERT, CloserSpeaksError),
        (CLOSED, END, None, OverError),
    ],
)
def test_a_list_is_closed_after_the_end_by_who_did_not_speak(status, now, closer, refusal) -> None:
    if refusal is None:
        ensure_closable(status, END, now, closer=closer, experts={EXPERT})
        return
    with pytest.raises(refusal):
        ensure_closable(status, END, now, closer=closer, experts={EXPERT})


def test_slots_are_eight_and_seven_minutes_one_after_the_other() -> None:
    assert slot_of(START, 1) == (START, START + timedelta(minutes=15))
    assert slot_of(START, 12)[1] == START + timedelta(hours=3)
    ensure_slots(START, START + timedelta(hours=3), 12)
    with pytest.raises(SlotsOverrunError) as refused:
        ensure_slots(START, START + timedelta(hours=3), 13)
    assert refused.value.facts["room"] == 12
    assert recused_minutes(2) == 30


@pytest.mark.parametrize(
    "criteria",
    [
        (),
        (Criterion("创新", 100), Criterion("创新", 0)),
        (Criterion("创新", 40), Criterion("市场", 59)),
        (Criterion("创新", 101), Criterion("市场", -1)),
        tuple(Criterion(f"第{number}项", 10) for number in range(11)),
        (Criterion("", 100),),
    ],
)
def test_criteria_have_names_of_their_own_and_weigh_a_hundred(criteria) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_criteria(criteria)
    assert set(fields(refused)) == {"criteria"}


@pytest.mark.parametrize("marks", [(80,), (80, 80, 80), (80, 101), (-1, 80)])
def test_a_sheet_has_a_mark_from_nothing_to_a_hundred_for_each_criterion(marks) -> None:
    with pytest.raises(InvalidInputError):
        ensure_marks(CRITERIA, marks)
    ensure_marks(CRITERIA, (0, 100))


def test_a_total_is_exact_in_hundredths_of_a_mark() -> None:
    assert weighted(CRITERIA, (81, 90)) == 8640


@pytest.mark.parametrize(
    ("totals", "kind", "mean"),
    [
        ((8000, 8001), MeanKind.PLAIN, 8001),
        ((8000, 8000, 8001), MeanKind.PLAIN, 8000),
        ((0, 7000, 8000, 10000), MeanKind.TRIMMED, 7500),
        ((0, 7000, 10000), MeanKind.TRIMMED, 5667),
        ((7000,), MeanKind.TRIMMED, 7000),
    ],
)
def test_means_round_halves_up_and_are_trimmed_where_four_have_marked(totals, kind, mean) -> None:
    assert mean_of(totals, kind) == mean


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    placed = places({"a": 8000, "b": 9000, "c": 8000, "d": 100})
    assert {key: each.place for key, each in placed.items()} == {"b": 1, "a": 2, "c": 2, "d": 4}
