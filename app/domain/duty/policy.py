"""The dated policy rows that carry every threshold of a mentor's duties."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar

from app.domain.errors import InvalidInputError, RuleError

_MINUTES_AN_HOUR = 60


class InvalidDutyPolicyError(InvalidInputError):
    """A number of the policy row cannot be meant."""

    default_code: ClassVar[str] = "duty.policy_invalid"


class NoDutyPolicyError(RuleError):
    """No policy row of duties was in force on the day."""

    default_code: ClassVar[str] = "duty.no_policy"


@dataclass(frozen=True, slots=True)
class DutyPolicy:
    """One row of the duty policy, in force from its first day until the next row's.

    Attributes:
        least_a_year: services of a whole year below which a mentor falls short.
        wished_a_year: services of a whole year that are the target.
        term_hours: hours of a term below which it is renewed only with a reason.
        absences: unexcused absences within twelve months that make the bureau review a term.
        amber_percent: below this share of the pace a meter turns amber.
        forecast_days: days in term that a forecast needs at the least.
        renewal_days: how long before its end a term stands on the list of renewals.
        hearing_days: working days in which a mentor may answer a proposal to dismiss him.
        pairings_a_year: projects that a mentor may guide in a year (requirements B4).
        claim_yuan: what a pairing earns whose venture has run twelve months; 0 for nothing.
    """

    code: str
    valid_from: date
    least_a_year: int
    wished_a_year: int
    term_hours: int
    absences: int
    amber_percent: int
    forecast_days: int
    renewal_days: int
    hearing_days: int = 5
    claim_yuan: int = 8000
    pairings_a_year: int = 5

    def __post_init__(self) -> None:
        values = [
            getattr(self, each.name)
            for each in fields(self)
            if each.type is int and each.name != "claim_yuan"
        ]
        is_ordered = self.least_a_year <= self.wished_a_year
        if min(values) < 1 or self.claim_yuan < 0 or self.amber_percent > 100 or not is_ordered:
            raise InvalidDutyPolicyError(policy=self.code)

    @property
    def term_minutes(self) -> int:
        """The minutes that a term owes."""
        return self.term_hours * _MINUTES_AN_HOUR


def policy_in_force(policies: Iterable[DutyPolicy], day: date) -> DutyPolicy:
    """Return the row in force on the day.

    Raises:
        NoDutyPolicyError: every row starts later.
    """
    started = [policy for policy in policies if policy.valid_from <= day]
    if not started:
        raise NoDutyPolicyError(day=day.isoformat())
    return max(started, key=lambda policy: policy.valid_from)
