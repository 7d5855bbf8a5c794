"""How a meeting stands in somebody's calendar, and what is kept of an invitation."""

import pytest

from app.domain.booking import BookingStatus
from app.domain.calendar_entry import (
    SHOWN,
    Entry,
    EntryStatus,
    Invitation,
    Method,
    invitation_of,
    public_place,
    status_of,
)
from app.domain.ids import new_id
from tests.moments import at


def test_an_invitation_that_was_kept_is_the_same_to_the_byte() -> None:
    entry = Entry(
        key=new_id(),
        sequence=2,
        status=EntryStatus.CONFIRMED,
        starts_at=at("09-18 14:00"),
        ends_at=at("09-18 14:50"),
        title="创业咨询",
        note="请带身份证。",
        place="唐冶就业服务站",
        page="/bookings/1",
        stamped_at=at("09-16 10:00"),
    )
    sent = Invitation(method=Method.REQUEST, entry=entry, attendee="a@example.org")
    assert invitation_of(sent.facts()) == sent  # type: ignore[arg-type]  # JSON of its own making


@pytest.mark.parametrize("booking", SHOWN)
def test_who_left_sees_it_cancelled_and_others_what_it_is(booking: BookingStatus) -> None:
    assert status_of(booking, takes_part=False) is EntryStatus.CANCELLED
    stands = {BookingStatus.ACCEPTED, BookingStatus.FULFILLED, BookingStatus.NO_SHOW}
    assert (status_of(booking) is EntryStatus.CONFIRMED) == (booking in stands)


def test_a_place_that_tells_a_number_is_not_named() -> None:
    assert public_place("唐冶就业服务站") == "唐冶就业服务站"
    assert public_place("找李老师 13800001234") == ""
