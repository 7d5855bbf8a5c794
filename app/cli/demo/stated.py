"""How hours and ways to meet are written in the files of the demo."""

from app.models.expert import Expert


def minute_of(text: str) -> int:
    """Return the minute of the day of a time written HH:MM."""
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def modes_of(mode: str, expert: Expert) -> frozenset[str]:
    """Return the ways to meet that a span names; any is every way of the expert."""
    return frozenset(expert.modes) if mode == "any" else frozenset({mode})
