"""Times of day as choices of a quarter hour, and minutes since midnight."""

from collections.abc import Sequence

from app.domain.availability import GRID_MINUTES
from app.web.shared.forms import Choice, Form

DAY_MINUTES = 24 * 60
WHOLE_DAY = (0, DAY_MINUTES)


def clock(minute: int) -> str:
    """Write minutes since midnight as people read them; the end of the day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def start_choices() -> list[Choice]:
    """Return the times at which something can start."""
    return [Choice(clock(at), clock(at)) for at in range(0, DAY_MINUTES, GRID_MINUTES)]


def end_choices() -> list[Choice]:
    """Return the times at which something can end."""
    every = range(GRID_MINUTES, DAY_MINUTES + 1, GRID_MINUTES)
    return [Choice(clock(at), clock(at)) for at in every]


def minute_of(form: Form, name: str, options: Sequence[Choice]) -> int:
    """Read one of the times as minutes since midnight."""
    text = form.choice(name, [option.value for option in options])
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute) if text else 0
