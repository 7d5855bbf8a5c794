"""Signals as officers read them: what is open, what it rests on, what was said of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.signal import Kind, SignalState
from app.models.account import Account
from app.models.expert import Expert
from app.models.service_session import ServiceSession
from app.models.signal import Signal, SignalLook, SignalNote
from app.unit_of_work import Reader

PAGE = 20


@dataclass(frozen=True, slots=True)
class Behind:
    """A meeting behind a signal."""

    id: UUID
    reference: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer said a signal is; `is_of_all` where no meeting has come since."""

    note: str
    said_at: datetime
    said_by: str | None
    is_of_all: bool


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal with the meetings behind it and what was said of it, the newest first."""

    id: UUID
    version: int
    kind: Kind
    state: SignalState
    month: str
    facts: Mapping[str, int | str]
    expert_id: UUID | None
    expert: str | None
    found_at: datetime
    policy_from: date
    behind: tuple[Behind, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SignalList:
    """Signals in one state, the newest month first; `counts` by kind are of all in that state."""

    items: tuple[SignalRow, ...]
    counts: Mapping[Kind, int]
    open: int
    looked_at: datetime | None
    looked_sessions: int
    may_explain: bool
    next: UUID | None


def signal_list(
    reader: Reader,
    state: SignalState,
    kind: Kind | None = None,
    *,
    after: UUID | None = None,
    limit: int = PAGE,
) -> SignalList:
    """Return a page of signals in one state, of one kind where it is given.

    Raises:
        NotFoundError: there is no signal `after`.
    """
    criteria = [Signal.state == state, *([Signal.kind == kind] if kind else [])]
    if after is not None:
        month = reader.session.scalar(select(Signal.month).where(Signal.id == after))
        if month is None:
            raise NotFoundError("signal.not_found")
        criteria.append(or_(Signal.month < month, and_(Signal.month == month, Signal.id < after)))
    found = reader.session.scalars(
        select(Signal)
        .where(*criteria)
        .order_by(Signal.month.desc(), Signal.id.desc())
        .limit(limit + 1)
    ).all()
    counts = {
        kind: count
        for kind, count in reader.session.execute(
            select(Signal.kind, func.count()).where(Signal.state == state).group_by(Signal.kind)
        )
    }
    is_open = select(func.count(Signal.id)).where(Signal.state == SignalState.OPEN)
    last = reader.session.scalars(
        select(SignalLook).order_by(SignalLook.looked_at.desc()).limit(1)
    ).first()
    items = _rows(reader, found[:limit])
    return SignalList(
        items=items,
        counts=counts,
        open=reader.session.scalar(is_open) or 0,
        looked_at=last.looked_at if last else None,
        looked_sessions=last.sessions if last else 0,
        may_explain=may(reader.actor, Permission.EXPLAIN_SIGNAL),
        next=items[-1].id if len(found) > limit else None,
    )


def signal_row(reader: Reader, signal_id: UUID) -> SignalRow:
    """Return one signal.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    row = reader.session.get(Signal, signal_id)
    if row is None:
        raise NotFoundError("signal.not_found")
    return _rows(reader, [row])[0]


def _rows(reader: Reader, rows: Collection[Signal]) -> tuple[SignalRow, ...]:
    behind = _behind(reader, {key for row in rows for key in row.session_ids})
    said = _said(reader, rows)
    experts = {
        key: name
        for key, name in reader.session.execute(
            select(Expert.id, Expert.name).where(Expert.id.in_([row.expert_id for row in rows]))
        )
    }
    return tuple(
        SignalRow(
            id=row.id,
            version=row.version,
            kind=row.kind,
            state=row.state,
            month=row.month,
            facts=row.facts,
            expert_id=row.expert_id,
            expert=experts.get(row.expert_id) if row.expert_id else None,
            found_at=row.found_at,
            policy_from=row.policy_from,
            behind=tuple(behind[key] for key in row.session_ids if key in behind),
            said=said[row.id],
        )
        for row in rows
    )


def _behind(reader: Reader, keys: Collection[str]) -> dict[str, Behind]:
    rows = reader.session.execute(
        select(
            ServiceSession.id,
            ServiceSession.reference,
            ServiceSession.actual_start,
            ServiceSession.planned_starts_at,
        ).where(ServiceSession.id.in_(map(UUID, keys)))
    )
    return {
        str(key): Behind(key, reference, local_day(actual or planned))
        for key, reference, actual, planned in rows
    }


def _said(reader: Reader, rows: Collection[Signal]) -> Mapping[UUID, tuple[Said, ...]]:
    ids = {row.id: set(row.session_ids) for row in rows}
    notes = reader.session.scalars(
        select(SignalNote)
        .where(SignalNote.signal_id.in_(ids))
        .order_by(SignalNote.said_at.desc(), SignalNote.id.desc())
    ).all()
    with reader.beyond_scope("colleagues who explained a signal, by name"):
        wanted = {each.said_by_id for each in notes}
        accounts = select(Account.id, Account.name).where(Account.id.in_(wanted))
        names = {key: name for key, name in reader.session.execute(accounts)}
    found: dict[UUID, tuple[Said, ...]] = defaultdict(tuple)
    for each in notes:
        is_of_all = ids[each.signal_id] <= set(each.session_ids)
        said = Said(each.note, each.said_at, names.get(each.said_by_id), is_of_all)
        found[each.signal_id] = (*found[each.signal_id], said)
    return found
