"""Samples as the bureau lists them, and one in full with what the calls found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.sample import Interval, SampleResult, wilson
from app.models.account import Account
from app.models.expert import Expert
from app.models.person import Person
from app.models.sample import Sample, SampleCall
from app.models.service_session import ServiceSession
from app.queries.samples.people import CallMade, calls_of
from app.queries.service_counts.decisions import Version, of_sessions
from app.unit_of_work import Reader


class Found(StrEnum):
    """What is known of a record drawn; `open` where nobody has called."""

    AGREED = "agreed"
    DIFFERS = "differs"
    NOT_REACHED = "not_reached"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Tally:
    """What the calls of a sample found.

    The rate is of those who were reached. Who was not reached, and who has not been called, is
    told apart: `at_worst` is the share if none of them agreed.
    """

    size: int
    counts: Counter[Found]

    @property
    def reached(self) -> int:
        """How many records somebody was reached about."""
        return self.counts[Found.AGREED] + self.counts[Found.DIFFERS]

    @property
    def rate(self) -> Interval | None:
        """The share of those reached that agreed, with its interval."""
        return wilson(self.counts[Found.AGREED], self.reached)

    @property
    def at_worst(self) -> float:
        """The share that agreed of all drawn."""
        return self.counts[Found.AGREED] / self.size


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample in the list."""

    sample: Sample
    drawn_by: str | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Drawn:
    """One record drawn, in the place in which it was drawn."""

    place: int
    session_id: UUID
    reference: str
    session_type: str
    held_on: date
    started_at: datetime
    expert: str
    founder: str | None
    version: Version | None
    found: Found
    calls: Sequence[CallMade]

    @property
    def answer(self) -> CallMade | None:
        """The call that reached somebody."""
        return next((e for e in self.calls if e.result is not SampleResult.NOT_REACHED), None)


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample in full."""

    sample: Sample
    drawn_by: str | None
    tally: Tally
    items: tuple[Drawn, ...]


def sample_list(reader: Reader) -> tuple[SampleRow, ...]:
    """Return every sample, the newest first."""
    rows = reader.session.scalars(select(Sample).order_by(Sample.drawn_at.desc())).all()
    calls = reader.session.execute(
        select(SampleCall.sample_id, SampleCall.service_session_id, SampleCall.result)
    ).all()
    found: dict[UUID, dict[UUID, Found]] = {row.id: {} for row in rows}
    for sample_id, session_id, result in calls:
        known = found[sample_id].get(session_id)
        if known in (None, Found.NOT_REACHED):
            found[sample_id][session_id] = Found(result)
    names = _names(reader, [row.drawn_by_id for row in rows])
    return tuple(
        SampleRow(row, names.get(row.drawn_by_id), _tally(row, list(found[row.id].values())))
        for row in rows
    )


def sample_page(reader: Reader, sample_id: UUID) -> SamplePage:
    """Return one sample in full.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    sample = reader.session.get(Sample, sample_id)
    if sample is None:
        raise NotFoundError("sample.not_found")
    keys = [UUID(key) for key in sample.session_ids]
    rows = {
        session.id: (session, expert, founder)
        for session, expert, founder in reader.session.execute(
            select(ServiceSession, Expert.name, Person.name)
            .join(Expert, Expert.id == ServiceSession.lead_expert_id)
            .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
            .where(ServiceSession.id.in_(keys))
        )
    }
    versions, calls = of_sessions(reader, keys), calls_of(reader, sample_id)
    items = tuple(
        _drawn(place, *rows[key], versions.get(key), calls.get(key, ()))
        for place, key in enumerate(keys, 1)
        if key in rows
    )
    names = _names(reader, [sample.drawn_by_id])
    tally = _tally(sample, [each.found for each in items if each.found is not Found.OPEN])
    return SamplePage(sample, names.get(sample.drawn_by_id), tally, items)


def _drawn(
    place: int,
    session: ServiceSession,
    expert: str,
    founder: str | None,
    version: Version | None,
    calls: Sequence[CallMade],
) -> Drawn:
    started_at = session.actual_start or session.planned_starts_at
    answers = [Found(each.result) for each in calls]
    answers.sort(key=lambda each: each is Found.NOT_REACHED)
    return Drawn(
        place=place,
        session_id=session.id,
        reference=session.reference,
        session_type=session.session_type,
        held_on=local_day(started_at),
        started_at=started_at,
        expert=expert,
        founder=founder,
        version=version,
        found=answers[0] if answers else Found.OPEN,
        calls=calls,
    )


def _tally(sample: Sample, found: Sequence[Found]) -> Tally:
    counts = Counter(found)
    counts[Found.OPEN] = sample.size - counts.total()
    return Tally(sample.size, counts)


def _names(reader: Reader, keys: Sequence[UUID | None]) -> dict[UUID | None, str]:
    with reader.beyond_scope("colleagues who drew a sample, by name"):
        wanted = {key for key in keys if key is not None}
        rows = reader.session.execute(
            select(Account.id, Account.name).where(Account.id.in_(wanted))
        )
        return {key: name for key, name in rows}
