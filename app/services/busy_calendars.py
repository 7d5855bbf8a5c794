"""The verbs of an expert's own calendar: added, read again and again, removed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.domain.actor import Permission
from app.domain.busy_calendar import (
    KNOWN_AHEAD,
    LONGEST_NAME,
    MOST_BYTES,
    MOST_CALENDARS,
    READ_EVERY,
    CalendarSource,
    Fault,
    Parcel,
    Reading,
    TooManyCalendarsError,
    clean_address,
)
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.ids import new_id
from app.domain.job import ClaimedJob, JobState
from app.models.busy_calendar import BusyCalendar, BusySource, BusySpan
from app.models.expert import Expert
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

READ = "read_calendar"


def add_address(
    uow: UnitOfWork, expert_id: UUID, address: str, *, allows_http: bool = False
) -> BusyCalendar:
    """Read the calendar at the address from now on; until it was read its owner counts as busy.

    Raises:
        InvalidInputError: the address is none, or not a secure one.
        TooManyCalendarsError, SameCalendarError: it is one too many.
    """
    expert = _expert(uow, expert_id)
    return _add(
        uow, expert, CalendarSource.ADDRESS, clean_address(address, allows_http=allows_http)
    )


def add_file(uow: UnitOfWork, expert_id: UUID, name: str, content: bytes) -> BusyCalendar:
    """Read the file once; it tells of the days ahead as they were when it was made.

    The file itself is kept only until it was read.

    Raises:
        InvalidInputError: the file is empty or too large.
        TooManyCalendarsError: it is one too many.
    """
    expert = _expert(uow, expert_id)
    if not content:
        raise InvalidInputError.at("file", "input.required")
    if len(content) > MOST_BYTES:
        raise InvalidInputError.at("file", "busy_calendar.too_large")
    calendar = _add(uow, expert, CalendarSource.FILE, None)
    source = _source(uow, calendar.id)
    source.file_name, source.content = name[:LONGEST_NAME], content
    return calendar


def remove(uow: UnitOfWork, calendar_id: UUID) -> UUID:
    """Forget a calendar and every time it said busy, and return whose it was.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    source = _source(uow, calendar_id)
    calendar = uow.load(BusyCalendar, calendar_id, lock=True)
    uow.require(Permission.SET_AVAILABILITY, experts=frozenset({calendar.expert_id}))
    uow.audit("busy_calendar.removed", calendar, expert=calendar.expert_id)
    cancel_open(uow, calendar.id, [READ])
    _forget_spans(uow, calendar.id)
    uow.session.delete(source)
    uow.flush()
    uow.session.delete(calendar)
    return calendar.expert_id


def prepare(uow: UnitOfWork, calendar_id: UUID) -> Parcel | None:
    """Return what a reader needs, None when the calendar is gone or its file was read already."""
    calendar = uow.session.get(BusyCalendar, calendar_id)
    if calendar is None:
        return None
    source, expert = _source(uow, calendar.id), uow.load(Expert, calendar.expert_id)
    if source.address is None and source.content is None:
        return None
    return Parcel(
        content=source.content,
        address=source.address,
        zone=expert.time_zone,
        since=uow.now,
        until=uow.now + KNOWN_AHEAD,
    )


def record(uow: UnitOfWork, calendar_id: UUID, reading: Reading) -> None:
    """Keep what was read in place of what was read before; after a fault that stays as it is.

    A calendar at an address is read again in half an hour, whatever came of this try.
    """
    calendar = uow.session.get(BusyCalendar, calendar_id, with_for_update=True)
    if calendar is None:
        return
    calendar.tried_at, calendar.fault = uow.now, reading.fault
    calendar.tries += 1
    if reading.fault is None:
        calendar.read_at, calendar.known_until = uow.now, uow.now + KNOWN_AHEAD
        _forget_spans(uow, calendar.id)
        _keep_spans(uow, calendar, reading)
    if calendar.source is CalendarSource.FILE:
        _source(uow, calendar.id).content = None
    else:
        _plan(uow, calendar, uow.now + READ_EVERY)


def give_up(uow: UnitOfWork, job: ClaimedJob, _state: JobState) -> None:
    """Note that a try broke down, and plan the next."""
    if job.subject_id is not None:
        record(uow, job.subject_id, Reading(fault=Fault.TOO_SLOW))


def _expert(uow: UnitOfWork, expert_id: UUID) -> Expert:
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.SET_AVAILABILITY, experts=frozenset({expert.id}))
    return expert


def _add(
    uow: UnitOfWork, expert: Expert, source: CalendarSource, address: str | None
) -> BusyCalendar:
    # Counted behind the lock of the expert, so that no two pass together.
    standing = uow.all(select(BusyCalendar.id).where(BusyCalendar.expert_id == expert.id))
    if len(standing) >= MOST_CALENDARS:
        raise TooManyCalendarsError(most=MOST_CALENDARS)
    calendar = uow.add(BusyCalendar(expert_id=expert.id, source=source, added_at=uow.now, tries=0))
    uow.flush()
    uow.add(BusySource(busy_calendar_id=calendar.id, expert_id=expert.id, address=address))
    uow.flush()
    _plan(uow, calendar, uow.now)
    uow.audit("busy_calendar.added", calendar, expert=expert.id, source=source.value)
    return calendar


def _source(uow: UnitOfWork, calendar_id: UUID) -> BusySource:
    source = uow.one(select(BusySource).where(BusySource.busy_calendar_id == calendar_id))
    if source is None:
        raise NotFoundError("busy_calendar.not_found")
    return source


def _plan(uow: UnitOfWork, calendar: BusyCalendar, at: datetime) -> None:
    uow.later(READ, f"{READ}:{calendar.id}:{calendar.tries}", at, subject_id=calendar.id)


def _forget_spans(uow: UnitOfWork, calendar_id: UUID) -> None:
    uow.session.execute(delete(BusySpan).where(BusySpan.busy_calendar_id == calendar_id))


def _keep_spans(uow: UnitOfWork, calendar: BusyCalendar, reading: Reading) -> None:
    if reading.spans:
        uow.session.execute(
            insert(BusySpan),
            [
                {
                    "id": new_id(),
                    "busy_calendar_id": calendar.id,
                    "expert_id": calendar.expert_id,
                    "starts_at": span.starts_at,
                    "ends_at": span.ends_at,
                }
                for span in reading.spans
            ],
        )
