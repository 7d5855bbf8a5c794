"""A need as the matcher is asked it, with the pool as it is today."""

from copy import copy
from typing import NamedTuple

from sqlalchemy import select

from app.models.need import Need, NeedTopic
from app.models.person import Venture
from app.services.proposals.facts import Sight, with_facts
from app.services.proposals.pool import FittedPool
from app.services.proposals.profiles import need_profile
from matching import Matcher, NeedProfile


class Asked(NamedTuple):
    """Hold the matcher with the facts of today, and the need."""

    matcher: Matcher
    need: NeedProfile


def ask(sight: Sight, need: Need, pool: FittedPool) -> Asked:
    """Return the need and a matcher that knows what is true of each expert for it."""
    topics = sight.session.scalars(
        select(NeedTopic).where(NeedTopic.need_id == need.id).order_by(NeedTopic.position)
    ).all()
    venture = sight.session.get(Venture, need.venture_id) if need.venture_id else None
    # The fitted state is shared by all threads; only the copy gets the facts of this need.
    matcher = copy(pool.matcher).replace(with_facts(sight, need, pool.profiles))
    return Asked(matcher, need_profile(need, topics, venture, pool.industries))
