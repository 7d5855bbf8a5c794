"""A need against everybody of the pool: how well each fits, whom a rule keeps out, and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.services.proposals.asked import Asked
from app.services.proposals.sharing import SCALE
from matching import Candidate, Matcher, Shortlist

Document = dict[str, Any]


def proposed(matcher: Matcher, about: Asked, limit: int, today: date) -> Shortlist:
    """Return the best for the need, and whom a rule keeps out."""
    return about.of(matcher).propose(about.need, limit, today=today)


def compared(
    matcher: Matcher, about: Asked, today: date
) -> tuple[Mapping[str, int], Mapping[str, tuple[str, str]]]:
    """Return each expert's score in millionths, and rule and words of those kept out."""
    own = about.of(matcher)
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
