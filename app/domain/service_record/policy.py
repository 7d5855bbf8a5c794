"""The dated policy rows that carry every number of the counting rules."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.domain.calendar import Month
from app.domain.errors import InvalidInputError, RuleError
from app.domain.service_record.codes import SessionType


class InvalidPolicyError(InvalidInputError):
    """A number of the policy row cannot be meant."""

    default_code: ClassVar[str] = "policy.invalid"


class NoPolicyError(RuleError):
    """No policy row was in force on the service day."""

    default_code: ClassVar[str] = "policy.none_in_force"


class PolicyStartError(RuleError):
    """A policy row may only start with a month that is still wholly ahead."""

    default_code: ClassVar[str] = "policy.must_start_on_first"


@dataclass(frozen=True)
class CountingPolicy:
    """One row of the counting policy; a service is judged for ever by the row of its day.

    Attributes:
        min_minutes: the least length that counts, by type; a type without one has none.
        merge_gap_minutes: the longest pause between two parts of one service.
        close_working_day: the working day of the next month on which a month may close.
        overrun_cap_minutes: what may count beyond the plan without approval; None, no cap.
        standard_minutes: the length planned for a type when nobody planned the service.
        late_confirmation_days: days after the service day on which the founder's side may
            still confirm; None, without end.
    """

    code: str
    valid_from: date
    min_minutes: Mapping[SessionType, int]
    merge_gap_minutes: int
    close_working_day: int
    overrun_cap_minutes: int | None = None
    standard_minutes: Mapping[SessionType, int] | None = None
    late_confirmation_days: int | None = None

    def __post_init__(self) -> None:
        lengths = [*self.min_minutes.values(), *(self.standard_minutes or {}).values()]
        optional = (self.overrun_cap_minutes, self.late_confirmation_days)
        numbers = [*lengths, self.merge_gap_minutes, *(n for n in optional if n is not None)]
        if min(numbers) < 0 or self.close_working_day < 1:
            raise InvalidPolicyError(policy=self.code)

    def minimum(self, session_type: SessionType) -> int:
        """Return the least number of minutes with which a service of the type counts."""
        return self.min_minutes.get(session_type, 0)

    def standard(self, session_type: SessionType) -> int | None:
        """Return the usual length of the type, None when the row states none."""
        return (self.standard_minutes or {}).get(session_type)


def policy_on(policies: Iterable[CountingPolicy], day: date) -> CountingPolicy:
    """Return the row in force on the day.

    Raises:
        NoPolicyError: when every row starts later.
    """
    started = [policy for policy in policies if policy.valid_from <= day]
    if not started:
        raise NoPolicyError(day=day.isoformat())
    return max(started, key=lambda policy: policy.valid_from)


def ensure_starts_on_first(
    valid_from: date, entered_on: date, closed_months: Collection[Month] = ()
) -> None:
    """Refuse a row that would leave one month under two rules or touch a closed month.

    Raises:
        PolicyStartError: unless it starts on the first of a month, after the day of entry
            and after every closed month.
    """
    is_ahead = valid_from > entered_on and all(Month.of(valid_from) > m for m in closed_months)
    if valid_from.day != 1 or not is_ahead:
        raise PolicyStartError(valid_from=valid_from.isoformat(), entered_on=entered_on.isoformat())
