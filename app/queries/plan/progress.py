"""工作进展表 as it stands: rounds, the matrix of items and departments, and each entry in full."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission, Reach, may
from app.domain.errors import NotFoundError
from app.domain.plan.progress import (
    BUREAU,
    WAITING,
    ProgressEvent,
    ProgressFigure,
    ProgressStatus,
    from_stored,
)
from app.models.account import Account
from app.models.progress import ProgressEntry, ProgressRound, ProgressStep
from app.unit_of_work import Reader


class ProgressFilter(StrEnum):
    """Which entries a list shows."""

    ALL = "all"
    WAITING = "waiting"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A period that was asked about."""

    id: UUID
    period: str
    first_on: date
    last_on: date
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One cell of the table; `is_overdue` where it should have been handed in by now.

    Attributes:
        may_write: whether the reader may fill it in.
    """

    id: UUID
    version: int
    item: int
    department: str
    is_lead: bool
    status: ProgressStatus
    words: str
    figures: tuple[ProgressFigure, ...]
    document: str
    submitted_at: datetime | None
    is_overdue: bool
    may_write: bool


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """A round with the entries in the reader's reach, by item, those that lead first.

    Attributes:
        round: None before any was opened.
        rounds: all of them, the newest first.
        counts: how many entries each filter shows.
        may_open: whether the reader may ask for another period.
    """

    round: RoundRow | None
    rounds: Sequence[RoundRow]
    entries: Sequence[EntryRow]
    counts: Mapping[ProgressFilter, int]
    may_open: bool

    def of(self, which: ProgressFilter) -> Sequence[EntryRow]:
        """Return the entries a filter shows."""
        return [entry for entry in self.entries if which in _filters(entry)]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One version that was handed in, or what was said to it."""

    number: int
    event: ProgressEvent
    words: str
    figures: tuple[ProgressFigure, ...]
    document: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry with everything that happened to it, the newest first."""

    round: RoundRow
    entry: EntryRow
    steps: Sequence[StepRow]
    may_check: bool
    is_own: bool


def progress_table(reader: Reader, period: str | None = None) -> ProgressTable:
    """Return a round, by default the newest; two statements.

    Raises:
        NotFoundError: no such round was opened.
    """
    rounds = [
        _round(reader, row)
        for row in reader.session.scalars(
            select(ProgressRound).order_by(ProgressRound.last_on.desc(), ProgressRound.period)
        )
    ]
    shown = next((row for row in rounds if period in (None, row.period)), None)
    if shown is None and period is not None:
        raise NotFoundError("progress_round.not_found")
    entries = _entries(reader, shown) if shown else []
    counts = Counter(which for entry in entries for which in _filters(entry))
    return ProgressTable(
        round=shown,
        rounds=rounds,
        entries=entries,
        counts={which: counts[which] for which in ProgressFilter},
        may_open=may(reader.actor, Permission.ENTER_PLAN),
    )


def progress_entry(reader: Reader, entry_id: UUID) -> EntryPage:
    """Return one entry in full.

    Raises:
        NotFoundError: there is none, or it is another department's.
    """
    found = reader.session.execute(_rows().where(ProgressEntry.id == entry_id)).first()
    if found is None:
        raise NotFoundError("progress_entry.not_found")
    entry, of_round = found
    shown = _round(reader, of_round)
    steps = reader.session.scalars(
        select(ProgressStep)
        .where(ProgressStep.progress_entry_id == entry.id)
        .order_by(ProgressStep.number.desc())
    ).all()
    names = _names(reader, {step.by_id for step in steps})
    is_own = entry.submitted_by_id == reader.actor.account_id
    return EntryPage(
        round=shown,
        entry=_entry(reader, entry, shown),
        steps=[
            StepRow(
                step.number,
                step.event,
                step.words,
                from_stored(step.figures),
                step.document,
                names.get(step.by_id),
                step.at,
            )
            for step in steps
        ],
        may_check=may(reader.actor, Permission.CHECK_PLAN) and not is_own,
        is_own=is_own,
    )


def _rows() -> Select[ProgressEntry, ProgressRound]:
    return select(ProgressEntry, ProgressRound).join(
        ProgressRound, ProgressRound.id == ProgressEntry.progress_round_id
    )


def _entries(reader: Reader, shown: RoundRow) -> list[EntryRow]:
    found = reader.session.scalars(
        select(ProgressEntry)
        .where(ProgressEntry.progress_round_id == shown.id)
        .order_by(ProgressEntry.item, ProgressEntry.is_lead.desc(), ProgressEntry.department)
    )
    return [_entry(reader, row, shown) for row in found]


def _round(reader: Reader, row: ProgressRound) -> RoundRow:
    return RoundRow(
        row.id, row.period, row.first_on, row.last_on, row.due_at, row.due_at <= reader.now
    )


def _entry(reader: Reader, row: ProgressEntry, shown: RoundRow) -> EntryRow:
    actor = reader.actor
    is_own = actor.department == row.department or (
        Reach.ALL in actor.reaches and row.department == BUREAU
    )
    may_report = may(actor, Permission.REPORT_PLAN) and is_own
    return EntryRow(
        id=row.id,
        version=row.version,
        item=row.item,
        department=row.department,
        is_lead=row.is_lead,
        status=row.status,
        words=row.words,
        figures=from_stored(row.figures),
        document=row.document,
        submitted_at=row.submitted_at,
        is_overdue=row.status in WAITING and shown.is_overdue,
        may_write=may_report and row.status in WAITING,
    )


def _filters(entry: EntryRow) -> Sequence[ProgressFilter]:
    found = [ProgressFilter.ALL]
    if entry.status in WAITING:
        found.append(ProgressFilter.WAITING)
    if entry.is_overdue:
        found.append(ProgressFilter.OVERDUE)
    if entry.status is ProgressStatus.SUBMITTED:
        found.append(ProgressFilter.SUBMITTED)
    if entry.status is ProgressStatus.SIGNED:
        found.append(ProgressFilter.SIGNED)
    return found


def _names(reader: Reader, wanted: set[UUID]) -> Mapping[UUID, str]:
    with reader.beyond_scope("the names of who filled in and who signed"):
        rows = reader.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(wanted))
        )
        return {key: name for key, name in rows}
