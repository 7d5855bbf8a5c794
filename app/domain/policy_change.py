"""口径变更: a new row of the counting policy, made by one person and checked by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain import prose
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.service_record import CountingPolicy, SessionType

LONGEST_REASON = 1000
# What can be meant: nobody is served for longer than a day, and a month has at least so many days.
MOST_MINUTES = 24 * 60
LATEST_CLOSING = 15
MOST_DAYS = 366
CODE = "LC-COUNT"
# The types whose least length the bureau sets; a follow-up has none.
TYPES = tuple(each for each in SessionType if each is not SessionType.FOLLOW_UP)


class PolicyChangeStatus(StrEnum):
    """A change waits for its checker; once entered it may be withdrawn until it is in force."""

    PROPOSED = "proposed"
    ENTERED = "entered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SamePolicyPersonError(RuleError):
    """Who proposed a change of the policy cannot be the one who checks it."""

    default_code = "policy_change.same_person"


class PolicyChangeCheckedError(ConflictError):
    """The change has been entered, refused or withdrawn in the meantime."""

    default_code = "policy_change.already_checked"


class PolicyInForceError(RuleError):
    """A row that is in force is never changed; a later one follows it."""

    default_code = "policy_change.in_force"


class PolicyMonthTakenError(ConflictError):
    """Another row that was entered begins on the same day."""

    default_code = "policy_change.month_taken"


class NothingChangesError(RuleError):
    """The numbers are those that would be in force anyway."""

    default_code = "policy_change.nothing_changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Every number of the counting policy that a row sets.

    Attributes:
        min_minutes, standard_minutes: by type, for each of `TYPES`.
        overrun_cap_minutes: None, no cap; late_confirmation_days: None, without end.
    """

    min_minutes: Mapping[SessionType, int]
    standard_minutes: Mapping[SessionType, int]
    merge_gap_minutes: int
    close_working_day: int
    overrun_cap_minutes: int | None
    late_confirmation_days: int | None

    def rules(self) -> dict[str, Any]:
        """Return them as a row of the policy stores them."""
        return {
            "timezone": "Asia/Shanghai",
            "min_minutes": {each.value: self.min_minutes.get(each, 0) for each in TYPES},
            "standard_minutes": {each.value: self.standard_minutes.get(each, 0) for each in TYPES},
            "merge_gap_minutes": self.merge_gap_minutes,
            "close_working_day": self.close_working_day,
            "overrun_cap_minutes": self.overrun_cap_minutes,
            "late_confirmation_days": self.late_confirmation_days,
            "rounding": "ROUND_HALF_UP, total only, 1 decimal hour",
        }


def numbers_of(policy: CountingPolicy) -> Numbers:
    """Return the numbers of a row."""
    return Numbers(
        min_minutes={each: policy.minimum(each) for each in TYPES},
        standard_minutes={each: policy.standard(each) or 0 for each in TYPES},
        merge_gap_minutes=policy.merge_gap_minutes,
        close_working_day=policy.close_working_day,
        overrun_cap_minutes=policy.overrun_cap_minutes,
        late_confirmation_days=policy.late_confirmation_days,
    )


def as_policy(numbers: Numbers, code: str, valid_from: date) -> CountingPolicy:
    """Return the policy the rules know, with these numbers from that day on."""
    return CountingPolicy(
        code=code,
        valid_from=valid_from,
        min_minutes=dict(numbers.min_minutes),
        merge_gap_minutes=numbers.merge_gap_minutes,
        close_working_day=numbers.close_working_day,
        overrun_cap_minutes=numbers.overrun_cap_minutes,
        standard_minutes=dict(numbers.standard_minutes),
        late_confirmation_days=numbers.late_confirmation_days,
    )


def ensure_numbers(numbers: Numbers, reason: str) -> None:
    """Refuse numbers that cannot be meant, or a change without a reason.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    bounds = [
        *((f"min_{each.value}", numbers.min_minutes.get(each), 0, MOST_MINUTES) for each in TYPES),
        *(
            (f"standard_{each.value}", numbers.standard_minutes.get(each), 1, MOST_MINUTES)
            for each in TYPES
        ),
        ("merge_gap_minutes", numbers.merge_gap_minutes, 0, MOST_MINUTES),
        ("close_working_day", numbers.close_working_day, 1, LATEST_CLOSING),
        ("overrun_cap_minutes", numbers.overrun_cap_minutes or 0, 0, MOST_MINUTES),
        ("late_confirmation_days", numbers.late_confirmation_days or 0, 0, MOST_DAYS),
    ]
    errors = [
        FieldError(field, "input.too_small", {"low": low, "high": high})
        for field, value, low, high in bounds
        if value is None or not low <= value <= high
    ]
    errors += prose.faults("reason", reason, LONGEST_REASON)
    if errors:
        raise InvalidInputError(errors=errors)


def ensure_changes(numbers: Numbers, in_force: CountingPolicy) -> None:
    """Refuse a row that says what holds anyway.

    Raises:
        NothingChangesError: no number differs.
    """
    if numbers.rules() == numbers_of(in_force).rules():
        raise NothingChangesError(policy=in_force.code)


def ensure_withdrawable(status: PolicyChangeStatus, valid_from: date, today: date) -> None:
    """Refuse to withdraw what is in force, or what stands no more.

    Raises:
        PolicyChangeCheckedError: it was refused or withdrawn.
        PolicyInForceError: its first day has come.
    """
    if status not in (PolicyChangeStatus.PROPOSED, PolicyChangeStatus.ENTERED):
        raise PolicyChangeCheckedError(status=status.value)
    if status is PolicyChangeStatus.ENTERED and valid_from <= today:
        raise PolicyInForceError(valid_from=valid_from.isoformat())
