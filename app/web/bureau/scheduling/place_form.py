"""The form of a place: read into its facts, or filled from what stands."""

from collections.abc import Iterator, Mapping
from datetime import date

from app.domain.availability import LONGEST_REASON, MOST_SPANS_A_DAY, Closing, field_of
from app.domain.place import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    OFFICIAL_WEEK,
    SEATS,
    Equipment,
    OpenSpan,
    PlaceFacts,
    PlaceKind,
)
from app.queries.places import PlaceView
from app.web.shared.clock import WHOLE_DAY, clock, end_choices, minute_of, start_choices
from app.web.shared.forms import Form

WEEKDAYS = range(7)
USUAL_ROWS = 2
_PARTS = ("starts", "ends")
_EQUIPMENT = [each.value for each in Equipment]


def blank() -> dict[str, object]:
    """Return the fields of a new place: a room that is open as offices are."""
    return {"kind": PlaceKind.ROOM.value, **_hours(OFFICIAL_WEEK)}


def filled(place: PlaceView) -> dict[str, object]:
    """Return the fields of a place as it stands."""
    return {
        "kind": place.kind.value,
        "name": place.name,
        "street": place.street or "",
        "address": place.address,
        "seats": str(place.seats),
        "equipment": list(place.equipment),
        **_hours(place.hours),
    }


def compact(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the spans sent, moved up so that errors, which number spans, meet their rows."""
    found = {}
    for weekday in WEEKDAYS:
        for number, span in enumerate(_sent(sent, weekday), start=1):
            for part, value in zip(_PARTS, span, strict=True):
                found[field_of(weekday, number, part)] = value
    return found


def rows(form: Form) -> dict[int, range]:
    """Return the numbers of the spans that the form shows, by weekday."""
    return {
        weekday: range(1, max(USUAL_ROWS, len(_given(form, weekday))) + 1) for weekday in WEEKDAYS
    }


def read(form: Form, streets: list[str]) -> PlaceFacts:
    """Return the facts that the form says.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    with form:
        return PlaceFacts(
            kind=PlaceKind(form.choice("kind", [each.value for each in PlaceKind]) or "room"),
            name=form.text("name", longest=LONGEST_NAME),
            street=form.choice("street", streets) if form.given("street") else None,
            address=form.text("address", longest=LONGEST_ADDRESS),
            seats=form.integer("seats", SEATS[0], SEATS[-1]),
            equipment=[
                Equipment(code)
                for code in form.choices("equipment", _EQUIPMENT, required=False)
                if code in _EQUIPMENT
            ],
            hours=[
                OpenSpan(
                    weekday,
                    minute_of(form, field_of(weekday, number, "starts"), start_choices()),
                    minute_of(form, field_of(weekday, number, "ends"), end_choices()),
                )
                for weekday in WEEKDAYS
                for number in _given(form, weekday)
            ],
        )


def read_closing(form: Form) -> Closing:
    """Return the days on which the place is to be shut; without times, from end to end.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    with form:
        first_on = form.day("first_on")
        last_on: date = form.day("last_on") if form.given("last_on") else first_on
        is_whole = not (form.given("starts") or form.given("ends"))
        return Closing(
            first_on=first_on,
            last_on=last_on,
            reason=form.text("reason", longest=LONGEST_REASON),
            starts_minute=WHOLE_DAY[0] if is_whole else minute_of(form, "starts", start_choices()),
            ends_minute=WHOLE_DAY[1] if is_whole else minute_of(form, "ends", end_choices()),
        )


def _hours(spans: tuple[OpenSpan, ...]) -> dict[str, str]:
    fields = {}
    for weekday in WEEKDAYS:
        of_day = [span for span in spans if span.weekday == weekday]
        for number, span in enumerate(of_day, start=1):
            fields[field_of(weekday, number, "starts")] = clock(span.starts_minute)
            fields[field_of(weekday, number, "ends")] = clock(span.ends_minute)
    return fields


def _sent(sent: Mapping[str, str], weekday: int) -> Iterator[tuple[str, ...]]:
    for number in range(1, MOST_SPANS_A_DAY + 1):
        span = tuple(sent.get(field_of(weekday, number, part), "") for part in _PARTS)
        if any(span):
            yield span


def _given(form: Form, weekday: int) -> list[int]:
    return [
        number
        for number in range(1, MOST_SPANS_A_DAY + 1)
        if any(form.given(field_of(weekday, number, part)) for part in _PARTS)
    ]
