"""The dated rows of the duty policy as the rules know them."""

from datetime import date

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.duty import DutyPolicy, policy_in_force
from app.models.duty import DutyPolicyRow
from app.queries.free_times import Look


def load_duty_policies(look: Look) -> tuple[DutyPolicy, ...]:
    """Return every policy row, the earliest first."""
    rows = look.session.scalars(select(DutyPolicyRow).order_by(DutyPolicyRow.valid_from))
    return tuple(DutyPolicy(code=row.code, valid_from=row.valid_from, **row.rules) for row in rows)


def duty_policy_on(look: Look, day: date) -> DutyPolicy:
    """Return the row in force on the day.

    Raises:
        NoDutyPolicyError: there is none.
    """
    return policy_in_force(load_duty_policies(look), day)


def present_policy(look: Look) -> DutyPolicy:
    """Return the row in force today.

    Raises:
        NoDutyPolicyError: there is none.
    """
    return duty_policy_on(look, local_day(look.now))
