"""Whether what was planned still holds: asked once more before anybody is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.batch import MONTH_FULL, NEED_GONE, OUT_OF_TERM, PAUSED, TIED
from app.domain.calendar import Month, local_day
from app.domain.need import NeedStatus
from app.domain.recusal import Background, Counterpart, forbidding, ties
from app.models.expert import Expert
from app.models.need import Need
from app.queries.aliases import load_aliases
from app.queries.batches.arranged import arranged
from app.queries.batches.waiting import appointed_pool
from app.queries.free_times import Look
from app.queries.interests import Matter, backgrounds, sides, waived_kinds
from app.queries.stand_downs import takes_no_requests


@dataclass(frozen=True, slots=True)
class Standing:
    """The needs and experts of some pairs as they are now.

    Attributes:
        waiting: needs that still wait and are bound to nobody.
        places: how many more services each appointed expert takes in the month.
    """

    waiting: Mapping[UUID, Need]
    places: Mapping[UUID, int]
    paused: frozenset[UUID]
    sides: Mapping[UUID, Counterpart]
    backgrounds: Mapping[UUID, Background]
    waived: Mapping[UUID, Mapping[UUID, frozenset[str]]]
    day: date

    def obstacle(self, need_id: UUID, expert_id: UUID, taken: int) -> str | None:
        """Return the rule that has come to forbid a pair, None when it may be told.

        Args:
            need_id: the need.
            expert_id: the expert.
            taken: how many pairs of his are told in the same act.
        """
        if need_id not in self.waiting:
            return NEED_GONE
        if expert_id not in self.places:
            return OUT_OF_TERM
        if expert_id in self.paused:
            return PAUSED
        if self.places[expert_id] <= taken:
            return MONTH_FULL
        return TIED if self._is_tied(need_id, expert_id) else None

    def _is_tied(self, need_id: UUID, expert_id: UUID) -> bool:
        found = ties(self.backgrounds[expert_id], self.sides[need_id], self.day)
        return bool(forbidding(found, self.waived[need_id].get(expert_id, frozenset())))


def standing(
    look: Look, month: Month, need_ids: Collection[UUID], expert_ids: Collection[UUID]
) -> Standing:
    """Return how the needs and experts stand; at most ten statements, whatever their number."""
    bound = {each.need_id for each in arranged(look)}
    needs = look.session.scalars(
        select(Need).where(Need.id.in_(need_ids), Need.status == NeedStatus.SUBMITTED)
    )
    waiting = {need.id: need for need in needs if need.id not in bound}
    day = local_day(look.now)
    pool = appointed_pool(look, month, max(month.first_on, day))
    paused = look.session.scalars(
        select(Expert.id).where(Expert.id.in_(expert_ids), takes_no_requests(day))
    )
    matters = [
        Matter(need.person_id, need.venture_id, need.session_type, need.id)
        for need in waiting.values()
    ]
    aliases = load_aliases(look)
    return Standing(
        waiting=waiting,
        places={each.id: each.room - each.load for each in pool},
        paused=frozenset(paused),
        sides=dict(zip(waiting, sides(look, matters, aliases), strict=True)),
        backgrounds=backgrounds(look, expert_ids, aliases),
        waived=waived_kinds(look, list(waiting)),
        day=day,
    )
