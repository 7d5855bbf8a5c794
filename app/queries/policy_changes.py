"""Rows of the counting policy and changes of it: what holds, what is coming, what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.calendar import Month, local_day
from app.domain.errors import DomainError, NotFoundError
from app.domain.policy_change import PolicyChangeStatus, ensure_withdrawable, numbers_of
from app.domain.policy_preview import PreviewStatus
from app.domain.service_record import CountingPolicy, month_to_close, policy_on
from app.models.policy_change import PolicyChange, PolicyPreview
from app.models.service_record import CountingPolicyRow
from app.queries.accounts import account_names
from app.queries.policy_previews import policy_of_change
from app.queries.service_counts.closed import closed_months
from app.queries.service_counts.policies import load_policies
from app.unit_of_work import Reader

_FAR = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of the policy that a change sets anew; `type` where it is one of a type's."""

    name: str
    type: str | None
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of the policy with the people behind it.

    Attributes:
        code: the row it became.
        differs: from what would hold on its first day without it.
        is_own: the reader proposed it, so that another has to check it.
    """

    id: UUID
    version: int
    valid_from: date
    code: str | None
    status: PolicyChangeStatus
    reason: str
    differs: tuple[Difference, ...]
    made_by: str | None
    made_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    withdrawn_on: date | None
    withdrawn_by: str | None
    withdrawn_reason: str | None
    is_own: bool
    may_check: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A preview of a change, the newest first."""

    id: UUID
    months: tuple[str, ...]
    status: PreviewStatus
    done: int
    changed: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """Every row that stands, the newest first, the changes, and what a new one begins with.

    Attributes:
        in_force: the row of today; `coming` are rows that begin later.
        starts: the days on which a new row may begin.
    """

    in_force: CountingPolicy
    rows: tuple[CountingPolicy, ...]
    changes: tuple[ChangeRow, ...]
    starts: tuple[date, ...]
    may_propose: bool


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One change with its previews, and the past months it can be tried on."""

    row: ChangeRow
    policy: CountingPolicy
    previews: tuple[PreviewLine, ...]
    months: tuple[Month, ...]
    may_preview: bool


def policies(reader: Reader) -> PolicyPage:
    """Return the policy with its changes; six statements."""
    rows = load_policies(reader)
    changes = _changes(reader, rows)
    return PolicyPage(
        in_force=policy_on(rows, local_day(reader.now)),
        rows=tuple(reversed(rows)),
        changes=changes,
        starts=_starts(reader, rows),
        may_propose=may(reader.actor, Permission.PROPOSE_POLICY),
    )


def change(reader: Reader, change_id: UUID) -> ChangePage:
    """Return one change.

    Raises:
        NotFoundError: there is none.
    """
    row = reader.session.get(PolicyChange, change_id)
    if row is None:
        raise NotFoundError("policy_change.not_found")
    (told,) = _changes(reader, load_policies(reader), row)
    previews = reader.session.scalars(
        select(PolicyPreview)
        .where(PolicyPreview.policy_change_id == row.id)
        .order_by(PolicyPreview.asked_at.desc(), PolicyPreview.id.desc())
    )
    month = Month.of(local_day(reader.now))
    months = [month]
    for _ in range(_FAR):
        months.append(months[-1].preceding())
    return ChangePage(
        row=told,
        policy=policy_of_change(row),
        previews=tuple(
            PreviewLine(p.id, tuple(p.months), p.status, p.done, p.changed, p.asked_at)
            for p in previews
        ),
        months=tuple(months),
        may_preview=may(reader.actor, Permission.PREVIEW_POLICY),
    )


def _changes(
    reader: Reader, rows: Sequence[CountingPolicy], only: PolicyChange | None = None
) -> tuple[ChangeRow, ...]:
    wanted = select(PolicyChange, CountingPolicyRow.code).outerjoin(
        CountingPolicyRow, CountingPolicyRow.id == PolicyChange.policy_id
    )
    if only is not None:
        wanted = wanted.where(PolicyChange.id == only.id)
    found = reader.session.execute(
        wanted.order_by(PolicyChange.made_at.desc(), PolicyChange.id.desc())
    ).all()
    people = [
        key
        for row, _ in found
        for key in (row.made_by_id, row.checked_by_id, row.withdrawn_by_id)
        if key is not None
    ]
    names = account_names(reader, people)
    return tuple(_row(reader, row, code, rows, names) for row, code in found)


def _row(
    reader: Reader,
    row: PolicyChange,
    code: str | None,
    rows: Sequence[CountingPolicy],
    names: Mapping[UUID, str],
) -> ChangeRow:
    waits = row.status is PolicyChangeStatus.PROPOSED
    is_own = row.made_by_id == reader.actor.account_id
    return ChangeRow(
        id=row.id,
        version=row.version,
        valid_from=row.valid_from,
        code=code,
        status=row.status,
        reason=row.reason,
        differs=_differs(row, rows),
        made_by=names.get(row.made_by_id),
        made_at=row.made_at,
        checked_by=names.get(row.checked_by_id) if row.checked_by_id else None,
        checked_at=row.checked_at,
        withdrawn_on=row.withdrawn_on,
        withdrawn_by=names.get(row.withdrawn_by_id) if row.withdrawn_by_id else None,
        withdrawn_reason=row.withdrawn_reason,
        is_own=is_own,
        may_check=waits and not is_own and may(reader.actor, Permission.CHECK_POLICY),
        may_withdraw=_is_withdrawable(reader, row) and may(reader.actor, Permission.PROPOSE_POLICY),
    )


def _is_withdrawable(reader: Reader, row: PolicyChange) -> bool:
    try:
        ensure_withdrawable(row.status, row.valid_from, local_day(reader.now))
    except DomainError:
        return False
    return True


def _differs(row: PolicyChange, rows: Sequence[CountingPolicy]) -> tuple[Difference, ...]:
    """Return the numbers that differ from the row that holds on the day before its first."""
    others = [p for p in rows if p.valid_from < row.valid_from]
    before = numbers_of(max(others, key=lambda p: p.valid_from)).rules()
    found = []
    for name, after in numbers_of(policy_of_change(row)).rules().items():
        if isinstance(after, dict):
            pairs: list[tuple[str | None, Any, Any]] = [
                (each, before[name][each], value) for each, value in after.items()
            ]
        else:
            pairs = [(None, before[name], after)]
        found += [Difference(name, each, old, new) for each, old, new in pairs if old != new]
    return tuple(found)


def _starts(reader: Reader, rows: Sequence[CountingPolicy]) -> tuple[date, ...]:
    """Return the first days of the coming months of a year on which no row begins yet."""
    closed = closed_months(reader)
    month = Month.of(local_day(reader.now)).following()
    if closed:
        month = max(month, month_to_close(max(closed), closed))
    taken = {policy.valid_from for policy in rows}
    days = []
    for _ in range(_FAR):
        if month.first_on not in taken:
            days.append(month.first_on)
        month = month.following()
    return tuple(days)
