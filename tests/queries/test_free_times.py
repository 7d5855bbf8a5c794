from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM
from app.domain.availability import ExceptionKind, upcoming
from app.domain.expert import ExpertCategory
from app.models.availability import AvailabilityException
from app.queries.free_times import load_diaries, nearest, of_expert
from app.services import bookings
from tests.builders import a_founder, an_expert, keep
from tests.founder_road import statements
from tests.moments import START, at, day
from tests.road import Road, a_road
from tests.turns import on_both as dialect

__all__ = ["dialect"]

ONSITE = ["onsite"]


@pytest.fixture
def road(store) -> Road:
    return a_road(store)


def a_special(
    expert, on: str, kind: ExceptionKind, starts: int, ends: int
) -> AvailabilityException:
    return AvailabilityException(
        expert_id=expert.id,
        day=day(on),
        kind=kind,
        starts_minute=starts,
        ends_minute=ends,
        modes=["onsite", "online", "phone"],
        reason="",
    )


def first_of(store, expert, on: str):
    with store.read(SYSTEM) as reader:
        times = of_expert(reader, expert.id, "consultation", ONSITE, [day(on)])
    return times[0].starts_at if times else None


@pytest.mark.parametrize("count", [1, 30])
def test_the_diaries_of_any_number_of_experts_cost_six_statements(store, count: int) -> None:
    experts = [an_expert(store, name=f"专家{n}").id for n in range(count)]
    with store.read(SYSTEM) as reader, statements(store) as seen:
        diaries = load_diaries(reader, experts, upcoming(START))
    assert (len(diaries.by_expert), len(seen)) == (count, 6)


def test_each_expert_of_a_shortlist_has_his_own_nearest_times(store) -> None:
    early, late = an_expert(store), an_expert(store, weekly=False)
    keep(store, a_special(late, "10-09", ExceptionKind.EXTRA, 14 * 60, 15 * 60))
    none = an_expert(store, weekly=False)

    with store.read(SYSTEM) as reader:
        found = nearest(reader, [early.id, late.id, none.id], "consultation", ONSITE)

    assert [time.starts_at for time in found[early.id]] == [
        at(f"09-16 {clock}") for clock in ("10:15", "10:30", "10:45")
    ]
    assert [time.starts_at for time in found[late.id]] == [at("10-09 14:00")]
    assert found[none.id] == []


def test_a_taken_time_is_missing_for_everybody_else(store, road: Road) -> None:
    road.accepted("09-18 09:00")
    assert first_of(store, road.expert, "09-18") == at("09-18 10:00")


def test_the_claim_of_a_declined_request_is_free_again(store, road: Road) -> None:
    booking = road.requested("09-18 09:00")
    store.execute(road.mentor, bookings.decline, booking.id, "m_overload")
    assert first_of(store, road.expert, "09-18") == at("09-18 09:00")


def test_the_length_follows_the_kind_of_service(store) -> None:
    expert = an_expert(store)
    with store.read(SYSTEM) as reader:
        times = of_expert(reader, expert.id, "diagnosis", ONSITE, [day("09-18")])
    assert times[0].ends_at - times[0].starts_at == timedelta(minutes=90)
    assert times[-1].starts_at == at("09-18 19:30")


def test_the_month_is_full_with_the_bookings_of_all_its_days(store, road: Road) -> None:
    full = an_expert(store, monthly_limit=1)
    store.execute(road.founder, bookings.request_now, road.choice("09-29 09:00", expert_id=full.id))
    assert first_of(store, full, "09-18") is None
    assert first_of(store, full, "10-08") == at("10-08 09:00")


def test_a_pause_at_the_end_of_the_month_sees_the_next_months_first_claim(
    store, road: Road
) -> None:
    night = an_expert(store, weekly=False, buffer_minutes=30)
    keep(
        store,
        a_special(night, "09-30", ExceptionKind.EXTRA, 22 * 60, 24 * 60),
        a_special(night, "10-01", ExceptionKind.EXTRA, 0, 2 * 60),
    )
    store.execute(
        road.founder, bookings.request_now, road.choice("10-01 00:00", expert_id=night.id)
    )

    with store.read(SYSTEM) as reader:
        times = of_expert(reader, night.id, "consultation", ONSITE, [day("09-30")])
    assert times[-1].starts_at == at("09-30 22:30")


def test_an_official_without_rules_is_offered_in_office_hours_of_make_up_days(store) -> None:
    official = an_expert(store, weekly=False, category=ExpertCategory.OFFICIAL)
    found = {on: first_of(store, official, on) for on in ("09-19", "09-20", "09-25", "10-10")}
    assert found == {
        "09-19": None,
        "09-20": at("09-20 09:00"),
        "09-25": None,
        "10-10": at("10-10 09:00"),
    }


def test_an_expert_without_an_appointment_has_no_times(store) -> None:
    assert first_of(store, an_expert(store, term=None), "09-18") is None


def test_an_unknown_expert_has_no_times(store) -> None:
    founder = a_founder(store)
    with store.read(founder) as reader:
        assert of_expert(reader, founder.person_id, "consultation", ONSITE, [day("09-18")]) == []
