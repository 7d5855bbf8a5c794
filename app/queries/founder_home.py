"""What a founder sees first: the next meeting, what is to be done, what has happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from app.domain.board_post import PostStatus
from app.domain.need import EDITABLE, NeedStatus
from app.domain.vocabulary import Label
from app.models.board_post import BoardPost
from app.models.message import Message
from app.models.need import Need
from app.models.person import Venture, VentureMember
from app.models.vocabulary import Term
from app.queries.activities import SeatPlace, seat_places
from app.queries.booking_pages.bookings import BookingView, bookings_of
from app.queries.booking_pages.stages import COMING, Stage
from app.queries.follow_ups import FollowUpView, waiting
from app.unit_of_work import Reader

MOST_STEPS = 8
MOST_NEEDS = 10


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """A need that is not finished, or waits for a mentor and a time.

    Attributes:
        bureau_due_at: by when the bureau answers, to which the search was left.
        awaits_consent: its founder is asked whether a text may go on the open board.
    """

    id: UUID
    text: str
    is_draft: bool
    bureau_due_at: datetime | None
    awaits_consent: bool


@dataclass(frozen=True, slots=True)
class VentureCard:
    """One of the founder's ventures."""

    id: UUID
    name: str
    registered: bool
    street: Label | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened: a message received, or an act of the founder's own."""

    kind: str
    at: datetime
    title: str = ""
    href: str = ""
    booking: BookingView | None = None


@dataclass(frozen=True, slots=True)
class FounderHome:
    """Everything on the founder's first page."""

    now: datetime
    upcoming: tuple[BookingView, ...]
    holds: tuple[BookingView, ...]
    kept_seats: tuple[SeatPlace, ...]
    to_confirm: tuple[BookingView, ...]
    to_contest: tuple[BookingView, ...]
    to_follow_up: tuple[FollowUpView, ...]
    open_needs: tuple[OpenNeed, ...]
    ventures: tuple[VentureCard, ...]
    steps: tuple[Step, ...]

    @property
    def next(self) -> BookingView | None:
        """The meeting that comes first of those that are agreed; what is only asked for is none."""
        agreed = (Stage.AGREED, Stage.MEETING)
        return next((each for each in self.upcoming if each.stage in agreed), None)

    @property
    def has_tasks(self) -> bool:
        """Tell whether anything waits for the founder."""
        kept = (self.holds, self.kept_seats, self.open_needs)
        return any(kept) or any((self.to_confirm, self.to_contest, self.to_follow_up))


def founder_home(reader: Reader) -> FounderHome:
    """Return the first page of the actor, a founder."""
    bookings = bookings_of(reader)
    ahead = [each for each in bookings if each.stage in COMING and each.ends_at > reader.now]
    return FounderHome(
        now=reader.now,
        upcoming=tuple(sorted(ahead, key=lambda each: each.starts_at)),
        holds=tuple(each for each in bookings if each.stage is Stage.ON_HOLD),
        kept_seats=tuple(each for each in seat_places(reader) if each.until is not None),
        to_confirm=tuple(each for each in bookings if each.meeting and each.meeting.may_confirm),
        to_contest=tuple(each for each in bookings if each.meeting and each.meeting.may_contest),
        to_follow_up=tuple(waiting(reader)),
        open_needs=_open_needs(reader),
        ventures=own_ventures(reader),
        steps=_steps(reader, bookings),
    )


def _open_needs(reader: Reader) -> tuple[OpenNeed, ...]:
    asked = exists().where(
        BoardPost.need_id == Need.id, BoardPost.status == PostStatus.AWAITING_CONSENT
    )
    needs = reader.session.execute(
        select(Need, asked.label("awaits_consent"))
        .where(Need.person_id == reader.actor.person_id, Need.status.in_(EDITABLE))
        .order_by(Need.created_at.desc(), Need.id.desc())
        .limit(MOST_NEEDS)
    )
    return tuple(
        OpenNeed(
            need.id, need.text, need.status is NeedStatus.DRAFT, need.bureau_due_at, awaits_consent
        )
        for need, awaits_consent in needs
    )


def own_ventures(reader: Reader) -> tuple[VentureCard, ...]:
    """Return the ventures the actor is a member of, the oldest first."""
    rows = reader.session.execute(
        select(Venture, Term)
        .join(VentureMember, VentureMember.venture_id == Venture.id)
        .outerjoin(Term, (Term.vocabulary == "street") & (Term.code == Venture.street))
        .where(VentureMember.person_id == reader.actor.person_id)
        .order_by(Venture.id)
    )
    return tuple(
        VentureCard(
            id=venture.id,
            name=venture.name,
            registered=venture.registered_on is not None,
            street=Label("street", term.code, term.zh, term.en) if term else None,
        )
        for venture, term in rows
    )


def _steps(reader: Reader, bookings: Sequence[BookingView]) -> tuple[Step, ...]:
    messages = reader.session.scalars(
        select(Message)
        .where(Message.account_id == reader.actor.account_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(MOST_STEPS)
    )
    told = [Step("told", row.created_at, row.title, row.href) for row in messages]
    done = [step for booking in bookings for step in _own_acts(booking)]
    return tuple(sorted((*told, *done), key=lambda step: step.at, reverse=True)[:MOST_STEPS])


def _own_acts(booking: BookingView) -> Iterator[Step]:
    if booking.booked_at is not None and booking.stage is not Stage.ON_HOLD:
        yield Step("requested", booking.booked_at, booking=booking)
    if booking.stage is Stage.DONE and booking.meeting and booking.meeting.confirmed_at:
        yield Step("confirmed", booking.meeting.confirmed_at, booking=booking)
