"""Why one expert is proposed for a need, or is not, and what would alter it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from app.domain.actor import Permission, may
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.need import ensure_open
from app.domain.proposal import SHORTLIST, is_expired
from app.models.expert import Expert
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.services.proposals.asked import ask
from app.services.proposals.facts import Sight
from app.services.proposals.pool import FittedPool
from matching import Explanation
from matching.rules import OUT_OF_TERM


@dataclass(frozen=True, slots=True)
class NamedExpert:
    """Of whom it is asked."""

    id: UUID
    name: str
    category: ExpertCategory
    title: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Where an expert stands for a need today, and why.

    Attributes:
        listed: how many are proposed.
        is_listed: whether he is among those proposed, which is not by rank alone.
    """

    need_id: UUID
    expert: NamedExpert
    matcher_version: str
    listed: int
    is_listed: bool
    found: Explanation


def explain(sight: Sight, need_id: UUID, expert_id: UUID, pool: FittedPool) -> Explained:
    """Return why the expert stands where he stands today; nothing is kept.

    Raises:
        NotFoundError: there is no such need or expert, or the actor may not know of it; who is
            in no term is known to the bureau alone.
        NeedClosedError: the need is a draft, withdrawn or closed.
    """
    need = _need(sight, need_id)
    ensure_open(need.status)
    expert = sight.session.get(Expert, expert_id)
    if expert is None or str(expert_id) not in pool.profiles:
        raise NotFoundError("expert.not_found")
    asked = ask(sight, need, pool)
    matcher = asked.of(pool.matcher)
    found = matcher.why(asked.need, str(expert_id), SHORTLIST, today=sight.today)
    kept = _stands_in_list(sight, need_id, expert_id, matcher.version_)
    is_out = any(each.rule == OUT_OF_TERM for each in found.exclusions)
    if is_out and not may(sight.actor, Permission.READ_EXCLUSIONS):
        raise NotFoundError("expert.not_found")
    return Explained(
        need_id=need.id,
        expert=NamedExpert(
            expert.id, expert.name, expert.category, expert.title, expert.organisation
        ),
        matcher_version=matcher.version_,
        listed=SHORTLIST,
        is_listed=found.rank is not None and (found.rank <= SHORTLIST if kept is None else kept),
        found=found,
    )


def _stands_in_list(
    sight: Sight, need_id: UUID, expert_id: UUID, matcher_version: str
) -> bool | None:
    """Tell whether he stands in the list that is shown; None when none of today's is."""
    newest = sight.session.execute(
        select(MatchRound.matcher_version, MatchRound.created_at, Proposal.id)
        .outerjoin(
            Proposal,
            and_(Proposal.match_round_id == MatchRound.id, Proposal.expert_id == expert_id),
        )
        .where(MatchRound.need_id == need_id)
        .order_by(MatchRound.number.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or newest.matcher_version != matcher_version:
        return None
    return None if is_expired(newest.created_at, sight.now) else newest.id is not None


def _need(sight: Sight, need_id: UUID) -> Need:
    need = sight.session.get(Need, need_id)
    # A mentor who is a founder too sees his clients' needs, not who else was thought of.
    is_his = need is not None and need.person_id == sight.actor.person_id
    if need is None or not (is_his or sight.actor.is_staff):
        raise NotFoundError("need.not_found")
    return need
