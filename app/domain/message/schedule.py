"""When people are reminded: a table of steps, measured from a moment of the subject.

Hours are counted before a moment to the minute; working days after it are an answer clock; days
before or after are dates. What a step leads to is asked anew when it is due.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.duty import MONTHS
from app.domain.plan import progress
from app.domain.ticket import REMIND_WORKING_DAYS


class Measure(StrEnum):
    """What the steps of a schedule count."""

    HOURS_BEFORE = "hours_before"
    WORKING_DAYS_AFTER = "working_days_after"
    WORKING_DAYS_BEFORE = "working_days_before"
    DAYS_BEFORE = "days_before"
    DAYS_AFTER = "days_after"
    MONTHS = "months"
    WORKING_MORNINGS = "working_mornings"
    MORNINGS = "mornings"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of one reminder.

    Attributes:
        measure: what the steps count.
        moment: from which moment: start, deadline, meeting, record, report, presentation, answer,
            end_of_term.
        steps: how many of it, in the order in which they fall due.
    """

    measure: Measure
    moment: str
    steps: tuple[int, ...]


SCHEDULES: Mapping[str, Schedule] = {
    "service_session.reminded": Schedule(Measure.HOURS_BEFORE, "start", (24, 2)),
    "activity.reminded": Schedule(Measure.HOURS_BEFORE, "start", (24,)),
    "booking.answer_due": Schedule(Measure.HOURS_BEFORE, "deadline", (24, 4)),
    # On working days 1 and 2 after the meeting, while the record is not late (requirements F3).
    "outcome.record_due": Schedule(Measure.WORKING_DAYS_AFTER, "meeting", (1, 2)),
    # Within the five working days a founder has (requirements F4).
    "outcome.confirm_due": Schedule(Measure.WORKING_DAYS_AFTER, "record", (2, 4)),
    "diagnosis.sign_due": Schedule(Measure.WORKING_DAYS_AFTER, "report", (2, 4)),
    "diagnosis.word_due": Schedule(Measure.WORKING_DAYS_AFTER, "presentation", (2,)),
    # Of an action item, as of a ticket: before its last day, and once after it.
    "action_item.due_soon": Schedule(
        Measure.WORKING_DAYS_BEFORE, "deadline", (REMIND_WORKING_DAYS,)
    ),
    "action_item.overdue": Schedule(Measure.WORKING_MORNINGS, "deadline", ()),
    "written_answer.read_due": Schedule(Measure.WORKING_DAYS_AFTER, "answer", (2,)),
    # On the morning three working days before the last day; once more when it has passed.
    "ticket.due_soon": Schedule(Measure.WORKING_DAYS_BEFORE, "deadline", (REMIND_WORKING_DAYS,)),
    "ticket.overdue": Schedule(Measure.WORKING_MORNINGS, "deadline", ()),
    "appeal.due_soon": Schedule(Measure.WORKING_DAYS_BEFORE, "deadline", (REMIND_WORKING_DAYS,)),
    "appeal.overdue": Schedule(Measure.WORKING_MORNINGS, "deadline", ()),
    "progress_round.due_soon": Schedule(
        Measure.WORKING_DAYS_BEFORE, "deadline", progress.REMIND_WORKING_DAYS
    ),
    "progress_round.overdue": Schedule(Measure.WORKING_MORNINGS, "deadline", ()),
    # Requirements H6; on the first working day from then on.
    "follow_up.due": Schedule(Measure.DAYS_AFTER, "meeting", (30, 90, 180, 365)),
    # On the first working day of these months; only to those who are behind (domain/duty.py).
    "appointment.duty_behind": Schedule(Measure.MONTHS, "year", MONTHS),
    "audit_seal.published": Schedule(Measure.MORNINGS, "day", ()),
    "digest.morning": Schedule(Measure.WORKING_MORNINGS, "day", ()),
    # Requirements A11.
    "appointment.ending": Schedule(Measure.DAYS_BEFORE, "end_of_term", (90, 30, 7)),
}


def steps(event: str) -> tuple[int, ...]:
    """Return the steps of the event's schedule, in the order in which they fall due."""
    return SCHEDULES[event].steps


def hours_before(event: str) -> tuple[timedelta, ...]:
    """Return how long before its moment the event is told.

    Raises:
        ValueError: when its schedule counts something else.
    """
    schedule = SCHEDULES[event]
    if schedule.measure is not Measure.HOURS_BEFORE:
        raise ValueError(f"{event} counts {schedule.measure}")
    return tuple(timedelta(hours=step) for step in schedule.steps)
