"""Which rows of the counting policy stand: all but those withdrawn before their first day."""

from sqlalchemy import ColumnElement, exists

from app.domain.policy_change import PolicyChangeStatus
from app.models.policy_change import PolicyChange
from app.models.service_record import CountingPolicyRow


def stands() -> ColumnElement[bool]:
    """Return the criterion of a row that was not withdrawn."""
    return ~exists().where(
        PolicyChange.policy_id == CountingPolicyRow.id,
        PolicyChange.status == PolicyChangeStatus.WITHDRAWN,
    )
