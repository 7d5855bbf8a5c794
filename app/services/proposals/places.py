"""Who gets which place of a list: whom the bureau arranged, the best, and who was seldom shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.proposal import SHOWN_OF_LATE, PlacedBy
from app.queries.batches.arranged import arranged_expert
from app.queries.shown_proposals import showings
from app.services.proposals.asked import Asked
from app.services.proposals.comparing import Document, document, explained, proposed
from app.services.proposals.leaving import lack_document
from app.unit_of_work import UnitOfWork
from matching import Candidate, Exclusion, Matcher, Place, PlaceSharing

SHARING = PlaceSharing()


@dataclass(frozen=True, slots=True)
class Listed:
    """An expert at his place; for whom the bureau arranged, no propensity is known."""

    document: Document
    placed_by: PlacedBy
    propensity: float | None


@dataclass(frozen=True, slots=True)
class Entrants:
    """Those who may stand in the list of a need as one version of the matcher sees them.

    Attributes:
        need_id: whose list it is.
        draw: names the draw of the last place: the need and the version.
        limit: the length of the list.
        ahead: whom the bureau arranged, at most one.
        ranked: the best others, and as many more as may come to share their places.
        excluded: whom a rule keeps out.
        lack: what is missing where nobody is a good match, as it is kept.
    """

    need_id: UUID
    draw: str
    limit: int
    ahead: Sequence[Document]
    ranked: Sequence[Candidate]
    excluded: Sequence[Exclusion]
    lack: Document | None

    @property
    def open_places(self) -> int:
        """How many places are left to the others."""
        return self.limit - len(self.ahead)


def entrants(
    uow: UnitOfWork, need_id: UUID, matcher: Matcher, about: Asked, limit: int
) -> Entrants:
    """Return who may stand in the list of a need as the matcher ranks them today."""
    found = proposed(matcher, about, limit + 1 + SHARING.depth, uow.today)
    first = arranged_expert(uow, need_id)
    ahead = explained(matcher, about, [first], uow.today) if first else []
    # The bureau has judged that he fits; nobody weak is put beside him.
    is_alone = bool(ahead) and found.lack is not None
    others = [each for each in found.candidates if each.expert_id != str(first) and not is_alone]
    return Entrants(
        need_id=need_id,
        draw=f"{need_id}:{matcher.version_}",
        limit=limit,
        ahead=ahead,
        ranked=others,
        excluded=found.exclusions,
        lack=None if ahead else lack_document(uow, found.lack),
    )


def best(entering: Entrants) -> list[Listed]:
    """Return the list in which the best have all places."""
    chosen = entering.ranked[: entering.open_places]
    return _listed(entering, [Place(candidate, 1.0, "score") for candidate in chosen])


def shared(uow: UnitOfWork, entering: Entrants, until: datetime) -> list[Listed]:
    """Return the list in which places are shared by how often everybody was shown of late.

    The same entrants and instant give the same list, so that asking again changes none.

    Args:
        uow: the caller's transaction.
        entering: who may stand in the list.
        until: showings before this instant count; those of the same need do not.
    """
    if len(entering.ranked) <= entering.open_places or entering.open_places < 1:
        return best(entering)
    with uow.beyond_scope("how often each expert has been shown of late"):
        counts = showings(uow, until - SHOWN_OF_LATE, until, entering.need_id)
    shown = {str(expert_id): count for expert_id, count in counts.items()}
    return _listed(
        entering, SHARING.share(entering.draw, entering.ranked, entering.open_places, shown)
    )


def _listed(entering: Entrants, places: Sequence[Place]) -> list[Listed]:
    arranged = [Listed(each, PlacedBy.ARRANGED, None) for each in entering.ahead]
    others = [
        Listed(document(place.candidate), PlacedBy(place.placed_by), place.propensity)
        for place in places
    ]
    return [*arranged, *others]
