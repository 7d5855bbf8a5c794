"""The form in which it is answered why an expert stands where he stands."""

from dataclasses import dataclass

from app.api.v1.shortlists import Caution, ProposedExpert, Reason, ScorePart
from app.http.wire import Json, jsonable
from app.services.proposals import Explained


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that keeps the expert out."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class PossibleChange:
    """What would alter it, and the place that would come of it; none where it is not enough."""

    code: str
    text: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one expert stands for a need today, and why; nothing of it is kept.

    `rank` is his place among the `total` whom no rule keeps out, null when a rule keeps him out;
    `is_listed` tells whether he is among those proposed. `changes` begin with the smallest.
    """

    expert: ProposedExpert
    matcher_version: str
    rank: int | None
    rank_without_rules: int
    total: int
    is_listed: bool
    score: float
    parts: tuple[ScorePart, ...]
    reasons: tuple[Reason, ...]
    cautions: tuple[Caution, ...]
    exclusions: tuple[BrokenRule, ...]
    changes: tuple[PossibleChange, ...]


def standing_of(explained: Explained) -> Json:
    """Return the explanation as JSON; which tie stands behind a recusal is not told."""
    found, candidate, expert = explained.found, explained.found.candidate, explained.expert
    return jsonable(
        Standing(
            expert=ProposedExpert(
                expert.id, expert.name, expert.category, expert.title, expert.organisation
            ),
            matcher_version=explained.matcher_version,
            rank=found.rank,
            rank_without_rules=found.rank_without_rules,
            total=found.total,
            is_listed=explained.is_listed,
            score=candidate.score,
            parts=tuple(ScorePart(part.code, part.value) for part in candidate.parts),
            reasons=tuple(
                Reason(each.code, each.text, each.evidence) for each in candidate.reasons
            ),
            cautions=tuple(Caution(each.code, each.text) for each in candidate.cautions),
            exclusions=tuple(BrokenRule(each.rule, each.text) for each in found.exclusions),
            changes=tuple(
                PossibleChange(each.code, each.text, each.rank) for each in found.changes
            ),
        )
    )
