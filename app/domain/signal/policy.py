"""The dated policy rows that carry every threshold of the signals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.domain.errors import InvalidInputError, RuleError


class InvalidSignalPolicyError(InvalidInputError):
    """A threshold of the row is missing or cannot be meant."""

    default_code = "signal.policy_invalid"


class NoSignalPolicyError(RuleError):
    """No row is in force on the day."""

    default_code = "signal.no_policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalPolicy:
    """One row of thresholds.

    Attributes:
        valid_from: from when it holds.
        look_back_months: how many months before the present one are looked at.
        overlap_minutes: by how much two meetings of one expert overlap at least.
        day_minutes: how long one expert serves on one day, above which it is told.
        pair_days: on how many days, within `pair_window_days`, one expert meets one founder.
        late_days: after how many days a record is late.
        text_similarity: from which cosine two record texts are compared letter by letter.
        text_shared: from which share of common four-letter pieces they are told.
        text_letters: shorter texts are not compared; short records are much alike.
        certified_percent: the share of certified services of a month, above which it is told.
        certified_fewest: how many certified services there are at least.
        device_accounts: how many mentors' records come from one device at least.
    """

    valid_from: date
    look_back_months: int
    overlap_minutes: int
    day_minutes: int
    pair_days: int
    pair_window_days: int
    late_days: int
    text_similarity: float
    text_shared: float
    text_letters: int
    certified_percent: int
    certified_fewest: int
    device_accounts: int

    @classmethod
    def of(cls, valid_from: date, rules: Mapping[str, Any]) -> "SignalPolicy":
        """Return the row as stored.

        Raises:
            InvalidSignalPolicyError: a threshold is missing, not a number or negative.
        """
        names = [field.name for field in fields(cls) if field.name != "valid_from"]
        given: dict[str, Any] = {name: rules.get(name) for name in names}
        wrong = [
            name
            for name, value in given.items()
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0
        ]
        if wrong:
            raise InvalidSignalPolicyError(fields=", ".join(wrong))
        return cls(valid_from=valid_from, **given)


def policy_on(policies: Iterable[SignalPolicy], day: date) -> SignalPolicy:
    """Return the row in force on the day.

    Raises:
        NoSignalPolicyError: every row starts later.
    """
    started = [policy for policy in policies if policy.valid_from <= day]
    if not started:
        raise NoSignalPolicyError(day=day.isoformat())
    return max(started, key=lambda policy: policy.valid_from)
