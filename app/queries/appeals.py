"""Appeals as mentors and the bureau read them, and whether one may still be made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.domain.actor import Permission, may
from app.domain.appeal import AppealStatus, Bar, Remedy, bar_of
from app.domain.calendar import WorkingCalendar, local_day
from app.domain.errors import NotFoundError
from app.domain.policy_number import PolicyNumber, number_on
from app.domain.service_record import Decision
from app.models.appeal import Appeal
from app.models.availability import CalendarDay
from app.models.expert import Expert
from app.models.service_record import Correction, CorrectionStatus, ServiceRecord
from app.models.service_session import ServiceSession
from app.queries.accounts import account_names
from app.queries.free_times import Look
from app.queries.policy_numbers import rows_of
from app.queries.service_counts.decisions import Version, of_sessions, version_of
from app.unit_of_work import Reader

PAGE = 30


class AppealFilter(StrEnum):
    """Which appeals a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether one's own record may be appealed against, and the appeals there are.

    Attributes:
        bar: why it may not be, None when it may.
        until: the end of the window of the decision that stands.
    """

    bar: Bar | None
    until: datetime
    record_id: UUID
    decision: Decision


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One appeal with the meeting and the decision it is about; `decision` is the one of then."""

    id: UUID
    version: int
    status: AppealStatus
    session_id: UUID
    reference: str
    held_on: date
    session_type: str
    mentor: str
    statement: str
    decision: Decision
    opened_at: datetime
    answer_by: datetime
    is_overdue: bool
    answer: str | None
    remedy: Remedy | None
    correction_id: UUID | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class AppealList:
    """Appeals of one kind; `open` and `overdue` count all, `next` asks for the next page."""

    items: tuple[AppealRow, ...]
    open: int
    overdue: int
    next: UUID | None


@dataclass(frozen=True, slots=True)
class RemedyOffered:
    """A correction of the meeting made since the appeal, which may put it right."""

    id: UUID
    operation: str
    status: CorrectionStatus
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AppealPage:
    """One appeal in full: how the record stands now, and what could put it right."""

    row: AppealRow
    now: Decision
    corrections: tuple[RemedyOffered, ...]
    may_answer: bool


def standing(look: Look, session_id: UUID, expert_id: UUID, calendar: WorkingCalendar) -> Standing:
    """Return whether the expert may appeal against the decision that stands on the meeting.

    Raises:
        NotFoundError: nothing has been decided on it, or the reader may not know of it.
    """
    version = of_sessions(look, [session_id]).get(session_id)
    if version is None:
        raise NotFoundError("service_session.not_found")
    return standings(look, {session_id: version}, expert_id, calendar)[session_id]


def standings(
    look: Look,
    versions: Mapping[UUID, Version],
    expert_id: UUID,
    calendar: WorkingCalendar,
) -> dict[UUID, Standing]:
    """Return the same for several meetings; three statements."""
    decided = _decided_at(look, [version.record_id for version in versions.values()])
    made = _made(look, versions, expert_id)
    windows = rows_of(look, PolicyNumber.APPEAL_WINDOW)
    found = {}
    for key, version in versions.items():
        at = decided[version.record_id]
        window = number_on(PolicyNumber.APPEAL_WINDOW, windows, local_day(at))
        until = calendar.duty_deadline(at, window)
        bar = made.get((key, version.record_id), made.get((key, None)))
        if bar is None:
            bar = bar_of(version.decision, str(expert_id), until, look.now)
        found[key] = Standing(bar, until, version.record_id, version.decision)
    return found


def calendar_of(reader: Reader) -> WorkingCalendar:
    """Return the working days as they are published."""
    rows = reader.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(~CalendarDay.is_withdrawn)
    )
    return WorkingCalendar({day: kind for day, kind in rows})


def appeal_list(
    reader: Reader, which: AppealFilter, *, after: UUID | None = None, limit: int = PAGE
) -> AppealList:
    """Return a page of appeals: open ones by deadline, answered ones the newest first.

    Raises:
        NotFoundError: no such appeal is known by the key `after`.
    """
    is_answered = which is AppealFilter.ANSWERED
    key: Any = Appeal.answered_at if is_answered else Appeal.answer_by
    criteria = [_which(reader, which)]
    if after is not None:
        last = reader.session.scalar(select(key).where(Appeal.id == after))
        if last is None:
            raise NotFoundError("appeal.not_found")
        beyond = key < last if is_answered else key > last
        criteria.append(or_(beyond, and_(key == last, Appeal.id > after)))
    order = key.desc() if is_answered else key
    found = reader.session.execute(_rows(*criteria).order_by(order, Appeal.id).limit(limit + 1))
    rows = found.all()
    counts = reader.session.execute(
        select(
            func.count().filter(_which(reader, AppealFilter.OPEN)),
            func.count().filter(_which(reader, AppealFilter.OVERDUE)),
        ).select_from(Appeal)
    ).one()
    items = _told(reader, rows[:limit])
    return AppealList(items, counts[0], counts[1], items[-1].id if len(rows) > limit else None)


def appeals_of_session(reader: Reader, session_id: UUID) -> tuple[AppealRow, ...]:
    """Return the appeals about a meeting, the newest first, as far as the reader may know them."""
    wanted = _rows(Appeal.service_session_id == session_id).order_by(
        Appeal.opened_at.desc(), Appeal.id.desc()
    )
    return _told(reader, reader.session.execute(wanted).all())


def appeal(reader: Reader, appeal_id: UUID) -> AppealPage:
    """Return one appeal in full.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    found = reader.session.execute(_rows(Appeal.id == appeal_id)).all()
    if not found:
        raise NotFoundError("appeal.not_found")
    (row,) = _told(reader, found)
    now = of_sessions(reader, [row.session_id])[row.session_id].decision
    may_answer = row.status is AppealStatus.OPEN and may(reader.actor, Permission.ANSWER_APPEAL)
    corrections = remedies(reader, row.session_id, row.opened_at) if may_answer else ()
    return AppealPage(row, now, corrections, may_answer)


def remedies(look: Look, session_id: UUID, since: datetime) -> tuple[RemedyOffered, ...]:
    """Return the corrections of a meeting made since then that were not refused."""
    rows = look.session.scalars(
        select(Correction)
        .where(
            Correction.service_session_id == session_id,
            Correction.made_at >= since,
            Correction.status != CorrectionStatus.REFUSED,
        )
        .order_by(Correction.made_at.desc(), Correction.id)
    )
    return tuple(RemedyOffered(row.id, row.operation, row.status, row.made_at) for row in rows)


def _decided_at(look: Look, record_ids: Collection[UUID]) -> dict[UUID, datetime]:
    rows = look.session.execute(
        select(ServiceRecord.id, ServiceRecord.decided_at).where(ServiceRecord.id.in_(record_ids))
    )
    return {key: at for key, at in rows}


def _made(
    look: Look, versions: Mapping[UUID, Version], expert_id: UUID
) -> dict[tuple[UUID, UUID | None], Bar]:
    """Return what bars another appeal: one that is open on the meeting, or answered on the row."""
    rows = look.session.execute(
        select(Appeal.service_session_id, Appeal.service_record_id, Appeal.status).where(
            Appeal.service_session_id.in_(versions), Appeal.expert_id == expert_id
        )
    )
    found: dict[tuple[UUID, UUID | None], Bar] = {}
    for session_id, record_id, status in rows:
        if status is AppealStatus.OPEN:
            found[session_id, None] = found[session_id, record_id] = Bar.OPEN
        else:
            found.setdefault((session_id, record_id), Bar.ANSWERED)
    return found


def _which(reader: Reader, which: AppealFilter) -> ColumnElement[bool]:
    if which is AppealFilter.ANSWERED:
        return Appeal.answered_at.is_not(None)
    is_open = Appeal.answered_at.is_(None)
    return is_open & (Appeal.answer_by <= reader.now) if which is AppealFilter.OVERDUE else is_open


def _rows(
    *which: ColumnElement[bool],
) -> Select[Appeal, ServiceSession, ServiceRecord, str]:
    return (
        select(Appeal, ServiceSession, ServiceRecord, Expert.name)
        .join(ServiceSession, ServiceSession.id == Appeal.service_session_id)
        .join(ServiceRecord, ServiceRecord.id == Appeal.service_record_id)
        .join(Expert, Expert.id == Appeal.expert_id)
        .where(*which)
    )


def _told(reader: Reader, found: Collection[Any]) -> tuple[AppealRow, ...]:
    names = account_names(reader, {row[0].answered_by_id for row in found if row[0].answered_by_id})
    return tuple(_row(reader, row, names) for row in found)


def _row(reader: Reader, found: Any, names: Mapping[UUID, str]) -> AppealRow:
    row, session, record, mentor = found
    return AppealRow(
        id=row.id,
        version=row.version,
        status=row.status,
        session_id=session.id,
        reference=session.reference,
        held_on=local_day(session.actual_start or session.planned_starts_at),
        session_type=session.session_type,
        mentor=mentor,
        statement=row.statement,
        decision=version_of(record).decision,
        opened_at=row.opened_at,
        answer_by=row.answer_by,
        is_overdue=row.answered_at is None and row.answer_by <= reader.now,
        answer=row.answer,
        remedy=row.remedy,
        correction_id=row.correction_id,
        answered_by=names.get(row.answered_by_id) if row.answered_by_id else None,
        answered_at=row.answered_at,
    )
