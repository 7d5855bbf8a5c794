"""重点群体 by every verified label: one person may hold several, so these figures overlap."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, exists, func, select, union_all
from sqlalchemy.orm import aliased

from app.domain.actor import Reach
from app.domain.calendar import Month
from app.domain.service_record import Key, PersonFigures, canonical
from app.models.person import FounderGroup, PersonAlias
from app.models.standing_record import StandingPerson
from app.queries.aliases import load_aliases
from app.queries.free_times import Look
from app.unit_of_work import Reader


def by_every_label(reader: Reader, first: Month, last: Month) -> dict[str, PersonFigures]:
    """Return person-times and persons of the counted services by every label held.

    A group is held once it was verified, as for the primary group.
    """
    row = StandingPerson
    within = row.month.between(str(first), str(last))
    if Reach.ALL in reader.actor.reaches:
        return _joined(reader, within)
    found = reader.session.execute(
        select(row.person_id, func.count()).where(within).group_by(row.person_id)
    )
    times: Mapping[Key, int] = {str(person_id): count for person_id, count in found}
    served = {label: keys & times.keys() for label, keys in _holders(reader).items()}
    return {
        label: PersonFigures(sum(times[key] for key in keys), len(keys))
        for label, keys in sorted(served.items())
        if keys
    }


def _joined(reader: Reader, within: ColumnElement[bool]) -> dict[str, PersonFigures]:
    """Return the figures for somebody who sees every record, counted by the database."""
    row = StandingPerson
    held = held_groups().subquery()
    times = (
        select(row.person_id, func.count().label("times"))
        .where(within)
        .group_by(row.person_id)
        .subquery()
    )
    found = reader.session.execute(
        select(held.c.code, func.sum(times.c.times), func.count())
        .where(held.c.person_id == times.c.person_id)
        .group_by(held.c.code)
        .order_by(held.c.code)
    )
    return {label: PersonFigures(int(count), persons) for label, count, persons in found}


def held_groups() -> CompoundSelect[UUID, str]:
    """Return every person with each verified group once, under the key by which he counts too."""
    alias = select(PersonAlias.alias_id, PersonAlias.person_id).cte(recursive=True)
    known_as = alias.union(
        select(alias.c.alias_id, PersonAlias.person_id).where(
            PersonAlias.alias_id == alias.c.person_id
        )
    )
    verified = FounderGroup.verified_at.is_not(None)
    own = aliased(FounderGroup)
    # A person has a group once; only what an alias adds has to be told apart.
    added = (
        select(known_as.c.person_id, FounderGroup.code)
        .where(
            verified,
            FounderGroup.person_id == known_as.c.alias_id,
            ~exists().where(
                own.person_id == known_as.c.person_id,
                own.code == FounderGroup.code,
                own.verified_at.is_not(None),
            ),
        )
        .distinct()
    )
    return union_all(select(FounderGroup.person_id, FounderGroup.code).where(verified), added)


def holders_of(look: Look, label: str) -> frozenset[Key]:
    """Return the persons who hold the label, each under the key by which he counts."""
    return frozenset(_holders(look, label).get(label, ()))


def _holders(look: Look, label: str | None = None) -> Mapping[str, set[Key]]:
    verified = select(FounderGroup.person_id, FounderGroup.code).where(
        FounderGroup.verified_at.is_not(None)
    )
    if label is not None:
        verified = verified.where(FounderGroup.code == label)
    held: dict[str, set[Key]] = defaultdict(set)
    with look.beyond_scope("which of the persons counted hold a group, as a figure"):
        aliases = load_aliases(look)
        for person_id, code in look.session.execute(verified):
            held[code].add(canonical(str(person_id), aliases))
    return held
