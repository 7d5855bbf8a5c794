from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Closing, ExceptionKind, Opening
from app.domain.errors import InvalidInputError, NotFoundError
from app.models.audit_entry import AuditEntry
from app.models.availability import AvailabilityException
from app.models.expert import Expert
from app.queries.free_times import of_expert
from app.services import availability
from tests.builders import a_mentor, an_expert
from tests.moments import at, day

ALL = frozenset({"onsite", "online", "phone"})
TRIP = Closing(day("09-28"), day("09-30"), "出差")
EVENING = Opening(day("09-25"), 19 * 60, 20 * 60, ALL, "中秋值班")


@pytest.fixture
def expert(store) -> Expert:
    return an_expert(store)


@pytest.fixture
def mentor(store, expert) -> Actor:
    return a_mentor(store, expert)


def rows(store, model) -> list:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def actions(store, prefix: str = "availability.") -> list[str]:
    return [row.action for row in rows(store, AuditEntry) if row.action.startswith(prefix)]


def offered(store, expert, on: str) -> list:
    with store.read(SYSTEM) as reader:
        times = of_expert(reader, expert.id, "consultation", ["onsite"], [day(on)])
    return [time.starts_at for time in times]


def faults(error: InvalidInputError) -> dict[str, str]:
    return {fault.field: fault.code for fault in error.errors}


def test_a_closed_trip_takes_its_days_and_tells_why(store, expert, mentor) -> None:
    store.execute(mentor, availability.close_day, expert.id, TRIP)

    closed = rows(store, AvailabilityException)
    assert {(row.day, row.reason) for row in closed} == {
        (day(on), "出差") for on in ("09-28", "09-29", "09-30")
    }
    assert offered(store, expert, "09-29") == []
    assert actions(store) == ["availability.day_closed"] * 3


def test_part_of_a_day_can_be_closed(store, expert, mentor) -> None:
    morning = Closing(day("09-17"), day("09-17"), "开会", 0, 20 * 60)
    store.execute(mentor, availability.close_day, expert.id, morning)
    assert offered(store, expert, "09-17") == [at("09-17 20:00")]


def test_a_holiday_can_be_opened_by_the_expert(store, expert, mentor) -> None:
    store.execute(mentor, availability.open_day, expert.id, EVENING)

    assert offered(store, expert, "09-25") == [at("09-25 19:00")]
    assert [row.kind for row in rows(store, AvailabilityException)] == [ExceptionKind.EXTRA]


@pytest.mark.parametrize(
    ("closing", "field", "code"),
    [
        (replace(TRIP, first_on=day("09-15")), "first_on", "input.too_early"),
        (replace(TRIP, last_on=day("09-27")), "last_on", "input.too_early"),
        (replace(TRIP, last_on=day("12-31")), "last_on", "input.too_late"),
        (replace(TRIP, first_on=day("12-31").replace(year=9999)), "first_on", "input.too_late"),
        (replace(TRIP, reason="  "), "reason", "input.required"),
        (replace(TRIP, reason="出" * 101), "reason", "input.too_long"),
        (
            replace(TRIP, starts_minute=600, ends_minute=600),
            "ends",
            "availability.end_before_start",
        ),
    ],
)
def test_a_faulty_closing_is_refused(store, expert, mentor, closing, field, code) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        store.execute(mentor, availability.close_day, expert.id, closing)
    assert faults(refusal.value) == {field: code}
    assert rows(store, AvailabilityException) == []


@pytest.mark.parametrize(
    ("opening", "field", "code"),
    [
        (replace(EVENING, day=day("09-15")), "first_on", "input.too_early"),
        (replace(EVENING, ends_minute=19 * 60), "ends", "availability.end_before_start"),
        (replace(EVENING, modes=frozenset()), "modes", "input.not_chosen"),
        (replace(EVENING, reason="值" * 101), "reason", "input.too_long"),
    ],
)
def test_a_faulty_opening_is_refused(store, expert, mentor, opening, field, code) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        store.execute(mentor, availability.open_day, expert.id, opening)
    assert faults(refusal.value) == {field: code}


def test_today_can_still_be_closed(store, expert, mentor) -> None:
    store.execute(
        mentor, availability.close_day, expert.id, Closing(day("09-16"), day("09-16"), "病")
    )
    assert offered(store, expert, "09-16") == []


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (replace(EVENING, starts_minute=19 * 60 + 30, ends_minute=21 * 60), "opened_already"),
        (Closing(day("09-24"), day("09-26"), "出差"), "opened_already"),
    ],
)
def test_hours_opened_already_are_named_with_their_day(store, expert, mentor, second, code) -> None:
    verb = availability.open_day if isinstance(second, Opening) else availability.close_day
    store.execute(mentor, availability.open_day, expert.id, EVENING)

    with pytest.raises(InvalidInputError) as refusal:
        store.execute(mentor, verb, expert.id, second)

    (fault,) = refusal.value.errors
    assert (fault.code, fault.facts) == (f"availability.{code}", {"day": day("09-25")})


def test_a_closed_day_is_not_closed_twice_but_hours_of_it_may_be_opened(
    store, expert, mentor
) -> None:
    store.execute(mentor, availability.close_day, expert.id, TRIP)

    with pytest.raises(InvalidInputError):
        store.execute(mentor, availability.close_day, expert.id, TRIP)
    store.execute(mentor, availability.open_day, expert.id, replace(EVENING, day=day("09-29")))

    assert offered(store, expert, "09-29") == [at("09-29 19:00")]


def test_removed_days_follow_the_week_again(store, expert, mentor) -> None:
    closed = store.execute(mentor, availability.close_day, expert.id, TRIP)
    keys = [row.id for row in closed[:2]]

    assert store.execute(mentor, availability.remove_days, expert.id, keys) == 2

    assert [row.day for row in rows(store, AvailabilityException)] == [day("09-30")]
    assert actions(store)[-2:] == ["availability.day_removed"] * 2
    with pytest.raises(NotFoundError):
        store.execute(mentor, availability.remove_days, expert.id, keys)


def test_a_strangers_special_day_is_not_found(store, expert, mentor) -> None:
    other = an_expert(store, name="刘总")
    (row,) = store.execute(
        SYSTEM, availability.close_day, other.id, Closing(day("09-28"), day("09-28"), "出差")
    )
    with pytest.raises(NotFoundError):
        store.execute(mentor, availability.remove_days, expert.id, [row.id])
