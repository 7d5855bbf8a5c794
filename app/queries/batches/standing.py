"""Whether what was planned still holds: asked once more before anybody is told."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.batch import MONTH_FULL, NEED_GONE, OUT_OF_TERM, PAUSED, TIED
from app.domain.calendar import Month, local_day
from app.domain.need import NeedStatus
from app.domain.recusal import Counterpart, Interest, blocking
from app.models.expert import Expert
from app.models.need import Need
from app.models.person import Venture, VentureMember
from app.queries.batches.arranged import arranged
from app.queries.batches.waiting import appointed_pool
from app.queries.free_times import Look
from app.queries.interests import interests_of


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
    ties: Mapping[UUID, list[Interest]]
    selves: Mapping[UUID, UUID]
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
        side = self.sides[need_id]
        if self.selves[expert_id] in side.person_ids:
            return True
        return blocking(self.ties.get(expert_id, ()), side, self.day) is not None


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
    people = look.session.execute(
        select(Expert.id, Expert.person_id, Expert.is_paused).where(Expert.id.in_(expert_ids))
    ).all()
    return Standing(
        waiting=waiting,
        places={each.id: each.room - each.load for each in pool},
        paused=frozenset(row.id for row in people if row.is_paused),
        sides=_sides(look, waiting),
        ties=interests_of(look, expert_ids),
        selves={row.id: row.person_id for row in people},
        day=day,
    )


def _sides(look: Look, needs: Mapping[UUID, Need]) -> Mapping[UUID, Counterpart]:
    """Return the founder's side of each need: all his ventures and all their people."""
    persons = {need.person_id for need in needs.values()}
    own = select(VentureMember.venture_id).where(VentureMember.person_id.in_(persons))
    named = {need.venture_id for need in needs.values() if need.venture_id}
    members = look.session.execute(
        select(VentureMember.venture_id, VentureMember.person_id).where(
            VentureMember.venture_id.in_(named) | VentureMember.venture_id.in_(own)
        )
    ).all()
    ventures = look.session.execute(
        select(Venture.id, Venture.name, Venture.credit_code).where(
            Venture.id.in_(named) | Venture.id.in_(own)
        )
    )
    names = {row.id: (row.name, row.credit_code) for row in ventures}
    people: dict[UUID, set[UUID]] = defaultdict(set)
    of_person: dict[UUID, set[UUID]] = defaultdict(set)
    for venture_id, person_id in members:
        people[venture_id].add(person_id)
        of_person[person_id].add(venture_id)
    found = {}
    for need in needs.values():
        keys = of_person[need.person_id] | ({need.venture_id} if need.venture_id else set())
        everybody = {need.person_id}.union(*(people[key] for key in keys))
        known = tuple(sorted((names[key] for key in keys if key in names), key=str))
        found[need.id] = Counterpart(frozenset(everybody), other_ventures=known)
    return found
