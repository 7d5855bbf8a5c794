"""Declared interests against a need's founder and venture."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.recusal import Counterpart, Interest, blocking
from app.models.expert import DeclaredInterest, Expert
from app.models.person import Venture, VentureMember
from app.queries.free_times import Look


def counterpart(look: Look, person_id: UUID, venture_id: UUID | None) -> Counterpart:
    """Return the founder's side as recusal sees it: all his ventures and all their people.

    Leaving the venture out of a need hides nothing.
    """
    own = select(VentureMember.venture_id).where(VentureMember.person_id == person_id)
    is_his = (VentureMember.venture_id == venture_id) | VentureMember.venture_id.in_(own)
    members = look.session.scalars(select(VentureMember.person_id).where(is_his))
    rows = look.session.execute(
        select(Venture.id, Venture.name, Venture.credit_code).where(
            (Venture.id == venture_id) | Venture.id.in_(own)
        )
    ).all()
    named = {row.id: (row.name, row.credit_code) for row in rows}
    name, code = named.pop(venture_id, (None, None)) if venture_id else (None, None)
    return Counterpart(
        frozenset({person_id, *members}), name, code, tuple(sorted(named.values(), key=str))
    )


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
    tied = {expert_id for expert_id in found if blocking(found[expert_id], side, day) is not None}
    # Nobody advises himself or his own venture.
    themselves = look.session.scalars(
        select(Expert.id).where(Expert.id.in_(expert_ids), Expert.person_id.in_(side.person_ids))
    )
    return frozenset({*tied, *themselves})
