"""The verbs of a change of the counting policy: one proposes, another enters it or refuses."""

import re
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.policy_change import (
    CODE,
    LONGEST_REASON,
    Numbers,
    PolicyChangeStatus,
    PolicyMonthTakenError,
    ensure_changes,
    ensure_numbers,
    ensure_withdrawable,
)
from app.domain.service_record import ensure_starts_on_first, policy_on
from app.models.policy_change import PolicyChange
from app.models.service_record import CountingPolicyRow
from app.queries.service_counts.closed import closed_months
from app.queries.service_counts.policies import load_policies
from app.services import service_records
from app.services.bookings.versions import ensure_version
from app.services.checks import stamp, to_check
from app.unit_of_work import UnitOfWork

_NUMBER = re.compile(rf"{CODE}-(\d+)")


def propose(uow: UnitOfWork, valid_from: date, numbers: Numbers, reason: str) -> PolicyChange:
    """Propose the numbers that are to hold from the first of a coming month; nothing changes yet.

    Raises:
        InvalidInputError: a number cannot be meant, or no reason is given.
        PolicyStartError: it is not the first of a month that is wholly ahead and open.
        PolicyMonthTakenError: a row that was entered begins on that day.
        NothingChangesError: these numbers would be in force anyway.
    """
    uow.require(Permission.PROPOSE_POLICY)
    ensure_numbers(numbers, reason)
    _ensure_may_start(uow, valid_from)
    ensure_changes(numbers, policy_on(load_policies(uow), valid_from))
    change = uow.add(
        PolicyChange(
            valid_from=valid_from,
            rules=numbers.rules(),
            reason=reason.strip(),
            status=PolicyChangeStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("policy_change.proposed", change)
    return change


def enter(uow: UnitOfWork, change_id: UUID, *, version: int | None = None) -> PolicyChange:
    """Enter the row: from its first day on services are judged by it, and no earlier one is.

    Raises:
        SamePolicyPersonError: who proposed it does not check it.
        PolicyChangeCheckedError: it was entered, refused or withdrawn.
        PolicyStartError: its first day has come too near.
        PolicyMonthTakenError: a row that was entered begins on that day.
    """
    change = to_check(uow, PolicyChange, change_id, Permission.CHECK_POLICY, version)
    service_records.lock_closing(uow)
    _ensure_may_start(uow, change.valid_from)
    row = uow.add(
        CountingPolicyRow(
            code=_next_code(uow),
            valid_from=change.valid_from,
            rules=change.rules,
            entered_at=uow.now,
        )
    )
    uow.audit("counting_policy.entered", row)
    uow.flush()
    change.policy_id = row.id
    _decide(uow, change, PolicyChangeStatus.ENTERED)
    return change


def refuse(uow: UnitOfWork, change_id: UUID, *, version: int | None = None) -> PolicyChange:
    """Leave the policy as it is; the proposal stays in the file.

    Raises:
        SamePolicyPersonError: who proposed it does not check it.
        PolicyChangeCheckedError: it was entered, refused or withdrawn.
    """
    change = to_check(uow, PolicyChange, change_id, Permission.CHECK_POLICY, version)
    _decide(uow, change, PolicyChangeStatus.REFUSED)
    return change


def withdraw(
    uow: UnitOfWork, change_id: UUID, reason: str, *, version: int | None = None
) -> PolicyChange:
    """Take a change back that is not in force; the row stays, and nobody is judged by it.

    Raises:
        InvalidInputError: no reason is given.
        PolicyInForceError: its first day has come.
        PolicyChangeCheckedError: it was refused or withdrawn.
    """
    change = uow.load(PolicyChange, change_id, lock=True)
    uow.require(Permission.PROPOSE_POLICY)
    ensure_version(change, version)
    ensure_withdrawable(change.status, change.valid_from, uow.today)
    change.withdrawn_reason = prose.ensure("reason", reason, LONGEST_REASON)
    change.status = PolicyChangeStatus.WITHDRAWN
    change.withdrawn_on, change.withdrawn_by_id = uow.today, uow.actor.account_id
    uow.audit("policy_change.withdrawn", change)
    return change


def _decide(uow: UnitOfWork, change: PolicyChange, status: PolicyChangeStatus) -> None:
    stamp(uow, change, status)
    uow.audit(f"policy_change.{status.value}", change)
    uow.flush()


def _ensure_may_start(uow: UnitOfWork, valid_from: date) -> None:
    closed: tuple[Month, ...] = tuple(closed_months(uow))
    ensure_starts_on_first(valid_from, uow.today, closed)
    entered = select(PolicyChange.id).where(
        PolicyChange.valid_from == valid_from,
        PolicyChange.status == PolicyChangeStatus.ENTERED,
    )
    if uow.all(entered.limit(1)):
        raise PolicyMonthTakenError(valid_from=valid_from.isoformat())


def _next_code(uow: UnitOfWork) -> str:
    """Return the next name of a row; one that was withdrawn keeps its own."""
    codes = uow.all(select(CountingPolicyRow.code))
    numbers = [int(found[1]) for code in codes if (found := _NUMBER.fullmatch(code))]
    return f"{CODE}-{max(numbers, default=0) + 1}"
