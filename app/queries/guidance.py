"""How far the advice at a meeting may go: what both sides are told of officials."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from app.domain.calendar import local_day
from app.domain.expert import ExpertCategory
from app.domain.recusal import REGULATOR, REVIEW, Guidance, guidance, ties
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import DeclaredInterest, Expert
from app.queries.aliases import load_aliases
from app.queries.interests import Matter, backgrounds, sides
from app.unit_of_work import Reader

TAKES_PART = (PanelAnswer.INVITED, PanelAnswer.ACCEPTED)


def guidance_of(reader: Reader, booking_id: UUID) -> Guidance | None:
    """Return how far the advice of the booking may go, the strictest of its experts'.

    One statement; four more where an expert declared that he decides on somebody's application.
    """
    with reader.beyond_scope("both sides are told how far an official's advice may go"):
        experts = _experts(reader, booking_id)
        if any(row.regulates for row in experts) and _decides(reader, experts):
            return Guidance.RESTRICTED
    return guidance(any(row.category is ExpertCategory.OFFICIAL for row in experts), ())


def regulates(expert_id: Any) -> ColumnElement[bool]:
    """Return whether the expert declared that he decides on somebody's application."""
    return exists().where(
        DeclaredInterest.expert_id == expert_id, DeclaredInterest.conflict_type == REGULATOR
    )


def _experts(reader: Reader, booking_id: UUID) -> Sequence[Any]:
    return reader.session.execute(
        select(
            Expert.id,
            Expert.category,
            regulates(Expert.id).label("regulates"),
            Booking.founder_person_id,
            Booking.venture_id,
            Booking.session_type,
            Booking.starts_at,
        )
        .join(BookingExpert, BookingExpert.expert_id == Expert.id)
        .join(Booking, Booking.id == BookingExpert.booking_id)
        .where(Booking.id == booking_id, BookingExpert.answer.in_(TAKES_PART))
        .order_by(Expert.id)
    ).all()


def _decides(reader: Reader, experts: Sequence[Any]) -> bool:
    """Tell whether one of the experts decides on an application of this founder's side."""
    booking = experts[0]
    aliases = load_aliases(reader)
    matter = Matter(booking.founder_person_id, booking.venture_id, booking.session_type)
    (side,) = sides(reader, [matter], aliases)
    known = backgrounds(reader, [row.id for row in experts if row.regulates], aliases)
    day = local_day(booking.starts_at)
    is_review = booking.session_type == REVIEW
    return any(
        guidance(False, ties(one, side, day, is_review=is_review)) is Guidance.RESTRICTED
        for one in known.values()
    )
