"""Whether somebody still has a word on a meeting."""

from datetime import date, datetime, timedelta

from app.domain.calendar import local_day
from app.domain.outcome import LATE_CONFIRM_DAYS, OutcomeStatus
from app.domain.service_session import (
    NO_SHOW_GRACE,
    NOT_HELD,
    Party,
    ServiceSessionStatus,
    contestants,
)
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession

OPEN_FOR_WORD = frozenset({OutcomeStatus.RECORDED, OutcomeStatus.UNCONFIRMED})


def confirm_until_on(session: ServiceSession) -> date:
    """Return the last day on which the record can be confirmed."""
    held_on = local_day(session.actual_start or session.planned_starts_at)
    return held_on + timedelta(days=LATE_CONFIRM_DAYS)


def may_confirm(session: ServiceSession, outcome: Outcome | None, now: datetime) -> bool:
    """Tell whether a record waits for the founder's word and it is not too late."""
    waits = outcome is not None and outcome.status in OPEN_FOR_WORD
    return waits and local_day(now) <= confirm_until_on(session)


def may_contest(session: ServiceSession, side: Party, now: datetime) -> bool:
    """Tell whether a reported no-show is held against the side and can still be contested."""
    if session.no_show is None or side not in contestants(session.no_show):
        return False
    return is_contestable(session, now)


def is_contestable(session: ServiceSession, now: datetime) -> bool:
    """Tell whether a reported no-show can still be contested by whom it is held against."""
    in_time = session.contest_by is None or now < session.contest_by
    return session.status is ServiceSessionStatus.NO_SHOW and in_time


def may_report_absence(session: ServiceSession, now: datetime) -> bool:
    """Tell whether it can be reported by now that the meeting did not come about."""
    return session.status in NOT_HELD and now >= session.planned_starts_at + NO_SHOW_GRACE
