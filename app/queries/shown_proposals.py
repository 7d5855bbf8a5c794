"""What was shown to founders, how often whom, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, func, select

from app.domain.booking import BookingStatus, Side
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import NoShow, ServiceSessionStatus
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.outcome import Outcome, Rating
from app.models.proposal import MatchRound, Proposal
from app.models.service_session import ServiceSession
from app.queries.free_times import Look

Answer = Literal["", "accepted", "declined"]
# What a request is worth knowing of: an answer before none, the later before the earlier.
_TOLD: Mapping[Answer, int] = {"": 0, "declined": 1, "accepted": 2}
_MENTOR_AWAY = (NoShow.MENTOR, NoShow.BOTH)
# A no-show that was ruled delivered has an end, too.
_ENDED = (ServiceSessionStatus.FINISHED, ServiceSessionStatus.RULED)
_CONFIRMED: Mapping[OutcomeStatus | None, bool] = {
    OutcomeStatus.CONFIRMED: True,
    OutcomeStatus.CERTIFIED: True,
    OutcomeStatus.DISPUTED: False,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One expert asked for one need; None and empty text stand for what is not known."""

    answer: Answer = ""
    reason: str = ""
    is_held: bool | None = None
    is_confirmed: bool | None = None
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """An expert as he stood in a list that was shown, and the request that followed, if any."""

    need_id: UUID
    expert_id: UUID
    rank: int
    parts: Sequence[Mapping[str, Any]] = field(repr=False)
    matcher_version: str
    propensity: float
    shown_at: datetime
    request: Request | None


def showings(look: Look, since: datetime, until: datetime, but: UUID) -> Mapping[UUID, int]:
    """Return for how many needs each expert was shown, one need left out.

    Args:
        look: what to read with; it must see all proposals.
        since: the first instant that counts.
        until: the first instant that does not count any more.
        but: the need for which somebody is asking.
    """
    rows = look.session.execute(
        select(Proposal.expert_id, func.count(Proposal.need_id.distinct()))
        .join(MatchRound, MatchRound.id == Proposal.match_round_id)
        .where(
            MatchRound.created_at >= since,
            MatchRound.created_at < until,
            MatchRound.lack.is_(None),
            Proposal.need_id != but,
        )
        .group_by(Proposal.expert_id)
    )
    return {expert_id: count for expert_id, count in rows}


def shown_since(look: Look, since: datetime) -> list[ShownProposal]:
    """Return each need's experts as they were shown last, or last before they were asked.

    Whom the bureau arranged is left out: he stood first whatever he scored. So is the list of a
    need that nobody fits: its founder is not shown it.
    Three statements, whatever the number of rows; the look must see all rows.
    """
    requests = _requests(look, since)
    newest: dict[tuple[UUID, UUID], Any] = {}
    for row in look.session.execute(_shown(since)):
        key = (row.need_id, row.expert_id)
        asked = requests.get(key)
        if key not in newest or asked is None or row.shown_at <= asked.asked_at:
            newest[key] = row
    return [_told(row, requests.get(key)) for key, row in newest.items()]


def _shown(since: datetime) -> Any:
    return (
        select(
            Proposal.need_id,
            Proposal.expert_id,
            Proposal.rank,
            Proposal.parts,
            Proposal.propensity,
            MatchRound.created_at.label("shown_at"),
            MatchRound.matcher_version,
        )
        .join(MatchRound, MatchRound.id == Proposal.match_round_id)
        .where(
            MatchRound.created_at >= since,
            MatchRound.lack.is_(None),
            Proposal.propensity.is_not(None),
        )
        .order_by(MatchRound.created_at, MatchRound.number, Proposal.rank)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    asked_at: datetime
    request: Request


def _requests(look: Look, since: datetime) -> dict[tuple[UUID, UUID], _Asked]:
    """Return for each need and expert the request that tells most; holds are no requests."""
    ratings = _ratings(look, since)
    found: dict[tuple[UUID, UUID], _Asked] = {}
    for row in look.session.execute(_asked(since)):
        key, asked = (row.need_id, row.expert_id), _Asked(row.booked_at, _request(row, ratings))
        former = found.get(key)
        if former is None or _TOLD[asked.request.answer] >= _TOLD[former.request.answer]:
            found[key] = asked
    return found


def _asked(since: datetime) -> Any:
    return (
        select(
            Booking.need_id,
            BookingExpert.expert_id,
            BookingExpert.answer,
            Booking.id,
            Booking.booked_at,
            Booking.status,
            Booking.end_reason,
            Booking.end_side,
            ServiceSession.status.label("session_status"),
            ServiceSession.no_show,
            ServiceSession.actual_end,
            Outcome.status.label("outcome_status"),
        )
        .join(BookingExpert, BookingExpert.booking_id == Booking.id)
        .outerjoin(ServiceSession, ServiceSession.booking_id == Booking.id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .where(
            Booking.booked_at >= since,
            Booking.status.not_in((BookingStatus.ON_HOLD, BookingStatus.RELEASED)),
        )
        .order_by(Booking.booked_at, Booking.id)
    )


def _ratings(look: Look, since: datetime) -> Mapping[UUID, float]:
    rows = look.session.execute(
        select(ServiceSession.booking_id, func.avg(Rating.score))
        .join(Outcome, Outcome.service_session_id == ServiceSession.id)
        .join(Rating, Rating.outcome_id == Outcome.id)
        .where(Rating.created_at >= since)
        .group_by(ServiceSession.booking_id)
    )
    return {booking_id: float(mean) for booking_id, mean in rows}


def _request(row: Row[Any], ratings: Mapping[UUID, float]) -> Request:
    if row.answer is PanelAnswer.ACCEPTED:
        return Request(
            answer="accepted",
            is_held=_is_held(row),
            is_confirmed=_CONFIRMED.get(row.outcome_status),
            rating=ratings.get(row.id),
        )
    if row.answer is PanelAnswer.DECLINED or row.status is BookingStatus.EXPIRED:
        return Request(answer="declined", reason=row.end_reason or "")
    return Request()


def _is_held(row: Row[Any]) -> bool | None:
    """Tell whether the meeting took place; False only where the mentor kept it from that.

    A founder or the bureau who cancels tells nothing, nor does a no-show that is contested.
    """
    if row.session_status in _ENDED and row.actual_end is not None:
        return True
    if row.status is BookingStatus.CANCELLED:
        return False if row.end_side is Side.MENTOR else None
    is_missed = row.session_status is ServiceSessionStatus.NO_SHOW
    return False if is_missed and row.no_show in _MENTOR_AWAY else None


def _told(row: Row[Any], asked: _Asked | None) -> ShownProposal:
    return ShownProposal(
        need_id=row.need_id,
        expert_id=row.expert_id,
        rank=row.rank,
        parts=row.parts,
        matcher_version=row.matcher_version,
        propensity=row.propensity,
        shown_at=row.shown_at,
        request=asked.request if asked else None,
    )
