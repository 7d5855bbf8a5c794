"""A decision as plain JSON and back, so that figures are made from what was stored."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from app.domain.outcome import ConfirmationKind
from app.domain.service_record.codes import (
    Column,
    Pending,
    Reason,
    Rule,
    SessionType,
    Status,
)
from app.domain.service_record.decision import Decision
from app.domain.service_record.facts import Dimensions, VentureFacts

Stored = dict[str, Any]


def to_stored(decision: Decision) -> Stored:
    """Return the decision as values JSON knows."""
    return {name: _plain(value) for name, value in asdict(decision).items()}


def from_stored(stored: Mapping[str, Any]) -> Decision:
    """Return the decision that was stored.

    Raises:
        KeyError, ValueError: when it was stored in another form than `to_stored` gives.
    """
    return Decision(
        session_id=stored["session_id"],
        session_type=SessionType(stored["session_type"]),
        started_at=datetime.fromisoformat(stored["started_at"]),
        day=date.fromisoformat(stored["day"]),
        policy=stored["policy"],
        policy_from=date.fromisoformat(stored["policy_from"]),
        status=Status(stored["status"]),
        rule=Rule(stored["rule"]),
        column=stored["column"] and Column(stored["column"]),
        reason=stored["reason"] and Reason(stored["reason"]),
        reasons=tuple(Reason(code) for code in stored["reasons"]),
        minutes=stored["minutes"],
        expert_minutes=_pairs(stored["expert_minutes"]),
        person_ids=tuple(stored["person_ids"]),
        groups=_pairs(stored["groups"]),
        expert_category=stored["expert_category"],
        venture=stored["venture"] and _venture(stored["venture"]),
        dimensions=Dimensions(**stored["dimensions"]),
        anonymous_heads=stored["anonymous_heads"],
        review_projects=stored["review_projects"],
        parts=tuple(stored["parts"]),
        merged_into=stored["merged_into"],
        confirmation=stored["confirmation"] and ConfirmationKind(stored["confirmation"]),
        confirmed_at=stored["confirmed_at"] and datetime.fromisoformat(stored["confirmed_at"]),
        pending=stored["pending"] and Pending(stored["pending"]),
        inputs_hash=stored["inputs_hash"],
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return value


def _pairs(rows: list[list[Any]]) -> tuple[tuple[Any, Any], ...]:
    return tuple((key, value) for key, value in rows)


def _venture(stored: Mapping[str, Any]) -> VentureFacts:
    registered_on = stored["registered_on"]
    day = registered_on and date.fromisoformat(registered_on)
    return VentureFacts(stored["venture_id"], day)
