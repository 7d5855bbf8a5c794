import pytest

from tests.founder_road import statements

SIGN_IN = 1
MOST_STATEMENTS = 8


@pytest.fixture
def places(road) -> dict[str, object]:
    road.proposed()
    session = road.recorded("09-17 09:00", need_id=road.a_need().id)
    booking = road.accepted("09-22 14:00", need_id=road.a_need().id)
    return {
        "need": road.need.id,
        "mentor": road.expert.id,
        "session": session.id,
        "booking": booking.id,
        "hold": road.held("09-23 09:00").id,
    }


@pytest.mark.parametrize(
    "address",
    [
        "/me",
        "/needs/new",
        "/needs/{need}/edit",
        "/needs/{need}/mentors",
        "/needs/{need}/book?mentor={mentor}&time=2026-09-23T02:00:00%2B00:00",
        "/bookings/new?hold={hold}",
        "/bookings",
        "/bookings/{booking}",
        "/bookings/{booking}/reschedule",
        "/sessions/{session}/confirm",
        "/inbox",
        "/mentors",
        "/mentors?q=登记",
        "/mentors/{mentor}",
    ],
)
def test_a_page_costs_few_statements_and_writes_nothing(road, desk, places, address) -> None:
    desk.get("/me")
    with statements(road.store) as sent:
        desk.get(address.format(**places))
    assert len(sent) <= SIGN_IN + MOST_STATEMENTS, sent
    assert [each for each in sent if not each.lstrip().startswith(("SELECT", "WITH"))] == []
