"""First step of a batch: its needs against the pool, some at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import first_of, free_times
from app.domain.batch import ASKED_BEFORE, LEFT_POOL, NO_COMMON_TIME, bar_of, window
from app.domain.calendar import Month, local_day
from app.models.batch import Batch, BatchExpert, BatchNeed
from app.models.need import Need
from app.queries.batches.waiting import refusals
from app.queries.free_times import Diaries, load_diaries
from app.services.proposals.asked import Asked, ask
from app.services.proposals.comparing import compared
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork

CHUNK = 25


@dataclass(frozen=True, slots=True)
class _Row:
    """One need to compare."""

    id: UUID
    session_type: str
    modes: tuple[str, ...]
    about: Asked
    refused: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Comparing:
    """Some needs and the pool, read; nothing more is asked of the database to compare them."""

    batch_id: UUID
    done: int
    pool: FittedPool
    experts: tuple[UUID, ...]
    rows: tuple[_Row, ...]
    diaries: Diaries
    days: Sequence[date]
    now: datetime


@dataclass(frozen=True, slots=True)
class _ComparedRow:
    """What is kept of one need, one place for each expert."""

    id: UUID
    scores: list[int]
    days: list[int | None]
    bars: list[tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Compared:
    """Some needs compared."""

    batch_id: UUID
    done: int
    matcher_version: str
    rows: tuple[_ComparedRow, ...]


def to_compare(uow: UnitOfWork, batch: Batch, pool: FittedPool) -> Comparing:
    """Read the next needs of the batch and what is true of everybody for them."""
    experts = tuple(
        uow.all(
            select(BatchExpert.expert_id)
            .where(BatchExpert.batch_id == batch.id)
            .order_by(BatchExpert.position)
        )
    )
    found = uow.session.execute(
        select(BatchNeed.id, Need)
        .join(Need, Need.id == BatchNeed.need_id)
        .where(BatchNeed.batch_id == batch.id)
        .where(BatchNeed.position.between(batch.done, batch.done + CHUNK - 1))
        .order_by(BatchNeed.position)
    ).all()
    refused = refusals(uow, [need.id for _, need in found])
    days = window(Month.parse(batch.month), uow.today)
    return Comparing(
        batch_id=batch.id,
        done=batch.done,
        pool=pool,
        experts=experts,
        rows=tuple(_row(uow, key, need, pool, refused) for key, need in found),
        diaries=load_diaries(uow, experts, days),
        days=days,
        now=uow.now,
    )


def compare(parcel: Comparing) -> Compared:
    """Compare the needs with everybody; O(needs x experts), nothing is read or written."""
    times: dict[tuple[str, tuple[str, ...]], Mapping[UUID, int]] = {}
    rows = []
    for row in parcel.rows:
        key = (row.session_type, row.modes)
        if key not in times:
            times[key] = _first_days(parcel, *key)
        rows.append(_compare(parcel, row, times[key]))
    return Compared(parcel.batch_id, parcel.done, parcel.pool.matcher.version_, tuple(rows))


def keep_compared(uow: UnitOfWork, batch: Batch, found: Compared) -> None:
    """Keep the comparison and note how far it has come."""
    kept = {
        row.id: row
        for row in uow.all(
            select(BatchNeed)
            .where(BatchNeed.batch_id == batch.id)
            .where(BatchNeed.id.in_([row.id for row in found.rows]))
        )
    }
    for row in found.rows:
        need = kept[row.id]
        need.scores, need.days = row.scores, row.days
        need.bars = [list(bar) if bar else None for bar in row.bars]
    batch.matcher_version = found.matcher_version
    batch.done += len(found.rows)


def _row(
    uow: UnitOfWork,
    key: UUID,
    need: Need,
    pool: FittedPool,
    refused: frozenset[tuple[UUID, UUID]],
) -> _Row:
    return _Row(
        id=key,
        session_type=need.session_type,
        modes=tuple(sorted(need.modes)),
        about=ask(uow, need, pool).whatever_the_load(),
        refused=frozenset(expert_id for need_id, expert_id in refused if need_id == need.id),
    )


def _compare(parcel: Comparing, row: _Row, first_days: Mapping[UUID, int]) -> _ComparedRow:
    scores, bars = compared(parcel.pool.matcher, row.about, local_day(parcel.now))

    def bar(expert: UUID) -> tuple[str, str] | None:
        if str(expert) not in scores:
            return bar_of(LEFT_POOL)
        if expert in row.refused:
            return bar_of(ASKED_BEFORE)
        by_rule = bars.get(str(expert))
        return by_rule or (None if expert in first_days else bar_of(NO_COMMON_TIME))

    return _ComparedRow(
        id=row.id,
        scores=[scores.get(str(expert), 0) for expert in parcel.experts],
        days=[first_days.get(expert) for expert in parcel.experts],
        bars=[bar(expert) for expert in parcel.experts],
    )


def _first_days(parcel: Comparing, session_type: str, modes: tuple[str, ...]) -> Mapping[UUID, int]:
    """Return in how many days each expert could be met first; who has no time is left out.

    Where the two share no way of meeting the expert's own ways are looked at: an officer judges.
    """
    today = local_day(parcel.now)
    found = {}
    for expert, diary in parcel.diaries.by_expert.items():
        shared = tuple(mode for mode in modes if mode in diary.modes)
        ways = shared or tuple(sorted(diary.modes))
        question = parcel.diaries.question(expert, session_type, ways, parcel.now)
        times = free_times(diary, parcel.diaries.calendar, question, parcel.days)
        for time in first_of(times, 1):
            found[expert] = (local_day(time.starts_at) - today).days
    return found
