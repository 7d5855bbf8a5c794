"""The appointed pool: searched, filtered, page by page, and one expert's profile."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.expert import AppointmentKind, ExpertCategory, Term, unbroken
from app.domain.service_record.codes import Status
from app.domain.vocabulary import fold
from app.models.expert import Appointment, Expert
from app.models.service_record import ServiceRecord
from app.models.service_session import Attendance
from app.queries.expert_loads import month_loads
from app.queries.free_times import Look
from app.unit_of_work import Reader, unscoped

PAGE_SIZE = 20
LARGEST_PAGE = 100
LONGEST_SEARCH = 100
# What a hit in each field weighs: a name or a speciality is meant, a biography only mentions.
_WEIGHTS = {"name": 8, "expertise": 4, "title": 2, "organisation": 2, "bio": 1}


@dataclass(frozen=True, slots=True)
class ExpertCard:
    """An appointed expert as the directory shows him."""

    id: UUID
    name: str
    category: ExpertCategory
    organisation: str
    title: str
    bio: str
    expertise: tuple[str, ...]
    topics: tuple[str, ...]
    industries: tuple[str, ...]
    stages: tuple[str, ...]
    areas: tuple[str, ...]
    modes: tuple[str, ...]
    languages: tuple[str, ...]
    is_paused: bool
    is_full: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """A page of the pool.

    Attributes:
        total: how many experts meet the search in the chosen category.
        by_category: how many meet it in each, zeros included.
        next: the key to ask the following page with, None on the last.
    """

    items: tuple[ExpertCard, ...]
    total: int
    by_category: Mapping[ExpertCategory, int]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class ExpertPage:
    """One expert's profile, with the unbroken term of today and what was counted so far."""

    card: ExpertCard
    starts_on: date
    ends_on: date
    is_extended: bool
    counted_services: int
    monthly_limit: int
    notice_hours: int


def directory(
    reader: Reader,
    text: str = "",
    category: ExpertCategory | None = None,
    *,
    after: UUID | None = None,
    limit: int = PAGE_SIZE,
) -> Directory:
    """Return a page of the appointed pool, best hits first; two statements.

    Raises:
        InvalidInputError: at field `q`, the search is longer than anybody means.
    """
    if len(text) > LONGEST_SEARCH:
        raise InvalidInputError.at("q", "input.too_long", longest=LONGEST_SEARCH, length=len(text))
    wanted = [fold(word) for word in text.split()]
    found = [(expert, weight) for expert in _appointed(reader) if (weight := _hits(expert, wanted))]
    counts = Counter(expert.category for expert, _ in found)
    chosen = [each for each in found if category is None or each[0].category is category]
    chosen.sort(key=lambda each: (-each[1], each[0].name, each[0].id))
    experts = [expert for expert, _ in chosen]
    begin = _place_after(experts, after)
    page = experts[begin : begin + max(1, min(limit, LARGEST_PAGE))]
    loads = month_loads(reader)
    has_more = begin + len(page) < len(experts)
    return Directory(
        items=tuple(_card(expert, loads) for expert in page),
        total=len(experts),
        by_category={each: counts[each] for each in ExpertCategory},
        next=page[-1].id if page and has_more else None,
    )


def profile(reader: Reader, expert_id: UUID) -> ExpertPage:
    """Return one appointed expert; four statements.

    Raises:
        NotFoundError: there is none, or he is in no term today.
    """
    expert = reader.session.get(Expert, expert_id)
    term = unbroken(_terms(reader, expert_id), local_day(reader.now))
    if expert is None or term is None:
        raise NotFoundError("expert.not_found")
    return ExpertPage(
        card=_card(expert, month_loads(reader)),
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        is_extended=term.kind is AppointmentKind.EXTENSION,
        counted_services=counted_services(reader, [expert_id])[expert_id],
        monthly_limit=expert.monthly_limit,
        notice_hours=expert.notice_hours,
    )


def counted_services(reader: Reader, expert_ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """Return how many meetings of each expert count by their newest decision.

    The number is public; the meetings behind it stay in the scope of those who may see them.
    """
    ids = list(expert_ids)
    record, attendance = ServiceRecord.__table__.c, Attendance.__table__.c
    newest = (
        select(record.service_session_id, func.max(record.number).label("number"))
        .group_by(record.service_session_id)
        .subquery()
    )
    statement = (
        select(attendance.expert_id, func.count(func.distinct(record.service_session_id)))
        .join(newest, newest.c.service_session_id == attendance.service_session_id)
        .join(
            ServiceRecord.__table__,
            and_(
                record.service_session_id == newest.c.service_session_id,
                record.number == newest.c.number,
            ),
        )
        .where(
            attendance.expert_id.in_(ids), attendance.is_present, record.status == Status.COUNTED
        )
        .group_by(attendance.expert_id)
    )
    with unscoped():
        rows = reader.session.connection().execute(statement).all()
    return {**dict.fromkeys(ids, 0), **{expert_id: count for expert_id, count in rows}}


def _appointed(reader: Reader) -> Sequence[Expert]:
    day = local_day(reader.now)
    in_term = select(Appointment.expert_id).where(
        Appointment.starts_on <= day, Appointment.ends_on >= day
    )
    return reader.session.scalars(select(Expert).where(Expert.id.in_(in_term))).all()


def _hits(expert: Expert, wanted: Sequence[str]) -> int:
    """Return how well the expert meets all the words, 0 when one is met nowhere."""
    fields: dict[str, str] = {name: fold(_text(getattr(expert, name))) for name in _WEIGHTS}
    weights = [
        sum(weight for name, weight in _WEIGHTS.items() if word in fields[name]) for word in wanted
    ]
    return sum(weights, start=1) if all(weights) else 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def _place_after(experts: Sequence[Expert], after: UUID | None) -> int:
    if after is None:
        return 0
    places = (place for place, expert in enumerate(experts, start=1) if expert.id == after)
    return next(places, len(experts))


def _terms(look: Look, expert_id: UUID) -> list[Term]:
    rows = look.session.scalars(select(Appointment).where(Appointment.expert_id == expert_id))
    return [
        Term(row.starts_on, row.ends_on, row.approved_on, AppointmentKind(row.kind)) for row in rows
    ]


def _card(expert: Expert, loads: Mapping[UUID, int]) -> ExpertCard:
    return ExpertCard(
        id=expert.id,
        name=expert.name,
        category=expert.category,
        organisation=expert.organisation,
        title=expert.title,
        bio=expert.bio,
        expertise=tuple(expert.expertise),
        topics=tuple(expert.topics),
        industries=tuple(expert.industries),
        stages=tuple(expert.stages),
        areas=tuple(expert.areas),
        modes=tuple(expert.modes),
        languages=tuple(expert.languages),
        is_paused=expert.is_paused,
        is_full=loads.get(expert.id, 0) >= expert.monthly_limit,
    )
