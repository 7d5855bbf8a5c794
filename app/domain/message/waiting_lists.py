"""What is told of places in line for an expert's time."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

WAITING_LISTS: Mapping[str, tuple[Notice, ...]] = {
    "booking.place_offered": (
        Notice(
            to=Audience.FOUNDER,
            words="booking.place_offered",
            href="/bookings/new?hold={booking_id}",
            mail_while=frozenset({"on_hold"}),
        ),
    ),
    "booking.place_lapsed": (
        Notice(
            to=Audience.FOUNDER,
            words="booking.place_lapsed",
            href="/needs/{need_id}/mentors",
        ),
    ),
}
