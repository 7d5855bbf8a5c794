"""The groups behind the seals that decisions hold, as far as anybody can still tell them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Reach
from app.domain.calendar import Month
from app.domain.founder_group import is_sealed, with_groups_opened, with_kept_seals
from app.domain.service_record import Aliases, Decision, PersonFigures, SessionFacts
from app.models.period import Period, PublishedGroups
from app.models.person import FounderGroup
from app.queries.free_times import Look
from app.queries.service_counts.closed import closed_months
from app.queries.service_counts.decisions import Version
from app.unit_of_work import Reader


def kept_seals(look: Look) -> dict[str, str]:
    """Return the group behind every seal that is kept; one statement."""
    with look.beyond_scope("which groups the seals of counted persons stand for, as a figure"):
        rows = look.session.execute(
            select(FounderGroup.seal, FounderGroup.code).where(FounderGroup.seal.is_not(None))
        )
        return {seal: code for seal, code in rows if seal}


def by_group(
    look: Look, decisions: Iterable[Decision], *, as_reported: bool = False
) -> tuple[Decision, ...]:
    """Return the decisions with groups in place of seals; asks only where there are seals.

    Args:
        look: the look.
        decisions: any.
        as_reported: tell withdrawn groups apart from none, as what was published counted them.
    """
    chosen = tuple(decisions)
    if not _have_seals(chosen):
        return chosen
    return with_groups_opened(chosen, kept_seals(look), as_reported=as_reported)


def as_closed(
    look: Look,
    facts: Iterable[SessionFacts],
    stood: Mapping[UUID, Version],
    aliases: Aliases,
) -> tuple[SessionFacts, ...]:
    """Return the facts, those of closed months with the withdrawn groups they were closed with.

    A closed month stays as it was reported (decisions.md: the figure stays as an aggregate), so
    a withdrawn consent changes only what is decided of open months.

    Args:
        look: a look or a transaction that sees everything.
        facts: as known now.
        stood: the newest decisions on the same meetings.
        aliases: who is one person.
    """
    known = tuple(facts)
    if not _have_seals(version.decision for version in stood.values()):
        return known
    seals, closed = kept_seals(look), closed_months(look)
    found = []
    for each in known:
        version = stood.get(UUID(each.session_id))
        is_closed = version is not None and version.decision.month in closed
        if version is not None and is_closed:
            each = with_kept_seals(each, version.decision, seals, aliases)
        found.append(each)
    return tuple(found)


def published_groups(reader: Reader, month: Month) -> dict[str, PersonFigures] | None:
    """Return persons by group as the month was closed with, to who sees every record."""
    if Reach.ALL not in reader.actor.reaches:
        return None
    kept = reader.session.scalar(
        select(PublishedGroups.figures)
        .join(Period, Period.id == PublishedGroups.period_id)
        .where(Period.month == str(month))
    )
    if kept is None:
        return None
    return {code: PersonFigures(*figures) for code, figures in kept.items()}


def _have_seals(decisions: Iterable[Decision]) -> bool:
    return any(is_sealed(group) for d in decisions for _, group in d.groups)
