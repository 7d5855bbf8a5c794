import pytest

from app.domain.actor import SYSTEM
from app.domain.booking import Side
from app.domain.errors import NotFoundError
from app.queries.booking_history import history_of
from app.services import bookings
from tests.builders import a_founder, staff
from tests.founder_road import plays, road, statements
from tests.moments import at

__all__ = ["plays", "road"]


def test_both_sides_read_who_did_what_when(road) -> None:
    booking = road.requested("09-22 14:00")
    road.put("09-16 11:00")
    road.store.execute(road.mentor, bookings.offer_times, booking.id, [at("09-23 14:00")])
    road.put("09-16 12:00")
    road.store.execute(road.founder, bookings.take_offer, booking.id, at("09-23 14:00"))
    road.put("09-16 13:00")
    road.store.execute(staff(road.store), bookings.move, booking.id, at("09-24 14:00"))

    for actor in (road.founder, road.mentor):
        with road.store.read(actor) as reader, statements(road.store) as sent:
            found = history_of(reader, booking.id)
        assert len(sent) == 2
        assert [(turning.step, turning.by) for turning in found] == [
            ("requested", Side.FOUNDER),
            ("times_offered", Side.MENTOR),
            ("offer_taken", Side.FOUNDER),
            ("moved", Side.BUREAU),
        ]
        assert found[1].at == at("09-16 11:00")
        assert (found[-1].before, found[-1].starts_at) == (at("09-23 14:00"), at("09-24 14:00"))


def test_what_the_service_does_by_itself_is_told_as_its_own(road) -> None:
    booking = road.requested("09-22 14:00")
    road.put(booking.answer_by)
    road.store.execute(SYSTEM, bookings.expire, booking.id)
    with road.store.read(road.founder) as reader:
        last = history_of(reader, booking.id)[-1]
    assert (last.step, last.by) == ("expired", Side.SYSTEM)


def test_a_stranger_reads_nothing(road) -> None:
    booking = road.requested("09-22 14:00")
    stranger = a_founder(road.store, name="周涛")
    with road.store.read(stranger) as reader, pytest.raises(NotFoundError):
        history_of(reader, booking.id)
