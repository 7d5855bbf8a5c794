"""The form of an activity: read into a plan, or filled from what stands."""

from datetime import datetime
from uuid import UUID

from app.domain.activity import (
    LONGEST_PLACE,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_SEATS,
    ActivityKind,
    Criterion,
    MeanKind,
    Plan,
)
from app.domain.availability import Mode
from app.domain.calendar import ZONE
from app.domain.errors import InvalidInputError
from app.domain.ids import parse_id
from app.queries.activities import Desk, Event
from app.web.shared.forms import Form

LONGEST_WEIGHT = 3
EXPERT_ROWS = 5
_KINDS = {kind.value: kind for kind in ActivityKind}
_MEANS = {mean.value: mean for mean in MeanKind}
_MODES = {mode.value: mode for mode in (Mode.ONSITE, Mode.ONLINE)}


def read(form: Form) -> Plan:
    """Return the plan that the form says.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    with form:
        kind = _KINDS.get(form.choice("kind", _KINDS.keys()), ActivityKind.LECTURE)
        on = form.day("on")
        starts, ends = form.time_of_day("starts"), form.time_of_day("ends")
        seats = form.integer("seat_total", 1, MOST_SEATS) if kind.has_seats else 0
        place_id = parse_id(form.raw("place_id"))
        return Plan(
            kind=kind,
            title=form.text("title", longest=LONGEST_TITLE),
            summary=form.text("summary", longest=LONGEST_SUMMARY),
            starts_at=datetime.combine(on, starts, ZONE),
            ends_at=datetime.combine(on, ends, ZONE),
            experts=_experts(form),
            department=form.raw("department"),
            co_departments=tuple(form.chosen("co_departments")),
            topic=form.raw("topic") or None,
            mode=_MODES.get(form.raw("mode"), Mode.ONSITE),
            place=form.text("place", longest=LONGEST_PLACE) if place_id is None else "",
            place_id=place_id,
            seat_total=seats,
            is_promotion=form.checkbox("is_promotion"),
            criteria=_criteria(form) if kind is ActivityKind.REVIEW else (),
            mean=_MEANS.get(form.raw("mean"), MeanKind.PLAIN),
        )


def filled(desk: Desk) -> Form:
    """Return the form as it begins for an activity that stands."""
    event = desk.event
    values: dict[str, str] = {
        "kind": event.kind.value,
        "title": event.title,
        "summary": event.summary,
        **planned(event),
        "department": event.department,
        "topic": event.topic or "",
        "mode": event.mode.value,
        "place": event.place,
        "place_id": str(event.place_id or ""),
        "seat_total": str(event.seat_total),
        "mean": event.mean.value,
        **({"is_promotion": "1"} if event.is_promotion else {}),
    }
    for number, front in enumerate(event.fronts):
        values[f"expert_{number}"] = str(front.id)
    lines = "\n".join(f"{each.name} {each.weight}" for each in event.criteria)
    return Form({**values, "criteria": lines, "co_departments": list(event.co_departments)})


def planned(event: Event) -> dict[str, str]:
    """Return day and times of an activity as a form shows them."""
    start, end = event.starts_at.astimezone(ZONE), event.ends_at.astimezone(ZONE)
    return {
        "on": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
    }


def _experts(form: Form) -> tuple[UUID, ...]:
    found = (parse_id(form.raw(f"expert_{number}")) for number in range(EXPERT_ROWS))
    return tuple(key for key in found if key is not None)


def _criteria(form: Form) -> tuple[Criterion, ...]:
    """Read a criterion from each line: its name, and its weight as the last word."""
    found = []
    for line in filter(None, map(str.strip, form.raw("criteria").splitlines())):
        name, _, weight = line.rpartition(" ")
        if not (weight.isascii() and weight.isdigit() and len(weight) <= LONGEST_WEIGHT):
            raise InvalidInputError.at("criteria", "activity.criterion_line")
        found.append(Criterion(name.strip(), int(weight)))
    return tuple(found)
