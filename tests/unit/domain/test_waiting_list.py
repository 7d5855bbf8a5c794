import pytest

from app.domain.errors import InvalidInputError
from app.domain.waiting_list import Wish, ensure_wish, offer_until, seat_offer_until
from tests.moments import at, day

LATE = at("12-31 12:00")
TODAY, LAST = day("09-16"), day("11-14")
MODES = ("onsite", "online")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("09-16 08:00", "09-16 20:00"),
        ("09-16 10:00", "09-16 22:00"),
        ("09-16 10:01", "09-17 08:01"),
        ("09-16 21:30", "09-17 19:30"),
        ("09-16 22:00", "09-17 20:00"),
        ("09-16 23:30", "09-17 20:00"),
        ("09-17 03:00", "09-17 20:00"),
    ],
)
def test_an_offer_stands_for_twelve_waking_hours(now: str, until: str) -> None:
    assert offer_until(at(now), LATE) == at(until)


def test_an_offer_never_stands_longer_than_it_is_of_use() -> None:
    assert offer_until(at("09-16 10:00"), at("09-16 15:00")) == at("09-16 15:00")


@pytest.mark.parametrize(
    ("now", "starts", "until"),
    [
        ("09-01 10:00", "09-12 09:00", "09-01 22:00"),
        ("09-01 23:00", "09-12 09:00", "09-02 20:00"),
        # Fifteen waking hours are left, then one, then ten minutes, then none.
        ("09-11 08:00", "09-12 09:00", "09-11 15:30"),
        ("09-11 23:00", "09-12 09:00", "09-12 08:30"),
        ("09-12 08:50", "09-12 09:00", "09-12 09:00"),
        ("09-12 05:00", "09-12 07:00", "09-12 07:00"),
        # At least thirty minutes, so that somebody can answer at all.
        ("09-12 08:20", "09-12 09:00", "09-12 08:50"),
        ("09-11 21:50", "09-11 23:00", "09-11 23:00"),
    ],
)
def test_the_nearer_the_start_the_shorter_a_seat_is_kept(now, starts, until) -> None:
    assert seat_offer_until(at(now), at(starts)) == at(until)


def test_a_wish_within_what_can_be_booked_is_taken() -> None:
    ensure_wish(Wish(("online",), TODAY, LAST), TODAY, LAST, MODES)
    ensure_wish(Wish(MODES, TODAY, TODAY), TODAY, LAST, MODES)


@pytest.mark.parametrize(
    ("wish", "faults"),
    [
        (Wish((), TODAY, LAST), {"modes": "input.not_chosen"}),
        (Wish(("phone",), TODAY, LAST), {"modes": "input.not_a_choice"}),
        (Wish(MODES, day("09-15"), LAST), {"earliest_on": "input.too_early"}),
        (Wish(MODES, day("09-20"), day("09-19")), {"latest_on": "input.too_early"}),
        (Wish(MODES, TODAY, day("11-15")), {"latest_on": "input.too_late"}),
    ],
)
def test_a_wish_nothing_could_fulfil_is_refused_field_by_field(wish, faults) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_wish(wish, TODAY, LAST, MODES)
    assert {fault.field: fault.code for fault in refused.value.errors} == faults
