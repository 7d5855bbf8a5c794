"""Declared interests against a need's founder and venture."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.recusal import Counterpart, Interest, blocking
from app.models.expert import DeclaredInterest
from app.models.person import Venture, VentureMember
from app.queries.free_times import Look


def counterpart(look: Look, person_id: UUID, venture_id: UUID | None) -> Counterpart:
    """Return the founder's side as recusal sees it: himself, his ventures' people, the company."""
    if venture_id is None:
        return Counterpart(frozenset({person_id}))
    venture = look.session.execute(
        select(Venture.name, Venture.credit_code).where(Venture.id == venture_id)
    ).one()
    members = look.session.scalars(
        select(VentureMember.person_id).where(VentureMember.venture_id == venture_id)
    )
    return Counterpart(frozenset({person_id, *members}), venture.name, venture.credit_code)


def interests_of(look: Look, expert_ids: Collection[UUID]) -> dict[UUID, list[Interest]]:
    """Return what each expert declared."""
    found: dict[UUID, list[Interest]] = defaultdict(list)
    rows = look.session.scalars(
        select(DeclaredInterest).where(DeclaredInterest.expert_id.in_(expert_ids))
    )
    for row in rows:
        found[row.expert_id].append(
            Interest(
                conflict_type=row.conflict_type,
                organisation=row.organisation,
                credit_code=row.credit_code,
                person_id=row.person_id,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
        )
    return found


def recused(
    look: Look, expert_ids: Collection[UUID], person_id: UUID, venture_id: UUID | None
) -> frozenset[UUID]:
    """Return which of the experts must not advise the founder today."""
    side = counterpart(look, person_id, venture_id)
    day = local_day(look.now)
    found = interests_of(look, expert_ids)
    return frozenset(
        expert_id for expert_id in found if blocking(found[expert_id], side, day) is not None
    )
