"""Activities as everybody, their keepers and their judges see them."""

from app.queries.activities.desk import (
    Desk,
    Listener,
    activity_desk,
    expert_choices,
    venture_choices,
)
from app.queries.activities.events import (
    Event,
    EventPage,
    activities_of,
    event_page,
    event_pages,
)
from app.queries.activities.lines import SeatLine, SeatPlace, seat_place, seat_places
from app.queries.activities.reviews import (
    JudgedProject,
    Judging,
    Project,
    judge_page,
    projects_of,
    reviews_of_judge,
)

__all__ = [
    "Desk",
    "Event",
    "EventPage",
    "JudgedProject",
    "Judging",
    "Listener",
    "Project",
    "SeatLine",
    "SeatPlace",
    "activities_of",
    "activity_desk",
    "event_page",
    "event_pages",
    "expert_choices",
    "judge_page",
    "projects_of",
    "reviews_of_judge",
    "seat_place",
    "seat_places",
    "venture_choices",
]
