"""Honours: the bureau's list of all, and those of one expert that hold today."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.honour import VOCABULARY, HonourStatus, is_expired
from app.models.expert import Expert
from app.models.honour import Honour
from app.models.vocabulary import Term
from app.queries.free_times import Look
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class HonourView:
    """One honour with the names of its kind and of its expert.

    Attributes:
        is_expired: its last day is over.
        is_own: the viewer entered it, so that another must decide.
    """

    id: UUID
    expert_id: UUID
    name: str
    kind: str
    kind_zh: str
    kind_en: str
    document: str
    given_by: str
    given_on: date
    valid_until: date | None
    note: str
    status: HonourStatus
    made_at: datetime
    withdrawn_reason: str | None
    version: int
    is_expired: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class HonourPage:
    """What the bureau's page shows: honours, and what one may be entered of and for."""

    items: tuple[HonourView, ...]
    experts: Sequence[tuple[UUID, str]]
    kinds: Sequence[tuple[str, str, str]]
    may_enter: bool
    may_check: bool


def honour_list(reader: Reader, expert_id: UUID | None = None) -> tuple[HonourView, ...]:
    """Return the honours in the actor's sight: to be checked first, then the newest.

    Raises:
        NotFoundError: there is no such expert.
    """
    limits: list[Any] = []
    if expert_id is not None:
        if not reader.session.scalars(select(Expert.id).where(Expert.id == expert_id)).first():
            raise NotFoundError("expert.not_found")
        limits = [Honour.expert_id == expert_id]
    found = _found(reader, *limits)
    return tuple(sorted(found, key=lambda row: row.status is not HonourStatus.ENTERED))


def honour_page(reader: Reader, expert_id: UUID | None = None) -> HonourPage:
    """Return the page of all honours, or of one expert's."""
    experts = reader.session.execute(
        select(Expert.id, Expert.name, Expert.organisation).order_by(Expert.name, Expert.id)
    )
    kinds = reader.session.execute(
        select(Term.code, Term.zh, Term.en)
        .where(Term.vocabulary == VOCABULARY, Term.is_retired.is_(False))
        .order_by(Term.position)
    )
    return HonourPage(
        honour_list(reader, expert_id),
        [(key, f"{name} {unit}".strip()) for key, name, unit in experts],
        [(code, zh, en) for code, zh, en in kinds],
        may(reader.actor, Permission.ENTER_HONOUR),
        may(reader.actor, Permission.CHECK_HONOUR),
    )


def valid_honours(reader: Reader, expert_id: UUID) -> tuple[HonourView, ...]:
    """Return what an expert holds today: confirmed, not withdrawn, not run out."""
    return _found(reader, Honour.expert_id == expert_id, *holding(local_day(reader.now)))


def honour_of(reader: Reader, honour_id: UUID) -> HonourView:
    """Return one honour in the actor's sight.

    Raises:
        NotFoundError: there is none.
    """
    found = _found(reader, Honour.id == honour_id)
    if not found:
        raise NotFoundError("honour.not_found")
    return found[0]


def certified_honours(look: Look, expert_id: UUID) -> list[dict[str, str]]:
    """Return what an expert holds today as a certificate prints it, the latest first."""
    named = and_(Term.vocabulary == VOCABULARY, Term.code == Honour.kind)
    with look.beyond_scope("the honours that a certificate prints"):
        rows = look.session.execute(
            select(Honour, Term.zh, Term.en)
            .join(Term, named)
            .where(Honour.expert_id == expert_id, *holding(local_day(look.now)))
            .order_by(Honour.given_on.desc(), Honour.id.desc())
        ).all()
    return [
        {
            "id": str(row.id),
            "kind": row.kind,
            "zh": zh,
            "en": en,
            "document": row.document,
            "given_by": row.given_by,
            "given_on": row.given_on.isoformat(),
        }
        for row, zh, en in rows
    ]


def still_held(look: Look, honour_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the honours that hold today."""
    if not honour_ids:
        return frozenset()
    statement = select(Honour.id).where(Honour.id.in_(honour_ids), *holding(local_day(look.now)))
    return frozenset(look.session.scalars(statement))


def holding(today: date) -> tuple[Any, ...]:
    """Return the criteria of honours that hold on the day."""
    return (
        Honour.status == HonourStatus.CONFIRMED,
        Honour.given_on <= today,
        or_(Honour.valid_until.is_(None), Honour.valid_until >= today),
    )


def _found(reader: Reader, *limits: Any) -> tuple[HonourView, ...]:
    named = and_(Term.vocabulary == VOCABULARY, Term.code == Honour.kind)
    rows = reader.session.execute(
        select(Honour, Expert.name, Term.zh, Term.en)
        .join(Expert, Expert.id == Honour.expert_id)
        .join(Term, named)
        .where(*limits)
        .order_by(Honour.given_on.desc(), Honour.id.desc())
    )
    today = local_day(reader.now)
    return tuple(_view(reader, today, *row) for row in rows)


def _view(reader: Reader, today: date, row: Honour, name: str, zh: str, en: str) -> HonourView:
    plain: Mapping[str, Any] = {
        field: getattr(row, field)
        for field in (
            "id",
            "expert_id",
            "kind",
            "document",
            "given_by",
            "given_on",
            "valid_until",
            "note",
            "status",
            "made_at",
            "withdrawn_reason",
            "version",
        )
    }
    return HonourView(
        **plain,
        name=name,
        kind_zh=zh,
        kind_en=en,
        is_expired=is_expired(row.valid_until, today),
        is_own=row.made_by_id == reader.actor.account_id,
    )
