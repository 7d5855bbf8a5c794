"""When something is due, by the number of working days in force on the day it began."""

from datetime import date, datetime

from app.domain.calendar import local_day
from app.domain.outcome import confirm_until
from app.domain.policy_number import PolicyNumber
from app.models.service_session import ServiceSession
from app.queries.policy_numbers import policy_number
from app.queries.service_counts.policies import late_days_on
from app.unit_of_work import UnitOfWork


def duty(uow: UnitOfWork, name: PolicyNumber, happened_at: datetime | None = None) -> datetime:
    """Return the end of the last day for a duty that began then, by default now.

    Raises:
        NoPolicyNumberError: no number is in force on that day.
    """
    began = happened_at or uow.now
    return uow.calendar.duty_deadline(began, policy_number(uow, name, local_day(began)))


def answer(uow: UnitOfWork, name: PolicyNumber, *, not_after: datetime | None = None) -> datetime:
    """Return until when what arrives now is answered, at the latest at the given instant.

    Raises:
        NoPolicyNumberError: no number is in force today.
    """
    days = policy_number(uow, name, uow.today)
    return uow.calendar.answer_deadline(uow.now, days, not_after=not_after)


def late_word(uow: UnitOfWork, session: ServiceSession) -> date | None:
    """Return the last day on which the record of a meeting may be confirmed, None without end.

    Raises:
        NoPolicyError: no counting policy was in force on the day of the meeting.
    """
    day = local_day(session.actual_start or session.planned_starts_at)
    return confirm_until(day, late_days_on(uow, day))
