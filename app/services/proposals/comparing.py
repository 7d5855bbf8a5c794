"""A need against everybody of the pool: how well each fits, whom a rule keeps out, and why."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.need import TopicState
from app.models.need import Need, NeedTopic
from app.models.person import Venture
from app.services.proposals.facts import with_facts
from app.services.proposals.pool import FittedPool
from app.services.proposals.profiles import need_profile
from app.services.proposals.sharing import SCALE
from app.unit_of_work import UnitOfWork
from matching import Candidate, ExpertProfile, Matcher, NeedProfile, Shortlist

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A need and the pool with what is true of each expert for it today."""

    need: NeedProfile
    experts: Sequence[ExpertProfile]

    def whatever_the_load(self) -> "Asked":
        """Return the same without the limits of the month; who shares out minds those himself."""
        return replace(self, experts=[replace(each, capacity=None) for each in self.experts])

    def among(self, expert_ids: Collection[str]) -> "Asked":
        """Return the same with some of the experts only."""
        return replace(self, experts=[e for e in self.experts if e.expert_id in expert_ids])


def asked(uow: UnitOfWork, need: Need, pool: FittedPool) -> Asked:
    """Return what the matcher has to know of a need."""
    topics = uow.all(
        select(NeedTopic.code)
        .where(NeedTopic.need_id == need.id, NeedTopic.state != TopicState.STRUCK)
        .order_by(NeedTopic.position)
    )
    venture = uow.load(Venture, need.venture_id) if need.venture_id else None
    profile = need_profile(need, topics, venture, pool.industries)
    return Asked(profile, with_facts(uow, need, pool.profiles))


def proposed(matcher: Matcher, about: Asked, limit: int, today: date) -> Shortlist:
    """Return the best for the need, and whom a rule keeps out."""
    # The fitted state is shared by all threads; only the copy gets the facts of this need.
    own = copy(matcher).replace(about.experts)
    return own.propose(about.need, limit, today=today)


def compared(
    matcher: Matcher, about: Asked, today: date
) -> tuple[Mapping[str, int], Mapping[str, tuple[str, str]]]:
    """Return each expert's score in millionths, and rule and words of those kept out."""
    own = copy(matcher).replace(about.experts)
    scores = own.scores([about.need])[0]
    kept_out = own.propose(about.need, 0, today=today).exclusions
    # The first rule named is the gravest; one is enough to bar.
    bars = {each.expert_id: (each.rule, each.text) for each in reversed(kept_out)}
    found = zip(own.expert_ids, scores.tolist(), strict=True)
    return {key: round(score * SCALE) for key, score in found}, bars


def explained(
    matcher: Matcher, about: Asked, expert_ids: Sequence[UUID], today: date
) -> list[Document]:
    """Return the experts with parts and reasons, in the order given; who is kept out is left."""
    own = about.among({str(key) for key in expert_ids})
    found = proposed(matcher, own, len(expert_ids), today).candidates
    documents = {each.expert_id: document(each) for each in found}
    return [documents[str(key)] for key in expert_ids if str(key) in documents]


def document(candidate: Candidate) -> Document:
    """Return a candidate as it is kept."""
    return {
        "expert_id": candidate.expert_id,
        "score": candidate.score,
        "parts": [{"code": part.code, "value": part.value} for part in candidate.parts],
        "reasons": [
            {
                "code": reason.code,
                "text": reason.text,
                "evidence": reason.evidence,
                "facts": dict(reason.facts),
            }
            for reason in candidate.reasons
        ],
        "cautions": [
            {"code": caution.code, "text": caution.text, "facts": dict(caution.facts)}
            for caution in candidate.cautions
        ],
    }
