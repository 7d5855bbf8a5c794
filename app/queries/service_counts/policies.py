"""The dated rows of the counting policy as the rules know them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.service_record import CountingPolicy, SessionType, policy_on
from app.models.service_record import CountingPolicyRow
from app.queries.free_times import Look
from app.queries.policy_rows import stands


def load_policies(look: Look) -> tuple[CountingPolicy, ...]:
    """Return every policy row that stands, the earliest first."""
    rows = look.session.scalars(
        select(CountingPolicyRow).where(stands()).order_by(CountingPolicyRow.valid_from)
    )
    return tuple(policy_of(row.code, row.valid_from, row.rules) for row in rows)


def late_days_on(look: Look, day: date) -> int | None:
    """Return how many days after a service on the day its record may still be confirmed.

    Raises:
        NoPolicyError: no row was in force on the day.
    """
    return policy_on(load_policies(look), day).late_confirmation_days


def policy_of(code: str, valid_from: date, rules: Mapping[str, Any]) -> CountingPolicy:
    """Return the policy whose numbers are stored so."""
    return CountingPolicy(
        code=code,
        valid_from=valid_from,
        min_minutes=_by_type(rules["min_minutes"]),
        merge_gap_minutes=rules["merge_gap_minutes"],
        close_working_day=rules["close_working_day"],
        overrun_cap_minutes=rules["overrun_cap_minutes"],
        standard_minutes=_by_type(rules["standard_minutes"]),
        late_confirmation_days=rules["late_confirmation_days"],
    )


def _by_type(minutes: Mapping[str, Any]) -> dict[SessionType, int]:
    return {SessionType(code): int(length) for code, length in minutes.items()}
