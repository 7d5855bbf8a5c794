"""Reading when a meeting really was: a day, two times of day, the break."""

from dataclasses import dataclass
from datetime import date, datetime, time

from app.domain.calendar import ZONE
from app.domain.errors import InvalidInputError
from app.domain.service_record import ActualTimes, Span
from app.domain.service_session import LONGEST_MINUTES
from app.queries.bureau_desk.meeting import Meeting
from app.web.shared.formatting import clock_time, day_of
from app.web.shared.forms import Form


@dataclass(frozen=True, slots=True)
class Sent:
    """The times as they were sent, each sound by itself."""

    day: date
    start: time
    end: time
    break_minutes: int

    def understood(self) -> ActualTimes:
        """Return the times together.

        Raises:
            InvalidInputError: at field `actual_end`, the end does not follow the start.
        """
        if self.end <= self.start:
            raise InvalidInputError.at("actual_end", "service_session.end_before_start")
        starts_at, ends_at = (
            datetime.combine(self.day, clock, tzinfo=ZONE) for clock in (self.start, self.end)
        )
        return ActualTimes(Span(starts_at, ends_at), self.break_minutes)


def read_times(form: Form) -> Sent:
    """Read the times inside `with form:`."""
    return Sent(
        day=form.day("day"),
        start=form.time_of_day("actual_start", step=1),
        end=form.time_of_day("actual_end", step=1),
        break_minutes=form.integer("break_minutes", 0, LONGEST_MINUTES),
    )


def times_of(meeting: Meeting) -> dict[str, object]:
    """Return what the form begins with: the times as they stand."""
    return {
        "day": day_of(meeting.started_at).isoformat(),
        "actual_start": clock_time(meeting.started_at),
        "actual_end": clock_time(meeting.ended_at),
        "break_minutes": meeting.break_minutes,
    }
