"""口径: the rows of the counting policy, and changes of it by two people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import CREATED, operation
from app.api.schemas import Text, Whole
from app.domain.actor import Permission
from app.domain.policy_change import (
    LATEST_CLOSING,
    LONGEST_REASON,
    MOST_DAYS,
    MOST_MINUTES,
    Numbers,
    PolicyChangeStatus,
)
from app.domain.service_record import SessionType
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.policy_change import PolicyChange
from app.queries import policy_changes as queries
from app.services import policy_changes


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesBody:
    """Minutes for each kind of service."""

    consultation: Annotated[int, Whole(0, MOST_MINUTES)]
    diagnosis: Annotated[int, Whole(0, MOST_MINUTES)]
    tutoring: Annotated[int, Whole(0, MOST_MINUTES)]
    roundtable: Annotated[int, Whole(0, MOST_MINUTES)]
    lecture: Annotated[int, Whole(0, MOST_MINUTES)]
    review: Annotated[int, Whole(0, MOST_MINUTES)]

    def by_type(self) -> dict[SessionType, int]:
        """Return them as the rules know them."""
        return {
            each: getattr(self, each.value) for each in SessionType if hasattr(self, each.value)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBody:
    """The numbers that are to hold from the first of a coming month, and why."""

    valid_from: date
    reason: Annotated[str, Text(LONGEST_REASON)]
    min_minutes: MinutesBody
    standard_minutes: MinutesBody
    merge_gap_minutes: Annotated[int, Whole(0, MOST_MINUTES)]
    close_working_day: Annotated[int, Whole(1, LATEST_CLOSING)]
    overrun_cap_minutes: Annotated[int, Whole(0, MOST_MINUTES)] | None = None
    late_confirmation_days: Annotated[int, Whole(0, MOST_DAYS)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawBody:
    """Why it is taken back."""

    reason: Annotated[str, Text(LONGEST_REASON)]


@dataclass(frozen=True, slots=True)
class PolicyDetail:
    """A row that stands; a service is judged for ever by the row of its day."""

    code: str
    valid_from: date
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class ChangeDetail:
    """A change of the policy; nothing holds before a second person has entered it."""

    id: UUID
    version: int
    valid_from: date
    status: PolicyChangeStatus
    reason: str
    made_at: datetime
    checked_at: datetime | None
    withdrawn_on: date | None
    rules: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of the policy with the row it became."""

    id: UUID
    version: int
    code: str | None
    valid_from: date
    status: PolicyChangeStatus
    reason: str
    made_at: datetime
    checked_at: datetime | None
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class PolicyList:
    """Every row that stands and every change, the newest first."""

    items: tuple[PolicyDetail, ...]
    changes: tuple[ChangeLine, ...]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/counting-policies")(list_counting_policies)
    blueprint.post("/counting-policies")(propose_counting_policy)
    blueprint.post("/counting-policies/<uuid:change_id>/enter")(enter_counting_policy)
    blueprint.post("/counting-policies/<uuid:change_id>/refuse")(refuse_counting_policy)
    blueprint.post("/counting-policies/<uuid:change_id>/withdraw")(withdraw_counting_policy)


@operation(Permission.READ_COUNTS, answer=PolicyList)
def list_counting_policies() -> Any:
    """Read the rows of the counting policy and the changes of it."""
    with reading() as reader:
        page = queries.policies(reader)
    rows = (
        PolicyDetail(row.code, row.valid_from, row.valid_from == page.in_force.valid_from)
        for row in page.rows
    )
    changes = (
        ChangeLine(
            row.id,
            row.version,
            row.code,
            row.valid_from,
            row.status,
            row.reason,
            row.made_at,
            row.checked_at,
            row.withdrawn_on,
        )
        for row in page.changes
    )
    return jsonable(PolicyList(tuple(rows), tuple(changes)))


@operation(Permission.PROPOSE_POLICY, answer=ChangeDetail, status=CREATED)
def propose_counting_policy(body: PolicyBody) -> Any:
    """Propose the numbers that are to hold from the first of a coming month."""
    numbers = Numbers(
        min_minutes=body.min_minutes.by_type(),
        standard_minutes=body.standard_minutes.by_type(),
        merge_gap_minutes=body.merge_gap_minutes,
        close_working_day=body.close_working_day,
        overrun_cap_minutes=body.overrun_cap_minutes,
        late_confirmation_days=body.late_confirmation_days,
    )
    return run(policy_changes.propose, body.valid_from, numbers, body.reason, answer=_detail)


@operation(Permission.CHECK_POLICY, answer=ChangeDetail)
def enter_counting_policy(change_id: UUID, version: int | None) -> Any:
    """Enter the row; not by who proposed it."""
    return _check(policy_changes.enter, change_id, version)


@operation(Permission.CHECK_POLICY, answer=ChangeDetail)
def refuse_counting_policy(change_id: UUID, version: int | None) -> Any:
    """Leave the policy as it is; the proposal stays in the file."""
    return _check(policy_changes.refuse, change_id, version)


@operation(Permission.PROPOSE_POLICY, answer=ChangeDetail)
def withdraw_counting_policy(change_id: UUID, body: WithdrawBody, version: int | None) -> Any:
    """Take back a change that is not in force; its row stays."""
    return run(policy_changes.withdraw, change_id, body.reason, version=version, answer=_detail)


def _check(use_case: Callable[..., PolicyChange], change_id: UUID, version: int | None) -> Any:
    return run(use_case, change_id, version=version, answer=_detail)


def _detail(row: PolicyChange) -> ChangeDetail:
    return ChangeDetail(
        id=row.id,
        version=row.version,
        valid_from=row.valid_from,
        status=row.status,
        reason=row.reason,
        made_at=row.made_at,
        checked_at=row.checked_at,
        withdrawn_on=row.withdrawn_on,
        rules=row.rules,
    )
