"""The verbs of a waiver 豁免: one officer proposes, a second one approves or refuses."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.need import ensure_open
from app.domain.waiver import (
    LONGEST_REASON,
    NothingToWaiveError,
    WaiverRule,
    WaiverStatus,
    WaiverWaitsError,
    ensure_agreed,
    ensure_waivable,
)
from app.models.expert import Expert
from app.models.need import Need
from app.models.service_session import ServiceSession
from app.models.waiver import Waiver
from app.queries.interests import Matter, recusals
from app.queries.pairings import is_beyond_cap
from app.services import service_records
from app.services.checks import check
from app.unit_of_work import UnitOfWork


def propose(
    uow: UnitOfWork,
    need_id: UUID,
    expert_id: UUID,
    rule: WaiverRule,
    reason: str,
    *,
    founder_agrees: bool,
) -> Waiver:
    """Propose to let an expert advise on a need although the rule forbids it.

    Nothing is let pass before a second officer has approved. What is waived are the ties of
    today; a tie of another kind that comes later forbids again.

    Args:
        uow: the transaction.
        need_id: for this need alone.
        expert_id: for this expert alone.
        rule: recusal, or the cap on pairings.
        reason: for the file.
        founder_agrees: the founder was told of the rule and of the tie, and wants the expert.

    Raises:
        NothingToWaiveError, NotWaivableError: the rule does not speak, or nobody may waive it.
        WaiverWaitsError: one waits for its second officer already.
        InvalidInputError: at field `reason` or `founder_agrees`.
    """
    need, expert = uow.load(Need, need_id), uow.load(Expert, expert_id)
    uow.require(Permission.PROPOSE_WAIVER)
    ensure_open(need.status)
    text = prose.ensure("reason", reason, LONGEST_REASON)
    ensure_agreed(founder_agrees)
    if uow.all(_waiting(need.id, expert.id, rule)):
        raise WaiverWaitsError
    waiver = uow.add(
        Waiver(
            need_id=need.id,
            expert_id=expert.id,
            rule=rule,
            kinds=list(_forbidden(uow, need, expert, rule)),
            reason=text,
            status=WaiverStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("waiver.proposed", waiver, founder_agrees=founder_agrees)
    uow.tell("waiver.proposed", waiver)
    return waiver


def approve(uow: UnitOfWork, waiver_id: UUID, *, version: int | None = None) -> Waiver:
    """Let the pairing pass; the founder and the expert are told, what was held is decided anew.

    Raises:
        SameOfficerError: who proposed it is not the second officer.
        WaiverCheckedError: it has been approved or refused.
    """
    waiver = _decide(uow, waiver_id, WaiverStatus.APPROVED, version)
    ensure_open(uow.load(Need, waiver.need_id).status)
    is_cap = waiver.rule is WaiverRule.PAIRINGS
    uow.tell("waiver.cap_approved" if is_cap else "waiver.approved", waiver)
    uow.flush()
    _recount(uow, waiver)
    return waiver


def refuse(uow: UnitOfWork, waiver_id: UUID, *, version: int | None = None) -> Waiver:
    """Leave the rule as it is; the proposal stays in the file.

    Raises:
        SameOfficerError: who proposed it is not the second officer.
        WaiverCheckedError: it has been approved or refused.
    """
    return _decide(uow, waiver_id, WaiverStatus.REFUSED, version)


def _decide(uow: UnitOfWork, waiver_id: UUID, status: WaiverStatus, version: int | None) -> Waiver:
    is_cap = uow.load(Waiver, waiver_id).rule is WaiverRule.PAIRINGS
    permission = Permission.WAIVE_PAIRING_CAP if is_cap else Permission.CHECK_WAIVER
    waiver = check(uow, Waiver, waiver_id, status, permission, version)
    uow.audit(f"waiver.{status}", waiver)
    return waiver


def _forbidden(uow: UnitOfWork, need: Need, expert: Expert, rule: WaiverRule) -> Sequence[str]:
    """Return the kinds of ties that are to be waived; the cap on pairings has none."""
    matter = Matter(need.person_id, need.venture_id, need.session_type, need.id)
    with uow.beyond_scope("what stands between the founder and the expert"):
        if rule is WaiverRule.CONFLICT:
            found = recusals(uow, [expert.id], matter, uow.today)[expert.id]
            return ensure_waivable(found.forbidding)
        if not is_beyond_cap(uow, expert.id, matter, uow.now):
            raise NothingToWaiveError
    return ()


def _waiting(need_id: UUID, expert_id: UUID, rule: WaiverRule) -> Select[Waiver]:
    return select(Waiver).where(
        Waiver.need_id == need_id,
        Waiver.expert_id == expert_id,
        Waiver.rule == rule,
        Waiver.status == WaiverStatus.PROPOSED,
    )


def _recount(uow: UnitOfWork, waiver: Waiver) -> None:
    held = uow.all(
        select(ServiceSession.id).where(
            ServiceSession.need_id == waiver.need_id,
            ServiceSession.lead_expert_id == waiver.expert_id,
        )
    )
    if held:
        service_records.count_all(uow, frozenset(held), cause="waiver.approved")
