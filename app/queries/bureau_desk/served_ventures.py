"""Ventures behind decisions, and those that may be meant when a record names the wrong one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from app.domain.errors import InvalidInputError
from app.domain.service_record import Decision
from app.domain.service_session import Party
from app.models.person import Venture, VentureMember
from app.models.service_session import Attendance
from app.queries.service_counts.ventures import ventures_of
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


def ventures_counted(reader: Reader, decisions: Iterable[Decision]) -> Mapping[str, Venture]:
    """Return by meeting the venture its decision names, corrections considered."""
    named = {each.session_id: UUID(each.venture.venture_id) for each in decisions if each.venture}
    found = _ventures(reader, set(named.values()))
    return {key: found[venture_id] for key, venture_id in named.items() if venture_id in found}


def ventures_meant(reader: Reader, session_id: UUID) -> MayBeMeant:
    """Return what a correction of the venture begins with."""
    now = ventures_of(reader, [session_id]).get(session_id)
    attended = select(Attendance.person_id).where(
        Attendance.service_session_id == session_id, Attendance.side == Party.FOUNDER
    )
    of_people = reader.session.scalars(
        select(VentureMember.venture_id).where(VentureMember.person_id.in_(attended))
    )
    found = _ventures(reader, {*of_people, *([now] if now else [])})
    current = found.pop(now, None) if now else None
    others = sorted(found.values(), key=lambda each: (each.name, str(each.id)))
    return MayBeMeant(_meant(current) if current else None, tuple(map(_meant, others)))


def venture_sought(reader: Reader, text: str) -> UUID:
    """Return the one venture with this credit code or whole name.

    Raises:
        InvalidInputError: at `sought`, when it is nobody's, or the name of several.
    """
    wanted = " ".join(text.split())
    keys = reader.session.scalars(
        select(Venture.id)
        .where(
            or_(Venture.credit_code == wanted.upper(), func.lower(Venture.name) == wanted.lower())
        )
        .limit(2)
    ).all()
    if not keys:
        raise InvalidInputError.at("sought", "venture.not_found")
    if len(keys) > 1:
        raise InvalidInputError.at("sought", "venture.name_of_several")
    return keys[0]


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
