"""A need as the matcher is asked it, with the pool as it is today."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.models.need import Need, NeedTopic
from app.models.person import Venture
from app.services.proposals.facts import Sight, with_facts
from app.services.proposals.pool import FittedPool
from app.services.proposals.profiles import need_profile
from matching import ExpertProfile, Matcher, NeedProfile

_SHARED_OUT = "month"


@dataclass(frozen=True, slots=True)
class Asked:
    """A need and the pool with what is true of each expert for it today."""

    need: NeedProfile
    experts: Sequence[ExpertProfile]

    def whatever_the_load(self) -> "Asked":
        """Return the same without the limits of the month; who shares out minds those himself."""
        return replace(self, experts=[_without_month(each) for each in self.experts])

    def among(self, expert_ids: Collection[str]) -> "Asked":
        """Return the same with some of the experts only."""
        return replace(self, experts=[e for e in self.experts if e.expert_id in expert_ids])

    def of(self, fitted: Matcher) -> Matcher:
        """Return the fitted matcher over these experts; the one given is shared, and stays."""
        return copy(fitted).replace(self.experts)


def ask(sight: Sight, need: Need, pool: FittedPool) -> Asked:
    """Return the need with all that is true of each expert for it today."""
    topics = sight.session.scalars(
        select(NeedTopic).where(NeedTopic.need_id == need.id).order_by(NeedTopic.position)
    ).all()
    venture = sight.session.get(Venture, need.venture_id) if need.venture_id else None
    profile = need_profile(need, topics, venture, pool.industries)
    return Asked(profile, with_facts(sight, need, pool.profiles))


def _without_month(expert: ExpertProfile) -> ExpertProfile:
    kept = tuple(load for load in expert.loads if load.period != _SHARED_OUT)
    return replace(expert, loads=kept)
