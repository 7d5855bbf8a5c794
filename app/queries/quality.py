"""How good the services of a stretch were: ratings, records in time, disputes; with their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.domain.outcome import ConfirmationKind
from app.domain.service_record import Status
from app.domain.stretch import Stretch
from app.models.outcome import Dispute, Outcome, Rating
from app.models.service_session import ServiceSession
from app.models.standing_record import StandingRecord
from app.unit_of_work import Reader

PAGE = 100
# Of fewer answers no share is told.
LEAST_BASE = 5


class Part(StrEnum):
    """One number of the report."""

    RATED_5 = "rated_5"
    RATED_4 = "rated_4"
    RATED_3 = "rated_3"
    RATED_2 = "rated_2"
    RATED_1 = "rated_1"
    RECORDED = "recorded"
    RECORDED_LATE = "recorded_late"
    CONFIRMED = "confirmed"
    CONFIRMED_LATE = "confirmed_late"
    CERTIFIED = "certified"
    DISPUTED = "disputed"
    NO_SHOW = "no_show"


RATINGS = (Part.RATED_5, Part.RATED_4, Part.RATED_3, Part.RATED_2, Part.RATED_1)
# Which part is told as a share of which.
BASES: Mapping[Part, Part] = {
    Part.RECORDED_LATE: Part.RECORDED,
    Part.CONFIRMED_LATE: Part.CONFIRMED,
    Part.CERTIFIED: Part.CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class QualityRow:
    """A meeting behind a number; of ratings never who gave them."""

    id: UUID
    reference: str
    started_at: datetime
    session_type: str


@dataclass(frozen=True, slots=True)
class QualityPage:
    """A page of the rows behind a number; `count` is the number itself."""

    count: int
    number: int
    rows: tuple[QualityRow, ...]

    @property
    def has_next(self) -> bool:
        """Tell whether there are more."""
        return self.number * PAGE < self.count


def quality(reader: Reader, stretch: Stretch) -> dict[Part, int]:
    """Return every number of the stretch; a rating counts, otherwise a meeting."""
    return {part: _count(reader, part, stretch) for part in Part}


def quality_rows(reader: Reader, stretch: Stretch, part: Part, number: int = 1) -> QualityPage:
    """Return a page of the meetings behind a number, one line for each that it counts.

    Args:
        reader: the look.
        stretch: the months.
        part: the number.
        number: which page, from 1; the newest meetings come first.
    """
    rows = reader.session.execute(
        _rows(part, stretch)
        .order_by(StandingRecord.started_at.desc(), ServiceSession.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    return QualityPage(_count(reader, part, stretch), number, tuple(QualityRow(*r) for r in rows))


def _count(reader: Reader, part: Part, stretch: Stretch) -> int:
    statement = select(func.count()).select_from(_rows(part, stretch).subquery())
    return reader.session.execute(statement).scalar_one()


def share(parts: Mapping[Part, int], part: Part) -> int | None:
    """Return the percentage a part is of its base, None where the base is too small to tell."""
    base = parts[BASES[part]]
    return round(parts[part] * 100 / base) if base >= LEAST_BASE else None


def _rows(part: Part, stretch: Stretch) -> Select[UUID, str, datetime, str]:
    statement = (
        select(
            ServiceSession.id,
            ServiceSession.reference,
            StandingRecord.started_at,
            ServiceSession.session_type,
        )
        .join(StandingRecord, StandingRecord.service_session_id == ServiceSession.id)
        .where(StandingRecord.month.between(str(stretch.first), str(stretch.last)))
    )
    if part in RATINGS:
        return (
            statement.join(Outcome, Outcome.service_session_id == ServiceSession.id)
            .join(Rating, Rating.outcome_id == Outcome.id)
            .where(Rating.score == int(part[-1]))
        )
    if part is Part.DISPUTED:
        return statement.where(
            select(Dispute.id).where(Dispute.service_session_id == ServiceSession.id).exists()
        )
    if part is Part.NO_SHOW:
        return statement.where(
            StandingRecord.status == Status.NOT_COUNTED.value,
            StandingRecord.reason.in_(("no_show_founder", "no_show_mentor", "no_show_both")),
        )
    joined = statement.join(Outcome, Outcome.service_session_id == ServiceSession.id)
    return joined.where(*_OF_OUTCOMES[part])


_OF_OUTCOMES: Mapping[Part, tuple[Any, ...]] = {
    Part.RECORDED: (Outcome.recorded_at.is_not(None),),
    Part.RECORDED_LATE: (Outcome.recorded_at > Outcome.record_by,),
    Part.CONFIRMED: (Outcome.confirmed_at.is_not(None),),
    Part.CONFIRMED_LATE: (Outcome.confirmed_at.is_not(None), Outcome.is_late),
    Part.CERTIFIED: (
        Outcome.confirmed_at.is_not(None),
        Outcome.confirmation_kind == ConfirmationKind.CALL_BACK,
    ),
}
