"""The public pool with free times: a page of the directory, and one mentor's own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.availability import upcoming
from app.domain.errors import NotFoundError
from app.domain.expert import AppointmentKind, ExpertCategory, unbroken
from app.domain.need import NeedStatus
from app.models.expert import Expert
from app.models.need import Need
from app.queries.booking_pages.offer import Offer, Slot
from app.queries.expert_search import Directory, counted_services, directory
from app.queries.free_times import load_diaries
from app.unit_of_work import Reader

# The directory is read before the kind of service is known; this is the usual one.
USUAL_SERVICE = "consultation"
NEAREST = 4
PAGE = 12


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """A page of the pool, and when each mentor on it can first be met."""

    directory: Directory
    first_free: Mapping[UUID, datetime]


@dataclass(frozen=True, slots=True)
class MentorPage:
    """What everybody signed in may know of a mentor.

    Attributes:
        open_need_id: the viewer's newest need that waits for a mentor.
    """

    id: UUID
    name: str
    category: ExpertCategory
    title: str
    bio: str
    expertise: tuple[str, ...]
    modes: tuple[str, ...]
    is_paused: bool
    starts_on: date
    ends_on: date
    is_extended: bool
    counted_services: int
    minutes: int
    free: tuple[Slot, ...]
    open_need_id: UUID | None


def directory_page(
    reader: Reader,
    text: str = "",
    category: ExpertCategory | None = None,
    *,
    after: UUID | None = None,
) -> DirectoryPage:
    """Return a page of the pool in eight statements.

    Raises:
        InvalidInputError: at field `q`, the search is longer than anybody means.
    """
    found = directory(reader, text, category, after=after, limit=PAGE)
    days = upcoming(reader.now)
    diaries = load_diaries(reader, [card.id for card in found.items], days)
    first: dict[UUID, datetime] = {}
    for card in found.items:
        question = diaries.question(card.id, USUAL_SERVICE, card.modes, reader.now)
        slots = Offer(diaries, diaries.by_expert[card.id], question).first(days, 1)
        if slots:
            first[card.id] = slots[0].starts_at
    return DirectoryPage(found, first)


def mentor_page(reader: Reader, expert_id: UUID) -> MentorPage:
    """Return one appointed mentor in eight statements.

    Raises:
        NotFoundError: there is none, or he is in no term today.
    """
    row = reader.session.execute(
        select(Expert, _open_need(reader)).where(Expert.id == expert_id)
    ).first()
    if row is None:
        raise NotFoundError("expert.not_found")
    expert: Expert = row[0]
    days = upcoming(reader.now)
    diaries = load_diaries(reader, [expert.id], days)
    diary = diaries.by_expert[expert.id]
    term = unbroken(diary.terms, days[0])
    if term is None:
        raise NotFoundError("expert.not_found")
    question = diaries.question(expert.id, USUAL_SERVICE, tuple(expert.modes), reader.now)
    offer = Offer(diaries, diary, question)
    return MentorPage(
        id=expert.id,
        name=expert.name,
        category=expert.category,
        title=f"{expert.organisation} {expert.title}".strip(),
        bio=expert.bio,
        expertise=tuple(expert.expertise),
        modes=tuple(expert.modes),
        is_paused=expert.is_paused,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        is_extended=term.kind is AppointmentKind.EXTENSION,
        counted_services=counted_services(reader, [expert.id])[expert.id],
        minutes=question.minutes,
        free=offer.first(days, NEAREST),
        open_need_id=row[1],
    )


def _open_need(reader: Reader) -> Any:
    return (
        select(Need.id)
        .where(Need.person_id == reader.actor.person_id, Need.status == NeedStatus.SUBMITTED)
        .order_by(Need.submitted_at.desc())
        .limit(1)
        .scalar_subquery()
    )
