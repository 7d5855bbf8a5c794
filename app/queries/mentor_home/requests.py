"""A mentor's first page: what waits for his answer, what is on today, what is still to record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.domain.booking import BookingStatus
from app.domain.calendar import Month, day_starts_at, local_day
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import EARLIEST_CHECK_IN
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.outcome import Outcome
from app.models.service_session import Attendance, ServiceSession
from app.queries.booking_pages.stages import Stage
from app.queries.mentor_home.meetings import WAITING, Meeting, meetings, own_expert_id
from app.queries.stand_downs import StandDownRow, stand_downs_of
from app.unit_of_work import Reader

OPEN = frozenset({Stage.AGREED, Stage.MEETING, Stage.AWAITS_FINISH})


@dataclass(frozen=True, slots=True)
class Request:
    """A request with what else the mentor does that day."""

    meeting: Meeting
    same_day: tuple[Meeting, ...]
    is_over: bool


@dataclass(frozen=True, slots=True)
class Today:
    """A meeting of today, and whether the mentor can say, or has said, that he is there."""

    meeting: Meeting
    check_in_from: datetime
    checked_in_at: datetime | None
    may_check_in: bool


@dataclass(frozen=True, slots=True)
class MentorHome:
    """Everything on the mentor's first page."""

    requests: tuple[Request, ...]
    today: tuple[Today, ...]
    to_record: tuple[Meeting, ...]
    to_sign: tuple[Meeting, ...]
    month_load: int
    monthly_limit: int
    is_paused: bool
    is_official: bool = False
    stand_downs: tuple[StandDownRow, ...] = ()


def mentor_home(reader: Reader) -> MentorHome:
    """Return the first page of the actor, a mentor.

    Raises:
        NotFoundError: when the account belongs to no expert of the pool.
    """
    expert = reader.session.get(Expert, own_expert_id(reader))
    if expert is None:
        raise NotFoundError("expert.not_found")
    unsigned = _unsigned(reader)
    found = _of_interest(reader, ServiceSession.id.in_(unsigned))
    month = Month.of(local_day(reader.now))
    return MentorHome(
        requests=_requests(reader, found),
        today=_today(reader, found),
        to_record=_to_record(found),
        to_sign=tuple(meeting for meeting in found if meeting.session_id in unsigned),
        month_load=sum(Month.of(meeting.on) == month for meeting in found),
        monthly_limit=expert.monthly_limit,
        is_paused=expert.is_paused,
        is_official=expert.category is ExpertCategory.OFFICIAL,
        stand_downs=tuple(row for row in stand_downs_of(reader, expert.id) if row.is_standing),
    )


def own_request(reader: Reader, booking_id: UUID) -> Request:
    """Return one request that waits for the actor's answer.

    Raises:
        NotFoundError: there is none, it is somebody else's, or it is answered.
    """
    for request in _requests(reader, _of_interest(reader)):
        if request.meeting.booking_id == booking_id:
            return request
    raise NotFoundError("booking.not_found")


def _of_interest(reader: Reader, *more: ColumnElement[bool]) -> list[Meeting]:
    month_from = day_starts_at(Month.of(local_day(reader.now)).first_on)
    is_open = Outcome.status == OutcomeStatus.AWAITING_RECORD
    held = and_(
        Booking.status == BookingStatus.FULFILLED, or_(Booking.starts_at >= month_from, is_open)
    )
    return meetings(reader, or_(Booking.status.in_(WAITING), held, *more))


def _unsigned(reader: Reader) -> Sequence[UUID]:
    """Return the meetings under whose record the actor has still to sign his own times."""
    return reader.session.scalars(
        select(Attendance.service_session_id)
        .join(Outcome, Outcome.service_session_id == Attendance.service_session_id)
        .join(ServiceSession, ServiceSession.id == Attendance.service_session_id)
        .where(
            Attendance.expert_id == reader.actor.expert_id,
            Attendance.is_present,
            ~Attendance.is_lead,
            Attendance.signed_at.is_(None),
            Attendance.stood_aside_at.is_(None),
            Outcome.recorded_at.is_not(None),
            ServiceSession.booking_id.is_not(None),
        )
    ).all()


def _requests(reader: Reader, found: Sequence[Meeting]) -> tuple[Request, ...]:
    asked = [meeting for meeting in found if meeting.stage is Stage.AWAITS_ANSWER]
    asked.sort(key=lambda meeting: (meeting.answer_by or meeting.starts_at, meeting.starts_at))
    return tuple(
        Request(
            meeting,
            tuple(other for other in found if other.on == meeting.on and other is not meeting),
            is_over=(meeting.answer_by or meeting.starts_at) < reader.now,
        )
        for meeting in asked
    )


def _today(reader: Reader, found: Sequence[Meeting]) -> tuple[Today, ...]:
    on = local_day(reader.now)
    present = [meeting for meeting in found if meeting.on == on and meeting.stage in OPEN]
    came = _checked_in(reader, [meeting.session_id for meeting in present if meeting.session_id])
    return tuple(
        Today(
            meeting,
            check_in_from=meeting.starts_at - EARLIEST_CHECK_IN,
            checked_in_at=came.get(meeting.session_id),
            may_check_in=(
                meeting.session_id not in came
                and meeting.stage is not Stage.AWAITS_FINISH
                and meeting.starts_at - EARLIEST_CHECK_IN <= reader.now
            ),
        )
        for meeting in present
    )


def _checked_in(reader: Reader, session_ids: Sequence[UUID]) -> dict[UUID | None, datetime]:
    if not session_ids:
        return {}
    rows = reader.session.execute(
        select(Attendance.service_session_id, Attendance.checked_in_at).where(
            Attendance.service_session_id.in_(session_ids),
            Attendance.expert_id == reader.actor.expert_id,
            Attendance.checked_in_at.is_not(None),
        )
    )
    return {session_id: at for session_id, at in rows if at is not None}


def _to_record(found: Sequence[Meeting]) -> tuple[Meeting, ...]:
    # Who leads a panel writes for it.
    stages = (Stage.AWAITS_FINISH, Stage.AWAITS_RECORD)
    due = [m for m in found if m.is_lead and m.stage in stages]
    return tuple(sorted(due, key=lambda meeting: meeting.record_by or meeting.ends_at))
