"""豁免: a rule set aside for one need and one expert, by two people of the bureau."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.waiver import LONGEST_REASON, WaiverRule, WaiverStatus
from app.http.run import run
from app.models.waiver import Waiver
from app.services import waivers


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverBody:
    """Which rule, for which expert, and why; the founder was told of the rule and agrees."""

    expert_id: UUID
    rule: WaiverRule
    reason: Annotated[str, Text(LONGEST_REASON)]
    founder_agrees: bool


@dataclass(frozen=True, slots=True)
class WaiverDetail:
    """A waiver; nothing passes before a second person has approved it.

    Attributes:
        kinds: the ties it covers; the cap on pairings has none.
    """

    id: UUID
    version: int
    need_id: UUID
    expert_id: UUID
    rule: WaiverRule
    kinds: Annotated[tuple[str, ...], Named(says="The ties it covers.")]
    reason: str
    status: WaiverStatus
    made_at: datetime
    checked_at: datetime | None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/needs/<uuid:need_id>/waivers")(propose_waiver)
    blueprint.post("/waivers/<uuid:waiver_id>/approve")(approve_waiver)
    blueprint.post("/waivers/<uuid:waiver_id>/refuse")(refuse_waiver)


@operation(Permission.PROPOSE_WAIVER, answer=WaiverDetail)
def propose_waiver(need_id: UUID, body: WaiverBody) -> Any:
    """Propose to let an expert advise on a need although a rule forbids it."""
    return run(
        waivers.propose,
        need_id,
        body.expert_id,
        body.rule,
        body.reason,
        founder_agrees=body.founder_agrees,
        answer=_detail,
    )


@operation(Permission.CHECK_WAIVER, Permission.WAIVE_PAIRING_CAP, answer=WaiverDetail)
def approve_waiver(waiver_id: UUID, version: int | None) -> Any:
    """Let the pairing pass; not by who proposed it, the cap on pairings by an approver alone."""
    return _check(waivers.approve, waiver_id, version)


@operation(Permission.CHECK_WAIVER, Permission.WAIVE_PAIRING_CAP, answer=WaiverDetail)
def refuse_waiver(waiver_id: UUID, version: int | None) -> Any:
    """Leave the rule as it is; the proposal stays in the file."""
    return _check(waivers.refuse, waiver_id, version)


def _check(use_case: Callable[..., Waiver], waiver_id: UUID, version: int | None) -> Any:
    return run(use_case, waiver_id, version=version, answer=_detail)


def _detail(row: Waiver) -> WaiverDetail:
    return WaiverDetail(
        id=row.id,
        version=row.version,
        need_id=row.need_id,
        expert_id=row.expert_id,
        rule=row.rule,
        kinds=tuple(row.kinds),
        reason=row.reason,
        status=row.status,
        made_at=row.made_at,
        checked_at=row.checked_at,
    )
