"""The form of the plain week: rows of a weekday added, removed, written and read."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.availability import (
    BUFFER_MINUTES,
    GRID_MINUTES,
    HORIZONS,
    LONGEST_MINUTES,
    MONTHLY_LIMITS,
    MOST_SPANS_A_DAY,
    NOTICE_HOURS,
    TIMED_SERVICES,
    WEEKLY_LIMITS,
    YEARLY_LIMITS,
    Week,
    WeekSpan,
    field_of,
    known_zones,
    length_field,
    monday_of,
)
from app.domain.ids import parse_id
from app.queries.mentor_home import Hours
from app.web.shared.clock import DAY_MINUTES, clock, end_choices, minute_of, start_choices
from app.web.shared.forms import Choice, Form
from app.web.shared.words import MODE_NAMES

WEEKDAYS = range(7)
PARTS = ("starts", "ends", "modes", "every", "from", "until", "place")
BUFFERS = (0, 10, 15, 20, 30, 45, 60)
NOTICES = (0, 2, 4, 24, 48, 72, 168)
LENGTHS = range(GRID_MINUTES, LONGEST_MINUTES + 1)
USUAL_START, USUAL_LENGTH = 14 * 60, 60
_COMMAND = re.compile(r"(add|remove)-([0-6])(?:-([1-9]))?")

Fields = dict[str, str]
Row = tuple[str, ...]


def written(week: Week, today: date) -> Fields:
    """Return the fields that show the week."""
    fields = {
        "monthly_limit": str(week.monthly_limit),
        "weekly_limit": "" if week.weekly_limit is None else str(week.weekly_limit),
        "yearly_limit": "" if week.yearly_limit is None else str(week.yearly_limit),
        "buffer_minutes": str(week.buffer_minutes),
        "buffer_before_minutes": str(week.buffer_before_minutes),
        "notice_hours": str(week.notice_hours),
        "horizon_days": str(week.horizon_days),
        "time_zone": week.time_zone,
    }
    for session_type in TIMED_SERVICES:
        minutes = week.minutes.get(session_type)
        fields[length_field(session_type)] = "" if minutes is None else str(minutes)
    for weekday in WEEKDAYS:
        of_day = [span for span in week.spans if span.weekday == weekday]
        _write(fields, weekday, [_cells(span, today) for span in of_day])
    return fields


def changed(sent: Mapping[str, str], command: str, modes: Sequence[str]) -> Fields:
    """Return the fields after a row was added (add-2) or removed (remove-2-1)."""
    fields = dict(sent)
    asked = _COMMAND.fullmatch(command)
    if not asked:
        return fields
    weekday = int(asked[2])
    cells = rows(fields, weekday)
    for number in range(1, len(cells) + 1):
        for part in PARTS:
            fields.pop(field_of(weekday, number, part), None)
    if asked[1] == "add" and len(cells) < MOST_SPANS_A_DAY:
        cells.append(_next(cells, modes))
    elif asked[1] == "remove" and asked[3] and int(asked[3]) <= len(cells):
        del cells[int(asked[3]) - 1]
    _write(fields, weekday, cells)
    return fields


def rows(fields: Mapping[str, str], weekday: int) -> list[Row]:
    """Return the rows of a weekday as sent, up to the first that is missing."""
    found: list[Row] = []
    while len(found) <= MOST_SPANS_A_DAY:
        names = [field_of(weekday, len(found) + 1, part) for part in PARTS]
        if names[0] not in fields:
            break
        found.append(tuple(fields.get(name, "") for name in names))
    return found


def read(form: Form, fields: Mapping[str, str], page: Hours) -> Week:
    """Read the week.

    Raises:
        InvalidInputError: naming each field that cannot be read.
    """
    with form:
        spans = [
            _read_span(form, weekday, number, page)
            for weekday in WEEKDAYS
            for number in range(1, len(rows(fields, weekday)) + 1)
        ]
        return Week(
            spans,
            form.integer("monthly_limit", MONTHLY_LIMITS[0], MONTHLY_LIMITS[-1]),
            form.integer("buffer_minutes", BUFFER_MINUTES[0], BUFFER_MINUTES[-1]),
            form.integer("notice_hours", NOTICE_HOURS[0], NOTICE_HOURS[-1]),
            _optional(form, "weekly_limit", WEEKLY_LIMITS),
            _optional(form, "yearly_limit", YEARLY_LIMITS),
            **_read_rest(form, page.week),
        )


def _read_rest(form: Form, present: Week) -> dict[str, Any]:
    """Read what a page opened before these fields came does not send: it stays as it is."""
    buffer = _optional(form, "buffer_before_minutes", BUFFER_MINUTES)
    horizon = _optional(form, "horizon_days", HORIZONS)
    given = {code: _optional(form, length_field(code), LENGTHS) for code in TIMED_SERVICES}
    return {
        "buffer_before_minutes": present.buffer_before_minutes if buffer is None else buffer,
        "horizon_days": horizon or present.horizon_days,
        "time_zone": _read_zone(form) or present.time_zone,
        "minutes": {code: minutes for code, minutes in given.items() if minutes is not None},
    }


def _read_zone(form: Form) -> str:
    return form.choice("time_zone", sorted(known_zones())) if form.given("time_zone") else ""


def mode_choices(modes: Sequence[str]) -> list[Choice]:
    """Return every set of the expert's ways to meet, all of them first."""
    sets = [
        [mode for n, mode in enumerate(modes) if pick >> n & 1] for pick in range(1 << len(modes))
    ]
    found = [
        Choice(joined(chosen), _("、").join(str(MODE_NAMES[mode]) for mode in chosen))
        for chosen in sorted(filter(None, sets), key=len)
    ]
    everything = Choice(joined(modes), _("方式不限"))
    return [everything, *(choice for choice in found if choice.value != everything.value)]


def week_choices(today: date) -> list[Choice]:
    """Return how often a row can come: each week, or every second from this one or the next."""
    this = monday_of(today)
    following = this + timedelta(days=7)
    return [
        Choice("", _("每周")),
        Choice(this.isoformat(), _("隔周，本周有")),
        Choice(following.isoformat(), _("隔周，下周有")),
    ]


def place_choices(places: Mapping[UUID, str]) -> list[Choice]:
    """Return where people can meet in person."""
    named = [Choice(str(place_id), name) for place_id, name in places.items()]
    return [Choice("", _("按需求就近安排")), *named]


def week_value(span: WeekSpan, today: date) -> str:
    """Return the choice that says which weeks the span has."""
    if span.anchor_on is None:
        return ""
    this = monday_of(today)
    is_off = (this - monday_of(span.anchor_on)).days // 7 % 2
    return (this + timedelta(days=7 * is_off)).isoformat()


def joined(modes: Sequence[str]) -> str:
    """Return a set of modes as one value of a choice."""
    return "+".join(sorted(modes))


def buffer_choices(present: str) -> list[Choice]:
    """Return the pauses to choose from, the present one among them."""
    every = _with(BUFFERS, present)
    return [
        Choice(str(m), ngettext("%(num)s 分钟", "%(num)s 分钟", m) if m else _("不用隔"))
        for m in every
    ]


def notice_choices(present: str) -> list[Choice]:
    """Return the lengths of notice to choose from, the present one among them."""
    return [Choice(str(hours), _notice(hours)) for hours in _with(NOTICES, present)]


def _optional(form: Form, name: str, allowed: range) -> int | None:
    return form.integer(name, allowed[0], allowed[-1]) if form.given(name) else None


def _notice(hours: int) -> str:
    if hours == 0:
        words = _("不限")
    elif hours % 24:
        words = ngettext("提前 %(num)s 小时", "提前 %(num)s 小时", hours)
    else:
        words = ngettext("提前 %(num)s 天", "提前 %(num)s 天", hours // 24)
    return str(words)


def _with(usual: Sequence[int], present: str) -> list[int]:
    is_number = present.isascii() and present.isdigit() and len(present) < 5
    return sorted({*usual, int(present)} if is_number else usual)


def _cells(span: WeekSpan, today: date) -> Row:
    return (
        clock(span.starts_minute),
        clock(span.ends_minute),
        joined(sorted(span.modes)),
        week_value(span, today),
        span.valid_from.isoformat() if span.valid_from else "",
        span.valid_until.isoformat() if span.valid_until else "",
        str(span.place_id) if span.place_id else "",
    )


def _next(cells: Sequence[Row], modes: Sequence[str]) -> Row:
    ends = [cell[1] for cell in cells if re.fullmatch(r"[0-9]{2}:[0-9]{2}", cell[1])]
    hour, _, minute = max(ends, default=clock(USUAL_START)).partition(":")
    starts = min(int(hour) * 60 + int(minute), DAY_MINUTES - USUAL_LENGTH)
    return clock(starts), clock(starts + USUAL_LENGTH), joined(modes), "", "", "", ""


def _write(fields: Fields, weekday: int, cells: Sequence[Row]) -> None:
    for number, values in enumerate(cells, start=1):
        for part, value in zip(PARTS, values, strict=True):
            fields[field_of(weekday, number, part)] = value


def _read_span(form: Form, weekday: int, number: int, page: Hours) -> WeekSpan:
    starts, ends, ways, every, first, last, place = (
        field_of(weekday, number, part) for part in PARTS
    )
    chosen = form.choice(ways, [choice.value for choice in mode_choices(page.modes)])
    anchor_on = form.day(every) if form.given(every) else None
    return WeekSpan(
        weekday,
        minute_of(form, starts, start_choices()),
        minute_of(form, ends, end_choices()),
        frozenset(filter(None, chosen.split("+"))),
        every_weeks=1 if anchor_on is None else 2,
        anchor_on=anchor_on,
        valid_from=form.day(first) if form.given(first) else None,
        valid_until=form.day(last) if form.given(last) else None,
        place_id=_read_place(form, place, page),
    )


def _read_place(form: Form, name: str, page: Hours) -> UUID | None:
    if not form.given(name):
        return None
    return parse_id(form.choice(name, [str(place_id) for place_id in page.places]))
