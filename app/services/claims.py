"""The verbs of a claim: entered once for each pairing, approved or refused by another."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.claim import (
    LONGEST_EVIDENCE,
    ClaimStatus,
    amount_of,
    ensure_open,
)
from app.domain.errors import InvalidInputError
from app.models.claim import Claim
from app.models.expert import Expert
from app.models.person import Venture
from app.queries.claims import tutored
from app.queries.duty import present_policy
from app.services.checks import check
from app.unit_of_work import UnitOfWork


def claim(
    uow: UnitOfWork, expert_id: UUID, venture_id: UUID, evidence: str, seen_on: date
) -> Claim:
    """Claim for a pairing whose venture has run twelve months; a second try returns the first.

    Args:
        uow: the transaction.
        expert_id: who tutored.
        venture_id: what was tutored.
        evidence: what the register of companies says, and where it was looked up.
        seen_on: the day it was looked up, not before the twelve months were over.

    Raises:
        NotPairedError: no tutoring of his for the venture counts, or it is not registered.
        TooEarlyToClaimError: naming the day from which it is open.
        InvalidInputError: at field `evidence` or `seen_on`.
    """
    uow.require(Permission.CLAIM)
    # Two who claim at once find each other.
    expert = uow.load(Expert, expert_id, lock=True)
    venture = uow.load(Venture, venture_id)
    first = uow.one(
        select(Claim).where(Claim.expert_id == expert.id, Claim.venture_id == venture.id)
    )
    if first is not None:
        return first
    is_paired = venture.id in tutored(uow, expert.id)
    opens_on = ensure_open(venture.registered_on, is_paired, uow.today)
    if not opens_on <= seen_on <= uow.today:
        raise InvalidInputError.at("seen_on", "claim.seen_on", first=opens_on, last=uow.today)
    policy = present_policy(uow)
    row = uow.add(
        Claim(
            expert_id=expert.id,
            venture_id=venture.id,
            opens_on=opens_on,
            evidence=prose.ensure("evidence", evidence, LONGEST_EVIDENCE),
            seen_on=seen_on,
            amount_yuan=amount_of(expert.category, policy.claim_yuan),
            policy=policy.code,
            status=ClaimStatus.CLAIMED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("claim.made", row)
    return row


def approve(uow: UnitOfWork, claim_id: UUID, *, version: int | None = None) -> Claim:
    """Approve a claim; not by who entered it."""
    return _decide(uow, claim_id, ClaimStatus.APPROVED, version)


def refuse(uow: UnitOfWork, claim_id: UUID, *, version: int | None = None) -> Claim:
    """Refuse a claim; it stays in the file, and no second one can be made."""
    return _decide(uow, claim_id, ClaimStatus.REFUSED, version)


def _decide(uow: UnitOfWork, claim_id: UUID, status: ClaimStatus, version: int | None) -> Claim:
    row = check(uow, Claim, claim_id, status, Permission.CHECK_CLAIM, version)
    uow.audit(f"claim.{status}", row)
    return row
