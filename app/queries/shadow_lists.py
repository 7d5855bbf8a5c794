"""How the lists that a version made in the shadow differ from those that were shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.models.proposal import Proposal, ShadowList
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class Beside:
    """The lists a version made beside those shown.

    Attributes:
        lists: how many.
        same_first: the share of them that begin with the same expert.
        in_common: the share of the experts shown who stand in them too, on average.
    """

    lists: int
    same_first: float
    in_common: float


def beside(look: Look) -> Mapping[UUID, Beside]:
    """Return for each version that has been in the shadow what its lists were like; two statements.

    The look must see all proposals.
    """
    noted = look.session.execute(
        select(ShadowList.match_round_id, ShadowList.matcher_version_id, ShadowList.places)
    ).all()
    shown: dict[UUID, list[str]] = {row.match_round_id: [] for row in noted}
    rows = look.session.execute(
        select(Proposal.match_round_id, Proposal.expert_id)
        .join(ShadowList, ShadowList.match_round_id == Proposal.match_round_id)
        .order_by(Proposal.match_round_id, Proposal.rank)
    )
    for match_round_id, expert_id in rows:
        shown[match_round_id].append(str(expert_id))
    found: dict[UUID, list[tuple[list[str], list[str]]]] = {}
    for row in noted:
        thought = [place["expert_id"] for place in row.places]
        pair = (shown[row.match_round_id], thought)
        found.setdefault(row.matcher_version_id, []).append(pair)
    return {version_id: _figures(pairs) for version_id, pairs in found.items()}


def _figures(pairs: list[tuple[list[str], list[str]]]) -> Beside:
    same = sum(one[:1] == other[:1] for one, other in pairs)
    # A list of nobody is wholly in common with another.
    common = sum(len({*one} & {*other}) / len(one) if one else 1.0 for one, other in pairs)
    return Beside(len(pairs), same / len(pairs), common / len(pairs))
