from dataclasses import replace

import pytest
from sqlalchemy import select

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.availability import Closing, Opening, Week, WeekSpan
from app.domain.booking import BookingStatus
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.ids import new_id
from app.models.audit_entry import AuditEntry
from app.models.availability import AvailabilityRule
from app.models.expert import Expert
from app.queries.free_times import of_expert
from app.services import availability
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.moments import at, day
from tests.road import Road

ALL = frozenset({"onsite", "online", "phone"})
THURSDAY = 3
WEEK = Week(
    spans=(
        WeekSpan(THURSDAY, 14 * 60, 15 * 60, ALL),
        WeekSpan(THURSDAY, 19 * 60, 20 * 60, frozenset({"online"})),
    ),
    monthly_limit=6,
    buffer_minutes=30,
    notice_hours=0,
)
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


def offered(store, expert, on: str) -> list:
    with store.read(SYSTEM) as reader:
        times = of_expert(reader, expert.id, "consultation", ["onsite"], [day(on)])
    return [time.starts_at for time in times]


def faults(error: InvalidInputError) -> dict[str, str]:
    return {fault.field: fault.code for fault in error.errors}


def test_a_week_replaces_the_one_before_and_what_is_offered_follows(store, expert, mentor) -> None:
    store.execute(mentor, availability.set_week, expert.id, WEEK)

    spans = [
        (rule.weekday, rule.starts_minute, rule.modes) for rule in rows(store, AvailabilityRule)
    ]
    assert sorted(spans) == [(3, 14 * 60, ["onsite", "online", "phone"]), (3, 19 * 60, ["online"])]
    assert offered(store, expert, "09-17") == [at("09-17 14:00")]
    assert offered(store, expert, "09-18") == []


def test_a_week_sets_the_limits_and_is_audited_with_what_was_set(store, expert, mentor) -> None:
    saved = store.execute(mentor, availability.set_week, expert.id, WEEK)

    assert (saved.monthly_limit, saved.buffer_minutes, saved.notice_hours) == (6, 30, 0)
    entry = rows(store, AuditEntry)[-1]
    assert (entry.action, entry.actor_id) == ("availability.set", mentor.account_id)
    assert '"buffer_minutes":30' in entry.body.replace(" ", "")


def test_an_empty_week_closes_everything(store, expert, mentor) -> None:
    store.execute(mentor, availability.set_week, expert.id, replace(WEEK, spans=()))
    assert offered(store, expert, "09-17") == []


def test_bookings_that_stand_survive_a_new_week(store, road: Road) -> None:
    booking = road.accepted("09-18 14:00")
    store.execute(road.mentor, availability.set_week, road.expert.id, replace(WEEK, spans=()))
    store.execute(
        road.mentor,
        availability.close_day,
        road.expert.id,
        Closing(day("09-18"), day("09-18"), "出差"),
    )

    assert road.now(booking).status is BookingStatus.ACCEPTED


@pytest.mark.parametrize(
    ("span", "field", "code"),
    [
        ((3, 14 * 60 + 30, 16 * 60, ALL), "day_3_3_starts", "availability.overlap"),
        ((3, 16 * 60, 16 * 60, ALL), "day_3_3_ends", "availability.end_before_start"),
        ((3, 16 * 60, 15 * 60, ALL), "day_3_3_ends", "availability.end_before_start"),
        ((4, 9 * 60 + 5, 10 * 60, ALL), "day_4_1_starts", "input.off_grid"),
        ((4, 9 * 60, 10 * 60 + 1, ALL), "day_4_1_ends", "input.off_grid"),
        ((4, 9 * 60, 25 * 60, ALL), "day_4_1_ends", "input.off_grid"),
        ((4, 9 * 60, 10 * 60, frozenset()), "day_4_1_modes", "input.not_chosen"),
        ((4, 9 * 60, 10 * 60, frozenset({"fax"})), "day_4_1_modes", "input.not_a_choice"),
        ((7, 9 * 60, 10 * 60, ALL), "day_7_1_starts", "input.unknown_code"),
    ],
)
def test_a_faulty_span_is_refused_at_its_field(store, expert, mentor, span, field, code) -> None:
    faulty = replace(WEEK, spans=(*WEEK.spans, WeekSpan(*span)))
    before = rows(store, AvailabilityRule)

    with pytest.raises(InvalidInputError) as refusal:
        store.execute(mentor, availability.set_week, expert.id, faulty)

    assert faults(refusal.value) == {field: code}
    assert len(rows(store, AvailabilityRule)) == len(before)


def test_spans_that_touch_are_no_overlap(store, expert, mentor) -> None:
    spans = (*WEEK.spans, WeekSpan(THURSDAY, 15 * 60, 16 * 60, ALL))
    store.execute(mentor, availability.set_week, expert.id, replace(WEEK, spans=spans))
    assert len(rows(store, AvailabilityRule)) == 3


def test_more_than_six_spans_a_day_are_refused(store, expert, mentor) -> None:
    spans = [WeekSpan(0, hour * 60, hour * 60 + 30, ALL) for hour in range(9, 16)]
    with pytest.raises(InvalidInputError) as refusal:
        store.execute(mentor, availability.set_week, expert.id, replace(WEEK, spans=spans))
    assert faults(refusal.value) == {"day_0_7_starts": "availability.too_many_spans"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("monthly_limit", -1, "input.too_small"),
        ("monthly_limit", 31, "input.too_large"),
        ("buffer_minutes", 7, "input.off_grid"),
        ("buffer_minutes", 125, "input.too_large"),
        ("notice_hours", 169, "input.too_large"),
    ],
)
def test_a_limit_out_of_bounds_is_refused(store, expert, mentor, name, value, code) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        store.execute(mentor, availability.set_week, expert.id, replace(WEEK, **{name: value}))
    assert faults(refusal.value) == {name: code}


def test_a_week_saved_from_a_stale_page_is_refused(store, expert, mentor) -> None:
    store.execute(mentor, availability.set_week, expert.id, WEEK, version=expert.version)
    with pytest.raises(StaleVersionError):
        store.execute(mentor, availability.set_week, expert.id, WEEK, version=expert.version)


@pytest.mark.parametrize(
    "verb",
    [
        lambda uow, key: availability.set_week(uow, key, WEEK),
        lambda uow, key: availability.open_day(uow, key, EVENING),
        lambda uow, key: availability.close_day(uow, key, TRIP),
        lambda uow, key: availability.remove_days(uow, key, [new_id()]),
    ],
)
def test_only_himself_and_officers_set_an_experts_time(store, expert, verb) -> None:
    stranger = a_mentor(store, an_expert(store, name="刘总"))
    for actor in (stranger, a_founder(store), staff(store, Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            store.execute(actor, verb, expert.id)


def test_an_officer_sets_the_week_of_anybody(store, expert) -> None:
    store.execute(staff(store), availability.set_week, expert.id, WEEK)
    assert len(rows(store, AvailabilityRule)) == 2
