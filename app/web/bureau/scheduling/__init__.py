"""Meetings and times: bookings, panels, places, activities, the calendar, the waiting list."""

from app.web.bureau.scheduling import (
    activities,
    activity_door,
    activity_reviews,
    agenda,
    bookings,
    calendar,
    clinics,
    hours,
    panel_booking,
    panels,
    place_feeds,
    places,
    reassigning,
    waiting,
)

GROUPS = (
    agenda,
    clinics,
    waiting,
    calendar,
    bookings,
    reassigning,
    panels,
    panel_booking,
    hours,
    places,
    place_feeds,
    activities,
    activity_door,
    activity_reviews,
)
