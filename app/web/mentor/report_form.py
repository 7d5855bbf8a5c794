"""The form of a report: times and people, the record, and rows of advice."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.domain.outcome import RESULTS
from app.domain.outcome_record import NOTHING_MORE
from app.domain.service_session import LONGEST_MINUTES
from app.queries.mentor_home import ReportPage, Step
from app.queries.vocabularies import Labels
from app.services.outcomes import Action, Record
from app.services.outcomes.recording import LONGEST_TEXT, MOST_ACTIONS
from app.services.service_sessions import Finish
from app.web.mentor import own_clock, record_extras
from app.web.shared.forms import Choice, Form

# What the form does: close and record, record what is closed, change the record.
CLOSING, RECORDING, CHANGING = KINDS = ("closing", "recording", "changing")
PARTS = ("text", "owner", "due_on")
LONGEST_ACTION = 300
LONGEST_REASON = 300
MOST_UNNAMED = 50
_COMMAND = re.compile(r"add-action|remove-action-([1-9][0-9]?)")

Row = tuple[str, str, str]


def kind_of(page: ReportPage) -> str:
    """Return what the form of the page does."""
    if not page.is_finished:
        return CLOSING
    return CHANGING if page.written else RECORDING


def begun(page: ReportPage) -> MultiDict[str, str]:
    """Return the fields as the form begins: what is known, and one empty row of advice."""
    if page.written:
        known = {
            "question": page.written.question,
            "advice": page.written.advice,
            "result": page.written.result,
        }
        fields = MultiDict(known)
        fields.update(record_extras.begun(page.written.extras))
        return _with_rows(fields, [_cells(step) for step in page.written.actions])
    times = {
        "on": own_clock.day_on(page.meeting.starts_at).isoformat(),
        "actual_start": own_clock.clock_on(page.meeting.starts_at),
        "actual_end": own_clock.clock_on(min(page.meeting.ends_at, page.now)),
        "break_minutes": "0",
    }
    fields = MultiDict(times)
    fields.setlist("attendees", [str(person.person_id) for person in page.expected])
    return _with_rows(fields, [_empty(page)])


def changed(sent: MultiDict[str, str], command: str, page: ReportPage) -> MultiDict[str, str]:
    """Return the fields after a row of advice was added or removed; empty rows go on sending."""
    asked = _COMMAND.fullmatch(command)
    rows = rows_of(sent)
    if not asked:
        rows = [row for row in rows if row[0].strip() or row[2].strip()]
    elif asked[1] is None:
        rows = [*rows, _empty(page)][:MOST_ACTIONS]
    elif int(asked[1]) <= len(rows):
        del rows[int(asked[1]) - 1]
    return _with_rows(sent, rows)


def rows_of(fields: Mapping[str, str]) -> list[Row]:
    """Return the rows of advice as sent, up to the first that is missing."""
    found: list[Row] = []
    while len(found) <= MOST_ACTIONS:
        names = [name_of(len(found) + 1, part) for part in PARTS]
        if names[0] not in fields:
            break
        text, owner, due_on = (fields.get(name, "") for name in names)
        found.append((text, owner, due_on))
    return found


def name_of(number: int, part: str) -> str:
    """Return the field of a part of the nth row of advice."""
    return f"action_{number}_{part}"


def owners(page: ReportPage) -> list[Choice]:
    """Return who can be asked to take a step."""
    known = [page.meeting.founder, page.mentor, _("双方")]
    if page.written:
        known += [step.owner for step in page.written.actions]
    return [Choice(name, name) for name in dict.fromkeys(filter(None, known))]


def read_finish(form: Form, page: ReportPage) -> Finish:
    """Read what really happened; call it inside `with form:`."""
    on = form.day("on")
    start, end = form.time_of_day("actual_start", step=1), form.time_of_day("actual_end", step=1)
    known = [str(person.person_id) for person in page.expected]
    unnamed = (
        form.integer("anonymous_heads", 0, MOST_UNNAMED) if form.given("anonymous_heads") else 0
    )
    planned = page.meeting.starts_at, page.meeting.ends_at
    actual_start, actual_end = own_clock.span_of(on, start, end, planned)
    return Finish(
        actual_start=actual_start,
        actual_end=actual_end,
        break_minutes=form.integer("break_minutes", 0, LONGEST_MINUTES),
        attendees=frozenset(UUID(key) for key in form.choices("attendees", known) if key in known),
        anonymous_heads=unnamed,
        absent=_absent(form, page),
    )


def _absent(form: Form, page: ReportPage) -> frozenset[UUID]:
    known = [str(each.expert_id) for each in page.colleagues]
    if not known or not form.given("absent_experts"):
        return frozenset()
    return frozenset(UUID(key) for key in form.choices("absent_experts", known) if key in known)


def read_record(
    form: Form, page: ReportPage, rows: Sequence[Row], names: Labels | None = None
) -> Record:
    """Read what the mentor wrote; call it inside `with form:`.

    Args:
        form: as it was sent.
        page: the meeting.
        rows: the rows of advice.
        names: of stages and topics to choose from; without them nothing is added to the record.
    """
    question = form.text("question", longest=LONGEST_TEXT)
    advice = form.text("advice", longest=LONGEST_TEXT)
    actions = _actions(form, page, len(rows))
    return Record(
        question=question,
        advice=advice,
        actions=actions,
        result=form.choice("result", RESULTS),
        reason=_reason(form),
        extras=record_extras.read(form, names) if names else NOTHING_MORE,
        signed_name=record_extras.read_signature(form),
    )


def _actions(form: Form, page: ReportPage, count: int) -> list[Action]:
    known = [choice.value for choice in owners(page)]
    return [
        Action(
            text=form.text(name_of(number, "text"), longest=LONGEST_ACTION),
            owner=form.choice(name_of(number, "owner"), known),
            due_on=form.day(name_of(number, "due_on")),
        )
        for number in range(1, count + 1)
    ]


def _reason(form: Form) -> str | None:
    changes = form.raw("kind") == CHANGING
    return form.text("reason", longest=LONGEST_REASON) if changes else None


def _empty(page: ReportPage) -> Row:
    return ("", page.meeting.founder, "")


def _cells(step: Step) -> Row:
    return (step.text, step.owner, step.due_on.isoformat() if step.due_on else "")


def _with_rows(sent: MultiDict[str, str], rows: Sequence[Row]) -> MultiDict[str, str]:
    fields = MultiDict(
        (name, value) for name, value in sent.items(multi=True) if not name.startswith("action_")
    )
    for number, row in enumerate(rows, start=1):
        for part, value in zip(PARTS, row, strict=True):
            fields[name_of(number, part)] = value
    return fields
