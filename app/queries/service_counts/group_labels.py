"""重点群体 by every verified label: one person may hold several, so these figures overlap."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, select

from app.domain.calendar import Month
from app.domain.service_record import Key, PersonFigures, canonical
from app.models.person import FounderGroup
from app.models.standing_record import StandingPerson
from app.queries.aliases import load_aliases
from app.queries.free_times import Look


def by_every_label(look: Look, first: Month, last: Month) -> dict[str, PersonFigures]:
    """Return person-times and persons of the counted services by every label held.

    A group is held once it was verified, as for the primary group; three statements.
    """
    row = StandingPerson
    found = look.session.execute(
        select(row.person_id, func.count())
        .where(row.month.between(str(first), str(last)))
        .group_by(row.person_id)
    )
    times: Mapping[Key, int] = {str(person_id): count for person_id, count in found}
    served = {label: keys & times.keys() for label, keys in _holders(look).items()}
    return {
        label: PersonFigures(sum(times[key] for key in keys), len(keys))
        for label, keys in sorted(served.items())
        if keys
    }


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
