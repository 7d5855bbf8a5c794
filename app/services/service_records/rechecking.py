"""Decisions made anew and compared with those that stand; nothing is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select

from app.domain.calendar import Month, day_starts_at
from app.domain.service_record import Aliases, Decision, SessionFacts, decide_all
from app.models.service_session import ServiceSession
from app.queries.free_times import Look
from app.queries.service_counts.decisions import Version, of_month, of_sessions
from app.queries.service_counts.neighbours import with_neighbours
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.seals import as_closed
from app.services.service_records.facts import facts_of
from app.services.service_records.gathering import gather


def facts_of_month(look: Look, month: Month) -> tuple[tuple[SessionFacts, ...], Aliases]:
    """Return the facts of a month's meetings and of all that bear on them, and who is one person.

    Args:
        look: a look or a transaction that sees everything.
        month: of the actual start, or of the decision that stands.
    """
    begins = func.coalesce(ServiceSession.actual_start, ServiceSession.planned_starts_at)
    first, after = day_starts_at(month.first_on), day_starts_at(month.following().first_on)
    held = look.session.scalars(
        select(ServiceSession.id).where(begins >= first, begins < after)
    ).all()
    touched = with_neighbours(look, {*held, *of_month(look, month)})
    if not touched:
        return (), {}
    material = gather(look, touched)
    facts, stands = facts_of(material, look.now), of_sessions(look, touched)
    return as_closed(look, facts, stands, material.aliases), material.aliases


@dataclass(frozen=True, slots=True)
class Difference:
    """A meeting whose decision would be another one now, or that has none and should."""

    session_id: UUID
    stands: str
    would_be: str


def recheck(look: Look, month: Month) -> Iterator[Difference]:
    """Yield the meetings of a month whose decision would differ, were it made now.

    Args:
        look: a look or a transaction that sees everything.
        month: of the actual start, or of the decision that stands.
    """
    yield from decided_anew(look, month).differences()


@dataclass(frozen=True, slots=True)
class Anew:
    """The decisions on a month and on what touches it: as they stand, and made again."""

    stands: Mapping[UUID, Version]
    again: Mapping[UUID, Decision]

    def differences(self) -> Iterator[Difference]:
        """Yield the meetings on which the two are not of one mind."""
        for key, decision in self.again.items():
            known = self.stands.get(key)
            if known is None or not _says_the_same(known.decision, decision):
                yield Difference(key, _said(known.decision if known else None), _said(decision))
        for key, version in self.stands.items():
            if key not in self.again:
                yield Difference(key, _said(version.decision), "-")


def decided_anew(look: Look, month: Month) -> Anew:
    """Make every decision on a month again from the facts; nothing is written.

    Args:
        look: a look or a transaction that sees everything.
        month: of the actual start, or of the decision that stands.
    """
    facts, aliases = facts_of_month(look, month)
    stands = of_sessions(look, [UUID(each.session_id) for each in facts])
    decided = decide_all(facts, load_policies(look), look.now, aliases)
    return Anew(stands, {UUID(decision.session_id): decision for decision in decided})


def _says_the_same(stands: Decision, now: Decision) -> bool:
    """Compare two decisions; what was waited for lapses by itself, which is no difference."""
    return now == (stands if now.pending else replace(stands, pending=None))


def _said(decision: object) -> str:
    if decision is None:
        return "-"
    status, reason, minutes = (getattr(decision, name) for name in ("status", "reason", "minutes"))
    return f"{status.value} {reason.value if reason else ''} {minutes}".replace("  ", " ")
