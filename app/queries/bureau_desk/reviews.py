"""Corrections that wait for another officer, those that were checked, and each in full."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.domain.actor import PERMISSIONS, Permission, Role, may
from app.domain.calendar import Month, day_starts_at, local_day
from app.domain.errors import NotFoundError
from app.domain.service_record import Additive, CorrectionOp
from app.models.account import Account, AccountRole
from app.models.expert import Expert
from app.models.period import Adjustment, Period
from app.models.person import Person
from app.models.sample import SampleCall
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import ServiceSession
from app.queries.bureau_desk.correction_values import Shown, named_in, shown_value
from app.unit_of_work import Reader

PAGE = 20
_STARTS_AT = func.coalesce(ServiceSession.actual_start, ServiceSession.planned_starts_at)


class ReviewFilter(StrEnum):
    """Which corrections a list shows."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


_STATUS = {
    ReviewFilter.WAITING: CorrectionStatus.PROPOSED,
    ReviewFilter.APPROVED: CorrectionStatus.APPROVED,
    ReviewFilter.REFUSED: CorrectionStatus.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Posted:
    """What an approved correction changed in a closed month, and in which month it stands."""

    month: str
    posted_month: str
    change: Additive


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A correction with the meeting it is about.

    Attributes:
        value: the topic, the times, whether an overrun is approved, or the name of the person
            struck or of the venture.
        stored: the value as it is kept.
        month: of the meeting as it was recorded.
        is_own: the reader proposed it, so that another has to check it.
        sample_id: the audit sample whose call showed it.
        posted: what it changed in closed months.
    """

    id: UUID
    version: int
    session_id: UUID
    reference: str
    month: str
    founder: str | None
    expert: str
    operation: CorrectionOp
    value: Shown
    stored: Any
    reason: str
    status: CorrectionStatus
    made_by: str | None
    made_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    is_own: bool
    sample_id: UUID | None
    posted: tuple[Posted, ...]


@dataclass(frozen=True, slots=True)
class Reviews:
    """Corrections of one kind, the newest first; `counts` are of all that meet the filter."""

    items: tuple[Review, ...]
    counts: Mapping[ReviewFilter, int]
    may_check: bool
    next: UUID | None

    @property
    def open(self) -> int:
        """How many wait."""
        return self.counts[ReviewFilter.WAITING]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One correction; `checkers` are those who may check it, by name."""

    review: Review
    checkers: tuple[str, ...]
    may_check: bool


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """Which corrections, of which month or meeting."""

    which: ReviewFilter = ReviewFilter.WAITING
    month: Month | None = None
    session_id: UUID | None = None

    def criteria(self) -> list[ColumnElement[bool]]:
        """Return what the rows have to meet, whatever their state."""
        found: list[ColumnElement[bool]] = []
        if self.month is not None:
            first = day_starts_at(self.month.first_on)
            last = day_starts_at(self.month.following().first_on)
            found.append(_STARTS_AT.between(first, last - first.resolution))
        if self.session_id is not None:
            found.append(Correction.service_session_id == self.session_id)
        return found


WAITING = ReviewAsked()


def reviews(
    reader: Reader, asked: ReviewAsked = WAITING, *, after: UUID | None = None, limit: int = PAGE
) -> Reviews:
    """Return a page of corrections; those of the bureau's own are told from others'.

    Raises:
        NotFoundError: there is no correction `after`.
    """
    counts = reader.session.execute(
        select(Correction.status, func.count())
        .join(ServiceSession, ServiceSession.id == Correction.service_session_id)
        .where(*asked.criteria())
        .group_by(Correction.status)
    ).all()
    by_status = {status: count for status, count in counts}
    criteria = [*asked.criteria(), Correction.status == _STATUS[asked.which]]
    if after is not None:
        last = reader.session.scalar(select(Correction.made_at).where(Correction.id == after))
        if last is None:
            raise NotFoundError("correction.not_found")
        same = and_(Correction.made_at == last, Correction.id > after)
        criteria.append(or_(Correction.made_at < last, same))
    statement = _rows(*criteria).order_by(Correction.made_at.desc(), Correction.id)
    rows = reader.session.execute(statement.limit(limit + 1)).all()
    items = _reviews(reader, rows[:limit])
    return Reviews(
        items,
        {which: by_status.get(status, 0) for which, status in _STATUS.items()},
        may(reader.actor, Permission.CHECK_CORRECTION),
        items[-1].id if len(rows) > limit else None,
    )


def review(reader: Reader, correction_id: UUID) -> ReviewPage:
    """Return one correction.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    rows = reader.session.execute(_rows(Correction.id == correction_id)).all()
    if not rows:
        raise NotFoundError("correction.not_found")
    (found,) = _reviews(reader, rows)
    correction: Correction = rows[0].Correction
    return ReviewPage(
        found,
        _checkers(reader, correction.made_by_id),
        may(reader.actor, Permission.CHECK_CORRECTION) and not found.is_own,
    )


def _rows(*which: ColumnElement[bool]) -> Select[Correction, ServiceSession, str, str, UUID]:
    return (
        select(
            Correction, ServiceSession, Expert.name.label("expert"), Person.name.label("founder"),
            SampleCall.sample_id,
        )
        .join(ServiceSession, ServiceSession.id == Correction.service_session_id)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .outerjoin(SampleCall, SampleCall.id == Correction.sample_call_id)
        .where(*which)
    )  # fmt: skip


def _reviews(reader: Reader, rows: Collection[Any]) -> tuple[Review, ...]:
    corrections: list[Correction] = [row.Correction for row in rows]
    named, posted = named_in(reader, corrections), _posted(reader, corrections)
    names = _names(reader, corrections)
    return tuple(_review(reader, row, named, posted, names) for row in rows)


def _review(
    reader: Reader,
    row: Any,
    named: Mapping[UUID, str],
    posted: Mapping[UUID, tuple[Posted, ...]],
    names: Mapping[UUID | None, str],
) -> Review:
    correction: Correction = row.Correction
    held: ServiceSession = row.ServiceSession
    operation = CorrectionOp(correction.operation)
    started_at = held.actual_start or held.planned_starts_at
    return Review(
        id=correction.id,
        version=correction.version,
        session_id=held.id,
        reference=held.reference,
        month=str(Month.of(local_day(started_at))),
        founder=row.founder,
        expert=row.expert,
        operation=operation,
        value=shown_value(correction, named),
        stored=correction.value,
        reason=correction.reason,
        status=correction.status,
        made_by=names.get(correction.made_by_id),
        made_at=correction.made_at,
        checked_by=names.get(correction.checked_by_id),
        checked_at=correction.checked_at,
        is_own=correction.made_by_id == reader.actor.account_id,
        sample_id=row.sample_id,
        posted=posted.get(correction.id, ()),
    )


def _posted(
    reader: Reader, corrections: Collection[Correction]
) -> Mapping[UUID, tuple[Posted, ...]]:
    rows = reader.session.execute(
        select(Adjustment.correction_id, Period.month, Adjustment.posted_month, Adjustment.deltas)
        .join(Period, Period.id == Adjustment.period_id)
        .where(Adjustment.correction_id.in_([each.id for each in corrections]))
        .order_by(Adjustment.id)
    )
    found: dict[UUID, tuple[Posted, ...]] = {}
    for key, month, posted_month, deltas in rows:
        told = Posted(month, posted_month, Additive(**deltas["measures"]))
        found[key] = (*found.get(key, ()), told)
    return found


def _names(reader: Reader, corrections: Collection[Correction]) -> Mapping[UUID | None, str]:
    wanted = {each.made_by_id for each in corrections}
    wanted |= {each.checked_by_id for each in corrections if each.checked_by_id}
    with reader.beyond_scope("colleagues who proposed and checked, by name"):
        rows = reader.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(wanted))
        )
        return {key: name for key, name in rows}


def _checkers(reader: Reader, made_by_id: UUID) -> tuple[str, ...]:
    roles = [role for role in Role if Permission.CHECK_CORRECTION in PERMISSIONS[role]]
    with reader.beyond_scope("colleagues who may check a correction, by name"):
        names = reader.session.scalars(
            select(Account.name)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .where(AccountRole.role.in_(roles), Account.id != made_by_id)
            .distinct()
            .order_by(Account.name)
        )
        return tuple(names)
