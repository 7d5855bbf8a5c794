import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM
from app.domain.availability import Closing, ExceptionKind
from app.domain.ids import new_id
from app.models.availability import AvailabilityException
from app.services import availability
from tests.builders import an_expert
from tests.moments import day

HOURS = "/mentor/availability"
DAYS = f"{HOURS}/days"
REMOVE = f"{DAYS}/remove"
TRIP = {"kind": "off", "first_on": "2026-09-28", "last_on": "2026-09-30", "reason": "出差"}
EVENING = {"kind": "extra", "first_on": "2026-09-25", "starts": "19:00", "ends": "20:30"}


def kept(store) -> list[AvailabilityException]:
    with store.read(SYSTEM) as reader:
        rows = reader.session.scalars(select(AvailabilityException))
        return sorted(rows, key=lambda row: row.day)


def test_a_trip_closes_its_days_and_is_shown_as_one(store, visit) -> None:
    answer = visit.post(DAYS, **TRIP)

    assert (answer.status_code, answer.location) == (303, HOURS)
    assert [row.day for row in kept(store)] == [day("09-28"), day("09-29"), day("09-30")]
    page = visit.get(HOURS)
    assert "9月28日 周一 至 9月30日 周三" in page
    assert "出差 · 不开放" in page


def test_a_second_press_closes_once(store, visit) -> None:
    typed = {**visit.hidden(DAYS), **TRIP}
    answers = [visit.client.post(DAYS, data=typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(kept(store)) == 3


def test_an_evening_of_a_holiday_is_opened(store, visit) -> None:
    answer = visit.post(DAYS, **EVENING, modes=["online", "phone"])

    assert answer.status_code == 303
    (row,) = kept(store)
    assert (row.kind, row.starts_minute, row.ends_minute) == (ExceptionKind.EXTRA, 1140, 1230)
    assert row.modes == ["online", "phone"]
    assert "临时加开 19:00–20:30" in visit.get(HOURS)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({**TRIP, "reason": ""}, "填写“原因”"),
        ({**TRIP, "first_on": "2026-09-15"}, "“从哪天”不能早于 9月16日 周三"),
        ({**TRIP, "last_on": "2026-09-20"}, "“到哪天”不能早于 9月28日 周一"),
        ({**TRIP, "last_on": "2027-09-20"}, "“到哪天”不能晚于"),
        ({**TRIP, "first_on": "28.9."}, "填写“从哪天”的日期"),
        ({**TRIP, "kind": "party"}, "从列出的选项里选择“怎样安排？”"),
        ({**TRIP, "starts": "10:00"}, "选择“结束时间”"),
        ({**TRIP, "reason": "x" * 100_000}, "最多 100 字"),
        (EVENING, "选择“可以怎样见面？”"),
        ({**EVENING, "modes": "fax"}, "从列出的选项里选择“可以怎样见面？”"),
        ({**EVENING, "modes": "phone", "ends": "19:00"}, "“结束时间”要在开始之后"),
        ({**EVENING, "modes": "phone", "starts": ""}, "选择“开始时间”"),
    ],
)
def test_a_faulty_day_is_refused_with_the_input_kept(store, visit, typed, words: str) -> None:
    answer = visit.post(DAYS, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert f'value="{typed["first_on"]}"' in page
    assert kept(store) == []


def test_days_are_removed_together(store, road, visit) -> None:
    visit.post(DAYS, **TRIP)
    ids = [str(row.id) for row in kept(store)]

    answer = visit.post(REMOVE, came_from=HOURS, id=ids)

    assert (answer.status_code, answer.location) == (303, HOURS)
    assert kept(store) == []
    assert "已删除" in visit.get(HOURS)


def test_a_strangers_day_is_not_found(store, visit) -> None:
    other = an_expert(store, name="刘总")
    closing = Closing(day("09-28"), day("09-28"), "出差")
    (row,) = store.execute(SYSTEM, availability.close_day, other.id, closing)
    for ids in ([str(row.id)], [str(new_id())], ["no id"], []):
        assert visit.post(REMOVE, came_from=HOURS, id=ids).status_code == 404
    assert len(kept(store)) == 1
