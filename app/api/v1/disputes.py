"""A reported no-show contested, and disputes ruled on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text, Whole
from app.api.v1.service_sessions import SESSION
from app.domain.actor import Permission
from app.domain.dispute import LONGEST_TEXT
from app.domain.errors import InvalidInputError
from app.domain.service_record import ActualTimes, Ruling, Span
from app.domain.service_session import LONGEST_MINUTES
from app.http.run import run
from app.models.outcome import Dispute
from app.queries.exchange import DisputeDetail, dispute_detail
from app.services import disputes, service_sessions

LONGEST_STATEMENT = 1000


@dataclass(frozen=True, slots=True)
class ContestBody:
    """What the contesting side says happened."""

    statement: Annotated[str, Text(LONGEST_STATEMENT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingBody:
    """What is held to be true, on what grounds; the times where a no-show is ruled delivered."""

    ruling: Ruling
    text: Annotated[str, Text(LONGEST_TEXT), Named(says="The grounds; both sides read them.")]
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    break_minutes: Annotated[int, Whole(0, LONGEST_MINUTES)] = 0


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post(f"{SESSION}/contest")(contest_no_show)
    blueprint.post("/disputes/<uuid:dispute_id>/rule")(rule_dispute)


@operation(Permission.CONFIRM_OUTCOME, Permission.RECORD_OUTCOME, answer=DisputeDetail)
def contest_no_show(session_id: UUID, body: ContestBody, version: int | None) -> Any:
    """Contest a reported no-show, until the end of `contest_by`, by the side it is held against.

    The version is that of the service session.
    """
    return run(
        service_sessions.contest, session_id, body.statement, version=version, answer=_detail
    )


@operation(Permission.RULE_DISPUTE, answer=DisputeDetail)
def rule_dispute(dispute_id: UUID, body: RulingBody, version: int | None) -> Any:
    """Settle a dispute; who had a hand in the booking, the meeting or its record cannot.

    The ruling has a number, both sides are told, and the figures are decided anew.
    """
    return run(
        disputes.rule,
        dispute_id,
        body.ruling,
        body.text,
        actual=_times(body),
        version=version,
        answer=_detail,
    )


def _times(body: RulingBody) -> ActualTimes | None:
    if body.actual_start is None and body.actual_end is None:
        return None
    if body.actual_start is None or body.actual_end is None:
        missing = "actual_start" if body.actual_start is None else "actual_end"
        raise InvalidInputError.at(missing, "input.required")
    return ActualTimes(Span(body.actual_start, body.actual_end), body.break_minutes)


def _detail(row: Dispute) -> DisputeDetail:
    return dispute_detail(row)
