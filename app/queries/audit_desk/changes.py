"""What changed in a period of that by which is counted and who may act: policy, days, roles, clock.

All of it from the trail: who, when, what it was before and what it is now.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.models.account import Account
from app.models.audit_entry import AuditEntry, AuditSeal
from app.models.availability import CalendarDay
from app.models.service_record import CountingPolicyRow
from app.queries.accounts import account_names
from app.unit_of_work import Reader

ROLE_ACTIONS = (
    "account.registered",
    "account.role_granted",
    "account.role_revoked",
    "account.suspended",
    "account.reactivated",
    "account.audit_opened",
    "account.audit_prolonged",
    "account.audit_ended",
    "account.expired",
)
MOST = 2_000
# Seals come a second after; where business time is further ahead, or goes back, a clock moved.
TOLERANCE = timedelta(minutes=5)
MOST_JUMPS = 20
_OWN_KEYS = frozenset({"id", "version", "entered_at"})


class ChangeKind(StrEnum):
    """What the change is about."""

    POLICY = "policy"
    CALENDAR = "calendar"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What one transaction did of one kind: one change, or many alike such as a year's days.

    Attributes:
        subject: the day, the policy or the account's name, of a single change.
        before: what differed before, by column; empty where there was nothing.
        after: what it is now, by column.
    """

    at: datetime
    actor: str | None
    action: str
    entity: str
    entity_id: UUID
    count: int
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClockJump:
    """A seal whose entries say a time ahead of the machine's, or before that of earlier ones."""

    number: int
    sealed_at: datetime
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a period by kind, the newest first, and where the clock was moved.

    Attributes:
        jumps: the first twenty; `jump_count` counts them all.
        is_cut: whether there are more changes than were looked at.
    """

    by_kind: Mapping[ChangeKind, Sequence[ChangeGroup]]
    jumps: Sequence[ClockJump]
    jump_count: int
    is_cut: bool


def changes(reader: Reader, since: datetime, until: datetime) -> Changes:
    """Return the changes from one instant to before another; at most four statements."""
    rows = reader.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.at >= since, AuditEntry.at < until, _of_interest())
        .order_by(AuditEntry.id.desc())
        .limit(MOST + 1)
    ).all()
    kept = rows[:MOST]
    earlier = _before(reader, kept)
    names = account_names(reader, _people(kept))
    by_kind: dict[ChangeKind, list[ChangeGroup]] = {kind: [] for kind in ChangeKind}
    for (kind, *_), alike in groupby(kept, key=lambda row: (_kind(row), row.action, row.at)):
        by_kind[kind].append(_group(list(alike), earlier, names))
    jumps = _jumps(reader, since, until)
    return Changes(by_kind, jumps[:MOST_JUMPS], len(jumps), len(rows) > MOST)


def _of_interest() -> ColumnElement[bool]:
    tables = (CalendarDay.__tablename__, CountingPolicyRow.__tablename__)
    return AuditEntry.entity.in_(tables) | AuditEntry.action.in_(ROLE_ACTIONS)


def _kind(row: AuditEntry) -> ChangeKind:
    if row.entity == CountingPolicyRow.__tablename__:
        return ChangeKind.POLICY
    return ChangeKind.CALENDAR if row.entity == CalendarDay.__tablename__ else ChangeKind.ROLE


def _before(reader: Reader, rows: Sequence[AuditEntry]) -> dict[tuple[UUID, int], dict[str, Any]]:
    """Return how ledger rows stood, by their version, of those that were changed."""
    keys = {row.entity_id for row in rows if _kind(row) is not ChangeKind.ROLE}
    if not keys:
        return {}
    statement = select(AuditEntry.entity_id, AuditEntry.entity_version, AuditEntry.body).where(
        AuditEntry.entity.in_((CalendarDay.__tablename__, CountingPolicyRow.__tablename__)),
        AuditEntry.entity_id.in_(keys),
    )
    found = reader.session.execute(statement)
    return {(key, version): json.loads(body)["row"] or {} for key, version, body in found}


def _people(rows: Sequence[AuditEntry]) -> Collection[UUID]:
    acting = {row.actor_id for row in rows if row.actor_id}
    return acting | {row.entity_id for row in rows if row.entity == Account.__tablename__}


def _group(
    alike: list[AuditEntry],
    earlier: Mapping[tuple[UUID, int], dict[str, Any]],
    names: Mapping[UUID, str],
) -> ChangeGroup:
    row = alike[0]
    is_role = _kind(row) is ChangeKind.ROLE
    now = _facts(row) if is_role else earlier.get((row.entity_id, row.entity_version), {})
    was = {} if is_role else earlier.get((row.entity_id, row.entity_version - 1), {})
    subject = names.get(row.entity_id, "") if is_role else str(now.get("day") or now.get("code"))
    now, was = _flat(now), _flat(was)
    differing = {name for name in now if now[name] != was.get(name)} - _OWN_KEYS
    return ChangeGroup(
        at=row.at,
        actor=names.get(row.actor_id) if row.actor_id else None,
        action=row.action,
        entity=row.entity,
        entity_id=row.entity_id,
        count=len(alike),
        subject=subject,
        before={name: was[name] for name in sorted(differing) if name in was},
        after={name: now[name] for name in sorted(differing)},
    )


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with those inside others under names of their own, such as a policy's."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": inner for key, inner in _flat(value).items()}
        else:
            found[name] = value
    return found


def _facts(row: AuditEntry) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(row.body)["facts"]
    return facts


def _jumps(reader: Reader, since: datetime, until: datetime) -> list[ClockJump]:
    """Return the seals at which business time ran ahead of the machine's, or went back."""
    rows = reader.session.execute(
        select(AuditSeal.number, AuditSeal.sealed_at, AuditEntry.at)
        .join(AuditEntry, AuditEntry.seq == AuditSeal.last_seq)
        .where(AuditEntry.at >= since, AuditEntry.at < until)
        .order_by(AuditSeal.number)
    )
    found, last = [], since
    for number, sealed_at, said_at in rows:
        # That a seal comes late means nothing: the job process may have stood.
        if said_at > sealed_at + TOLERANCE or said_at < last - TOLERANCE:
            found.append(ClockJump(number, sealed_at, said_at))
        last = max(last, said_at)
    return found
