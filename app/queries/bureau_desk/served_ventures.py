"""Ventures behind decisions, and those that may be meant when a record names the wrong one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.service_record import Decision
from app.models.person import Venture
from app.queries.service_counts.ventures import ventures_of, ventures_of_those_served
from app.unit_of_work import Reader

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Meant:
    """A venture that a correction may name."""

    id: UUID
    name: str
    credit_code: str | None


@dataclass(frozen=True, slots=True)
class MayBeMeant:
    """The venture a meeting counts for, and the others of the people who were there."""

    now: Meant | None
    others: tuple[Meant, ...]


def ventures_counted(
    reader: Reader, decisions: Iterable[Decision], known: Iterable[Venture | None] = ()
) -> Mapping[str, Venture]:
    """Return by meeting the venture its decision names, corrections considered.

    Args:
        reader: the look.
        decisions: on the meetings.
        known: ventures that were read already, such as those of the records.
    """
    named = {each.session_id: UUID(each.venture.venture_id) for each in decisions if each.venture}
    found = {each.id: each for each in known if each is not None}
    found |= _ventures(reader, set(named.values()) - found.keys())
    return {key: found[venture_id] for key, venture_id in named.items() if venture_id in found}


def ventures_meant(reader: Reader, session_id: UUID) -> MayBeMeant:
    """Return what a correction of the venture begins with."""
    now = ventures_of(reader, [session_id]).get(session_id)
    of_people = ventures_of_those_served(reader, session_id)
    found = _ventures(reader, {*of_people, *([now] if now else [])})
    current = found.pop(now, None) if now else None
    others = sorted(found.values(), key=lambda each: (each.name, str(each.id)))
    return MayBeMeant(_meant(current) if current else None, tuple(map(_meant, others)))


def _ventures(reader: Reader, keys: Collection[UUID]) -> dict[UUID, Venture]:
    found: dict[UUID, Venture] = {}
    for some in _batches(sorted(keys)):
        rows = reader.session.scalars(select(Venture).where(Venture.id.in_(some)))
        found |= {row.id: row for row in rows}
    return found


def _batches(keys: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def _meant(venture: Venture) -> Meant:
    return Meant(venture.id, venture.name, venture.credit_code)
