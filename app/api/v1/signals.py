"""疑点提示: what is unusual in the records, the meetings behind it, and what was said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Text
from app.domain.actor import Permission
from app.domain.signal import LONGEST_NOTE, Kind, SignalState
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries import signals as queries
from app.queries.signals import Behind, Said, SignalRow
from app.services import signals


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsQuery:
    """Which signals: in one state, of one kind or of all."""

    state: SignalState = SignalState.OPEN
    kind: Kind | None = None
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalDetail:
    """A signal; it accuses nobody and changes nothing of what counts."""

    id: UUID
    version: int
    kind: Kind
    state: SignalState
    month: str
    facts: Mapping[str, Any]
    expert_id: UUID | None
    found_at: datetime
    policy_from: date
    sessions: tuple[Behind, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SignalPage:
    """A page of signals, the newest month first; `counts` by kind are of all in that state."""

    items: tuple[SignalDetail, ...]
    counts: Mapping[str, int]
    open: int
    looked_at: datetime | None
    looked_sessions: int
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainSignalBody:
    """What the signal is, in words, after a look at what stands behind it."""

    note: Annotated[str, Text(LONGEST_NOTE)]


@dataclass(frozen=True, slots=True)
class LookAsked:
    """Whether a look was asked for now; false where somebody has asked within this minute."""

    is_asked: bool


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/signals")(list_signals)
    blueprint.post("/signal-looks")(look_for_signals)
    blueprint.get("/signals/<uuid:signal_id>")(read_signal)
    blueprint.post("/signals/<uuid:signal_id>/explain")(explain_signal)


@operation(Permission.READ_SIGNALS, answer=SignalPage)
def list_signals(query: SignalsQuery) -> Any:
    """List what is unusual in the records: what is open, was explained, or is gone."""
    with reading() as reader:
        page = queries.signal_list(reader, query.state, query.kind, after=query.cursor)
    return jsonable(
        SignalPage(
            items=tuple(map(_told, page.items)),
            counts={kind.value: count for kind, count in page.counts.items()},
            open=page.open,
            looked_at=page.looked_at,
            looked_sessions=page.looked_sessions,
            next=page.next,
        )
    )


@operation(Permission.EXPLAIN_SIGNAL, answer=LookAsked)
def look_for_signals() -> Any:
    """Have the records looked at now, by the job process."""
    return run(signals.ask, answer=LookAsked)


@operation(Permission.READ_SIGNALS, answer=SignalDetail, logged=True)
def read_signal(signal_id: UUID) -> Any:
    """Read one signal with the meetings behind it."""
    return _detail(signal_id)


@operation(Permission.EXPLAIN_SIGNAL, answer=SignalDetail)
def explain_signal(signal_id: UUID, body: ExplainSignalBody, version: int | None) -> Any:
    """Say in words what a signal is; it is open again when more meetings come to it."""
    run(signals.explain, signal_id, body.note, version=version)
    return _detail(signal_id)


def _detail(signal_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(_told(queries.signal_row(reader, signal_id)))


def _told(row: SignalRow) -> SignalDetail:
    return SignalDetail(
        id=row.id,
        version=row.version,
        kind=row.kind,
        state=row.state,
        month=row.month,
        facts=row.facts,
        expert_id=row.expert_id,
        found_at=row.found_at,
        policy_from=row.policy_from,
        sessions=row.behind,
        said=row.said,
    )
