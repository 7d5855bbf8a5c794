from uuid import UUID

import pytest

from app.domain.availability import JointTime, Question, Span, free_times, joint_times
from app.domain.calendar import WorkingCalendar
from app.domain.ids import new_id
from app.domain.place import OFFICIAL_WEEK, OpenSpan, diary_of
from tests.moments import START, at, day

CALENDAR = WorkingCalendar({})
DAYS = [day("09-17"), day("09-18")]
SMALL, LARGE = new_id(), new_id()
EARLY = (OpenSpan(3, 9 * 60, 11 * 60), OpenSpan(4, 9 * 60, 11 * 60))
BUSY = Span(at("09-17 09:00"), at("09-17 11:00"))


def diary(hours=OFFICIAL_WEEK, *claims: Span):
    return diary_of(hours, (), claims, CALENDAR)


def asked(*modes: str, busy: tuple[Span, ...] = ()) -> Question:
    return Question(60, modes or ("onsite",), START, busy)


def found(diaries, rooms=None, question=None) -> list[JointTime]:
    return list(joint_times(diaries, rooms, CALENDAR, question or asked(), DAYS))


def test_what_all_share_is_what_every_diary_offers_by_itself() -> None:
    people = [diary(), diary(EARLY), diary(OFFICIAL_WEEK, BUSY)]
    alone = [
        {time.starts_at for time in free_times(each, CALENDAR, asked(), DAYS)} for each in people
    ]
    together = [time.starts_at for time in found(people)]
    assert together == sorted(alone[0] & alone[1] & alone[2])
    assert together[0] == at("09-18 09:00")


@pytest.mark.parametrize(
    ("rooms", "first", "free"),
    [
        (None, "09-17 09:00", ()),
        ({SMALL: diary(OFFICIAL_WEEK, BUSY), LARGE: diary()}, "09-17 09:00", (LARGE,)),
        ({SMALL: diary(OFFICIAL_WEEK, BUSY)}, "09-18 09:00", (SMALL,)),
    ],
)
def test_a_time_names_the_rooms_that_are_free(
    rooms: dict[UUID, object] | None, first: str, free: tuple[UUID, ...]
) -> None:
    times = found([diary(EARLY)], rooms)
    assert (times[0].starts_at, times[0].place_ids) == (at(first), free)
    assert {time.modes for time in times} == {("onsite",)}


def test_without_a_room_that_will_do_nobody_meets() -> None:
    assert found([diary()], {}) == []
    assert found([diary()], {SMALL: diary()}, asked("online")) == []


def test_what_the_founder_has_leaves_a_time_out() -> None:
    first = found([diary()], question=asked(busy=(BUSY,)))[0]
    assert first.starts_at == at("09-17 11:00")
