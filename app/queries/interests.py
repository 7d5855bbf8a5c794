"""What ties experts to a founder's side, as far as they declared it and the service knows."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.booking import CLAIMING
from app.domain.calendar import local_day
from app.domain.need import SERVICES
from app.domain.person import with_doubles
from app.domain.recusal import (
    REVIEW,
    Background,
    Counterpart,
    Interest,
    Tie,
    forbidding,
    side_of,
    ties,
)
from app.domain.waiver import WaiverRule
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import DeclaredInterest, Expert
from app.models.person import Venture, VentureMember
from app.queries.aliases import load_aliases
from app.queries.free_times import Look
from app.queries.waivers import approved

_TOOK_PART = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Matter:
    """Who is to be advised or judged, for which need, by which kind of service."""

    person_id: UUID
    venture_id: UUID | None
    session_type: str
    need_id: UUID | None = None

    @property
    def is_review(self) -> bool:
        """Tell whether experts judge and do not advise."""
        return self.session_type == REVIEW


@dataclass(frozen=True, slots=True)
class Recusal:
    """What ties one expert to the founder's side, and which kinds two officers have waived."""

    ties: tuple[Tie, ...]
    waived: frozenset[str] = frozenset()

    @property
    def forbidding(self) -> tuple[Tie, ...]:
        """The ties that stand in the way."""
        return forbidding(self.ties, self.waived)


@dataclass(frozen=True, slots=True)
class _Venture:
    """A venture of the founder's side."""

    name: str
    credit_code: str | None
    members: frozenset[UUID]


def recusals(
    look: Look, expert_ids: Collection[UUID], matter: Matter, *days: date
) -> dict[UUID, Recusal]:
    """Return what ties each expert to the founder's side on any of the days.

    Four statements, one more for a review, one more where something could be waived. The caller
    sees beyond the actor's scope.
    """
    aliases = load_aliases(look)
    (side,) = sides(look, [matter], aliases)
    known = backgrounds(look, expert_ids, aliases)
    advised = _advised_on(look, expert_ids, side) if matter.is_review else {}
    found = {
        key: _on_any(replace(one, advised_on=advised.get(key)), side, matter, days)
        for key, one in known.items()
    }
    is_waivable = any(tie.is_waivable for each in found.values() for tie in each)
    waived = _waived(look, matter) if is_waivable else {}
    return {key: Recusal(each, waived.get(key, frozenset())) for key, each in found.items()}


def backgrounds(
    look: Look, expert_ids: Collection[UUID], aliases: Mapping[str, str]
) -> dict[UUID, Background]:
    """Return what of each expert can tie him, in two statements."""
    interests = _interests(look, expert_ids)
    rows = look.session.execute(
        select(Expert.id, Expert.person_id, Expert.organisation, Venture.name, Venture.credit_code)
        .select_from(Expert)
        .outerjoin(VentureMember, VentureMember.person_id == Expert.person_id)
        .outerjoin(Venture, Venture.id == VentureMember.venture_id)
        .where(Expert.id.in_(expert_ids))
        .order_by(Expert.id, Venture.id)
    )
    found: dict[UUID, Background] = {}
    for row in rows:
        known = found.get(row.id) or Background(
            person_ids=with_doubles({row.person_id}, aliases),
            organisation=row.organisation,
            interests=tuple(interests[row.id]),
        )
        own = ((row.name, row.credit_code),) if row.name is not None else ()
        found[row.id] = replace(known, ventures=(*known.ventures, *own))
    return found


def sides(look: Look, matters: Sequence[Matter], aliases: Mapping[str, str]) -> list[Counterpart]:
    """Return the founder's side of each matter, in one statement."""
    persons = [with_doubles({matter.person_id}, aliases) for matter in matters]
    named = {matter.venture_id for matter in matters if matter.venture_id}
    everybody = frozenset[UUID]().union(*persons)
    own = select(VentureMember.venture_id).where(VentureMember.person_id.in_(everybody))
    rows = look.session.execute(
        select(Venture.id, Venture.name, Venture.credit_code, VentureMember.person_id)
        .select_from(Venture)
        .outerjoin(VentureMember, VentureMember.venture_id == Venture.id)
        .where(or_(Venture.id.in_(named), Venture.id.in_(own)))
    ).all()
    members: dict[UUID, set[UUID]] = defaultdict(set)
    for row in rows:
        members[row.id] |= {row.person_id} - {None}
    ventures = {
        row.id: _Venture(row.name, row.credit_code, frozenset(members[row.id])) for row in rows
    }
    return [
        side_of(some, matter.venture_id, ventures, aliases)
        for some, matter in zip(persons, matters, strict=True)
    ]


def _on_any(
    known: Background, side: Counterpart, matter: Matter, days: Collection[date]
) -> tuple[Tie, ...]:
    found = (tie for day in days for tie in ties(known, side, day, is_review=matter.is_review))
    return tuple(dict.fromkeys(found))


def _interests(look: Look, expert_ids: Collection[UUID]) -> dict[UUID, list[Interest]]:
    found: dict[UUID, list[Interest]] = defaultdict(list)
    rows = look.session.scalars(
        select(DeclaredInterest)
        .where(DeclaredInterest.expert_id.in_(expert_ids))
        .order_by(DeclaredInterest.id)
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


def _advised_on(look: Look, expert_ids: Collection[UUID], side: Counterpart) -> dict[UUID, date]:
    """Return the last day on which each expert advised the side, or is to advise it."""
    with_them: ColumnElement[bool] = or_(
        Booking.founder_person_id.in_(side.person_ids),
        Booking.venture_id.in_(side.venture_ids),
    )
    rows = look.session.execute(
        select(BookingExpert.expert_id, func.max(Booking.starts_at))
        .join(Booking, Booking.id == BookingExpert.booking_id)
        .where(
            BookingExpert.expert_id.in_(expert_ids),
            BookingExpert.answer.in_(_TOOK_PART),
            Booking.status.in_(CLAIMING),
            Booking.session_type.in_(SERVICES),
            with_them,
        )
        .group_by(BookingExpert.expert_id)
    )
    return {expert_id: local_day(starts_at) for expert_id, starts_at in rows}


def _waived(look: Look, matter: Matter) -> Mapping[UUID, frozenset[str]]:
    if matter.need_id is None:
        return {}
    return waived_kinds(look, [matter.need_id])[matter.need_id]


def waived_kinds(
    look: Look, need_ids: Collection[UUID]
) -> Mapping[UUID, Mapping[UUID, frozenset[str]]]:
    """Return by need and expert the kinds of ties that two officers have waived."""
    found = approved(look, WaiverRule.CONFLICT, need_ids)
    return {
        need_id: {
            expert_id: frozenset(kind for waiver in waivers for kind in waiver.kinds)
            for expert_id, waivers in found[need_id].items()
        }
        for need_id in need_ids
    }
