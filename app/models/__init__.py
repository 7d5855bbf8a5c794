"""Tables, one module per noun; columns and constraints, no behaviour."""

from app.models import (
    account,
    audit_entry,
    availability,
    booking,
    expert,
    guards,
    job,
    message,
    need,
    outcome,
    period,
    person,
    plan,
    proposal,
    service_record,
    service_session,
    vocabulary,
)
from app.models.base import Base

__all__ = [
    "Base",
    "account",
    "audit_entry",
    "availability",
    "booking",
    "expert",
    "guards",
    "job",
    "message",
    "need",
    "outcome",
    "period",
    "person",
    "plan",
    "proposal",
    "service_record",
    "service_session",
    "vocabulary",
]
