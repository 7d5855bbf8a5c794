"""Who came: signing in, reporting an absence, contesting such a report."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.service_session import EARLIEST_CHECK_IN, NO_SHOW_GRACE, NOT_HELD, Party
from app.models.outcome import Dispute
from app.models.service_session import Attendance, ServiceSession
from app.queries.booking_pages.deadlines import is_contestable, may_contest, may_report_absence
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Whether the founder may say, or has said, that he has come."""

    from_at: datetime
    done_at: datetime | None
    is_open: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Absence:
    """Whether the founder may report that the meeting did not come about."""

    from_at: datetime
    is_early: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class NoShowReport:
    """Who is said not to have come, until when that can be contested, and by the founder or not."""

    who: str
    note: str | None
    contest_by: datetime | None
    is_open: bool
    is_contestable: bool
    is_contested_by_actor: bool


def check_in_of(session: ServiceSession, own: Attendance | None, now: datetime) -> CheckIn:
    """Return the founder's sign-in; `own` is his place on the list, if he has one."""
    from_at = session.planned_starts_at - EARLIEST_CHECK_IN
    done_at = own.checked_in_at if own else None
    is_over = now >= session.planned_ends_at
    is_time = session.status in NOT_HELD and from_at <= now and not is_over
    return CheckIn(from_at, done_at, is_time and own is not None and done_at is None, is_over)


def absence_of(session: ServiceSession, own: Attendance | None, now: datetime) -> Absence:
    """Return whether the founder may report an absence, which is for who is on the list."""
    from_at = session.planned_starts_at + NO_SHOW_GRACE
    is_open = own is not None and may_report_absence(session, now)
    return Absence(from_at, now < from_at, is_open)


def no_show_of(
    session: ServiceSession, own: Attendance | None, dispute: Dispute | None, reader: Reader
) -> NoShowReport | None:
    """Return what was reported of the meeting, None when it was not missed."""
    if session.no_show is None:
        return None
    return NoShowReport(
        who=session.no_show.value,
        note=session.no_show_note,
        contest_by=session.contest_by,
        is_open=own is not None and may_contest(session, Party.FOUNDER, reader.now),
        is_contestable=is_contestable(session, reader.now),
        is_contested_by_actor=(
            dispute is not None and dispute.opened_by_id == reader.actor.person_id
        ),
    )
