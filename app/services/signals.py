"""The verbs of a signal: looked for each night or on demand, kept, explained by an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.calendar import ZONE
from app.domain.job import ClaimedJob
from app.domain.signal import (
    LONGEST_NOTE,
    Alike,
    AlreadyExplainedError,
    Found,
    SignalState,
    certified_share,
    comparable,
    daily_pairs,
    late_filed,
    long_days,
    overlapping,
    same_texts,
    shared_devices,
)
from app.models.signal import Signal, SignalLook, SignalNote
from app.queries.signals import Material, gather
from app.services.bookings.versions import ensure_version
from app.services.jobs import plan_once
from app.services.proposals import close_pairs
from app.unit_of_work import UnitOfWork

LOOK = "look_for_signals"
AT = time(3, 30)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at, and what of it is worth a look."""

    material: Material
    found: Sequence[Found]


def watch(uow: UnitOfWork) -> bool:
    """Have signals looked for once each night; return whether that is new."""
    uow.require(Permission.RUN_JOBS)
    due_at = datetime.combine(uow.today, AT, ZONE)
    return uow.now >= due_at and plan_once(uow, LOOK, f"{LOOK}:{uow.today}", due_at)


def ask(uow: UnitOfWork) -> bool:
    """Have signals looked for now; return whether nobody has asked within this minute."""
    uow.require(Permission.EXPLAIN_SIGNAL)
    minute = uow.now.replace(second=0, microsecond=0)
    return plan_once(uow, LOOK, f"{LOOK}:{minute.isoformat()}", uow.now)


def prepare(uow: UnitOfWork, _job: ClaimedJob | None = None) -> Material:
    """Read what is looked at."""
    uow.require(Permission.RUN_JOBS)
    return gather(uow)


def compute(material: Material) -> Looked:
    """Find what is worth a look; nothing is read or written."""
    policy, served = material.policy, material.served
    written = comparable(material.written, policy)
    close = close_pairs([each.text for each in written], policy.text_similarity)
    found = [
        *overlapping(served, policy),
        *long_days(served, policy),
        *daily_pairs(served, policy),
        *late_filed(served, policy),
        *same_texts(written, [Alike(*pair) for pair in close], policy),
        *certified_share(material.confirmed, policy),
        *shared_devices(material.hands, policy),
    ]
    return Looked(material, found)


def record(uow: UnitOfWork, looked: Looked) -> SignalLook:
    """Keep what was found; what was found before and is no longer so is gone.

    A signal to which meetings have come since somebody explained it is open again.
    """
    uow.require(Permission.RUN_JOBS)
    material = looked.material
    rows = uow.all(select(Signal).where(Signal.month >= str(material.first)))
    known = {(row.kind, row.subject): row for row in rows}
    for each in looked.found:
        row = known.pop((each.kind, each.subject), None)
        if row is None:
            _keep(uow, each, material)
        else:
            _renew(uow, row, each, material)
    for row in known.values():
        if row.state is SignalState.OPEN:
            row.state, row.changed_at = SignalState.GONE, uow.now
            uow.audit("signal.gone", row)
    return uow.add(
        SignalLook(
            looked_at=material.looked_at,
            sessions=len({each.session_id for each in material.served}),
            found=len(looked.found),
            policy_from=material.policy.valid_from,
        )
    )


def explain(
    uow: UnitOfWork, signal_id: UUID, note: str, *, version: int | None = None
) -> SignalNote:
    """Say in words what a signal is, after a look at what stands behind it.

    Raises:
        AlreadyExplainedError: somebody has said it already, or it is gone.
        InvalidInputError: at field `note`.
        StaleVersionError: it has changed since it was read.
    """
    signal = uow.load(Signal, signal_id, lock=True)
    uow.require(Permission.EXPLAIN_SIGNAL)
    ensure_version(signal, version)
    if signal.state is not SignalState.OPEN:
        raise AlreadyExplainedError(state=signal.state.value)
    said = uow.add(
        SignalNote(
            signal_id=signal.id,
            note=prose.ensure("note", note, LONGEST_NOTE),
            session_ids=signal.session_ids,
            said_by_id=uow.actor.account_id,
            said_at=uow.now,
        )
    )
    signal.state = SignalState.EXPLAINED
    uow.audit("signal.explained", signal, said)
    return said


def _keep(uow: UnitOfWork, found: Found, material: Material) -> None:
    row = uow.add(
        Signal(
            kind=found.kind,
            subject=found.subject,
            month=found.month,
            expert_id=UUID(found.expert_id) if found.expert_id else None,
            session_ids=list(found.session_ids),
            facts=dict(found.facts),
            policy_from=material.policy.valid_from,
            found_at=uow.now,
            changed_at=uow.now,
            state=SignalState.OPEN,
        )
    )
    uow.audit("signal.found", row)


def _renew(uow: UnitOfWork, row: Signal, found: Found, material: Material) -> None:
    came = set(found.session_ids) - set(row.session_ids)
    is_back = row.state is SignalState.GONE
    if not is_back and list(found.session_ids) == row.session_ids and row.facts == found.facts:
        return
    if came or is_back:
        row.state = SignalState.OPEN
    row.session_ids, row.facts = list(found.session_ids), dict(found.facts)
    row.policy_from, row.changed_at = material.policy.valid_from, uow.now
    uow.audit("signal.changed", row)
