"""The pool as the bureau sees it: everybody, in term or not, with load and pauses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.expert import AppointmentKind, ExpertCategory
from app.domain.service_record.slices import Labels, months_of
from app.domain.vocabulary import fold
from app.models.availability import AvailabilityException, AvailabilityRule
from app.models.expert import Appointment, DeclaredInterest, Expert
from app.queries.bureau_desk.figures import Asked, figure
from app.queries.expert_loads import month_loads
from app.unit_of_work import Reader

PAGE = 20
LONGEST_SEARCH = 100


class Standing(StrEnum):
    """Where an expert stands today."""

    SERVING = "serving"
    PAUSED = "paused"
    COMING = "coming"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TermRow:
    """One appointment of an expert."""

    kind: AppointmentKind
    document: str
    starts_on: date
    ends_on: date
    approved_on: date

    def covers(self, day: date) -> bool:
        """Tell whether the day lies in the term."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One expert; `booked` counts the meetings in his calendar this month."""

    id: UUID
    source_ref: str | None
    name: str
    category: ExpertCategory
    title: str
    standing: Standing
    in_term: bool
    ends_on: date | None
    booked: int
    monthly_limit: int


@dataclass(frozen=True, slots=True)
class PoolPage:
    """A page of the pool by name; `next` asks for the following page."""

    count: int
    items: tuple[PoolRow, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class PoolProfile:
    """One expert with his terms, ties, hours, and what he carried this year."""

    row: PoolRow
    version: int
    bio: str
    expertise: tuple[str, ...]
    topics: tuple[str, ...]
    industries: tuple[str, ...]
    modes: tuple[str, ...]
    notice_hours: int
    buffer_minutes: int
    terms: tuple[TermRow, ...]
    interests: Sequence[DeclaredInterest]
    rules: Sequence[AvailabilityRule]
    special_days: Sequence[AvailabilityException]
    year: int
    sessions: int
    minutes: int
    may_pause: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFilter:
    """Who is looked for; what is None does not limit."""

    text: str = ""
    category: ExpertCategory | None = None
    standing: Standing | None = None
    only_in_term: bool = False


def pool(reader: Reader, wanted: PoolFilter, *, after: UUID | None = None) -> PoolPage:
    """Return a page of the pool; three statements.

    Raises:
        InvalidInputError: at field `q`, the search is longer than anybody means.
    """
    text = wanted.text
    if len(text) > LONGEST_SEARCH:
        raise InvalidInputError.at("q", "input.too_long", longest=LONGEST_SEARCH, length=len(text))
    words = [fold(word) for word in text.split()]
    experts = reader.session.scalars(select(Expert).order_by(Expert.name, Expert.id)).all()
    terms, loads = _all_terms(reader), month_loads(reader)
    found = [
        row
        for expert in experts
        if all(word in fold(_searched(expert)) for word in words)
        if _is_wanted(
            row := _row(reader, expert, terms[expert.id], loads.get(expert.id, 0)), wanted
        )
    ]
    begin = _place_after(found, after)
    page = tuple(found[begin : begin + PAGE])
    return PoolPage(len(found), page, page[-1].id if begin + PAGE < len(found) else None)


def pool_profile(reader: Reader, expert_id: UUID) -> PoolProfile:
    """Return one expert; six statements.

    Raises:
        NotFoundError: there is none.
    """
    found = reader.session.execute(
        select(Expert, Appointment)
        .outerjoin(Appointment, Appointment.expert_id == Expert.id)
        .where(Expert.id == expert_id)
        .order_by(Appointment.starts_on, Appointment.id)
    ).all()
    if not found:
        raise NotFoundError("expert.not_found")
    expert = found[0][0]
    terms = _terms(row for _, row in found if row is not None)
    today, own = local_day(reader.now), Labels(expert=str(expert_id))
    counted = figure(reader, Asked(months=months_of(today.year), labels=own))
    return PoolProfile(
        row=_row(reader, expert, terms, month_loads(reader).get(expert_id, 0)),
        version=expert.version,
        bio=expert.bio,
        expertise=tuple(expert.expertise),
        topics=tuple(expert.topics),
        industries=tuple(expert.industries),
        modes=tuple(expert.modes),
        notice_hours=expert.notice_hours,
        buffer_minutes=expert.buffer_minutes,
        terms=tuple(terms),
        interests=_interests(reader, expert_id),
        rules=_rules(reader, expert_id),
        special_days=_special_days(reader, expert_id, today),
        year=today.year,
        sessions=counted.value,
        may_pause=may(reader.actor, Permission.SET_AVAILABILITY),
        minutes=sum(
            minutes
            for row in counted.rows
            for key, minutes in row.decision.expert_minutes
            if key == str(expert_id)
        ),
    )


def _searched(expert: Expert) -> str:
    return "\n".join((expert.name, expert.organisation, expert.title, *expert.expertise))


def _is_wanted(row: PoolRow, wanted: PoolFilter) -> bool:
    return (
        (wanted.category is None or row.category is wanted.category)
        and (wanted.standing is None or row.standing is wanted.standing)
        and (row.in_term or not wanted.only_in_term)
    )


def _place_after(rows: Sequence[PoolRow], after: UUID | None) -> int:
    if after is None:
        return 0
    for place, row in enumerate(rows, start=1):
        if row.id == after:
            return place
    raise NotFoundError("expert.not_found")


def _row(reader: Reader, expert: Expert, terms: Sequence[TermRow], booked: int) -> PoolRow:
    today = local_day(reader.now)
    standing = _standing(expert, terms, today)
    return PoolRow(
        id=expert.id,
        source_ref=expert.source_ref,
        name=expert.name,
        category=expert.category,
        title=f"{expert.organisation} {expert.title}".strip(),
        standing=standing,
        in_term=any(term.covers(today) for term in terms),
        ends_on=max((term.ends_on for term in terms), default=None),
        booked=booked,
        monthly_limit=expert.monthly_limit,
    )


def _standing(expert: Expert, terms: Sequence[TermRow], today: date) -> Standing:
    if any(term.covers(today) for term in terms):
        return Standing.PAUSED if expert.is_paused else Standing.SERVING
    if any(term.starts_on > today for term in terms):
        return Standing.COMING
    return Standing.ENDED


def _appointments() -> Select[Appointment]:
    return select(Appointment).order_by(Appointment.starts_on, Appointment.id)


def _all_terms(reader: Reader) -> dict[UUID, list[TermRow]]:
    found: dict[UUID, list[TermRow]] = defaultdict(list)
    for row in reader.session.scalars(_appointments()):
        found[row.expert_id] += _terms([row])
    return found


def _terms(rows: Iterable[Appointment]) -> list[TermRow]:
    return [
        TermRow(row.kind, row.document, row.starts_on, row.ends_on, row.approved_on) for row in rows
    ]


def _interests(reader: Reader, expert_id: UUID) -> Sequence[DeclaredInterest]:
    return reader.session.scalars(
        select(DeclaredInterest)
        .where(DeclaredInterest.expert_id == expert_id)
        .order_by(DeclaredInterest.id)
    ).all()


def _rules(reader: Reader, expert_id: UUID) -> Sequence[AvailabilityRule]:
    return reader.session.scalars(
        select(AvailabilityRule)
        .where(AvailabilityRule.expert_id == expert_id)
        .order_by(AvailabilityRule.weekday, AvailabilityRule.starts_minute)
    ).all()


def _special_days(reader: Reader, expert_id: UUID, today: date) -> Sequence[AvailabilityException]:
    return reader.session.scalars(
        select(AvailabilityException)
        .where(AvailabilityException.expert_id == expert_id, AvailabilityException.day >= today)
        .order_by(AvailabilityException.day, AvailabilityException.starts_minute)
        .limit(PAGE)
    ).all()
