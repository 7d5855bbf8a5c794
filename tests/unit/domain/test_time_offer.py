import pytest

from app.domain.booking import BookingStatus, IllegalTransitionError, Side
from app.domain.errors import InvalidInputError
from app.domain.time_offer import OfferKind, ensure_times, kind_for
from tests.moments import at

PRESENT = at("09-18 14:00")
OTHERS = [at("09-23 14:00"), at("09-21 15:00"), at("09-22 09:30")]


@pytest.mark.parametrize("side", [Side.MENTOR, Side.BUREAU])
def test_times_for_a_request_are_its_answer(side) -> None:
    assert kind_for(BookingStatus.REQUESTED, side) is OfferKind.COUNTER


@pytest.mark.parametrize("side", list(Side))
def test_times_for_what_is_agreed_are_a_wish_to_move(side) -> None:
    assert kind_for(BookingStatus.ACCEPTED, side) is OfferKind.MOVE


@pytest.mark.parametrize(
    "status", sorted(set(BookingStatus) - {BookingStatus.REQUESTED, BookingStatus.ACCEPTED})
)
def test_in_other_states_no_times_are_offered(status) -> None:
    with pytest.raises(IllegalTransitionError):
        kind_for(status, Side.MENTOR)


def test_a_founder_offers_none_for_his_own_request() -> None:
    with pytest.raises(IllegalTransitionError):
        kind_for(BookingStatus.REQUESTED, Side.FOUNDER)


def test_times_are_put_in_order() -> None:
    assert ensure_times(OTHERS, PRESENT) == tuple(sorted(OTHERS))


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ([], "input.not_chosen"),
        ([*OTHERS, at("09-24 10:00")], "time_offer.too_many"),
        ([OTHERS[0], OTHERS[0]], "time_offer.not_other_times"),
        ([PRESENT], "time_offer.not_other_times"),
    ],
)
def test_none_more_than_three_the_same_twice_or_the_present_time_are_refused(times, code) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_times(times, PRESENT)
    assert [fault.code for fault in refused.value.errors] == [code]
