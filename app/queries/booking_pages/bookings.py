"""A founder's own bookings, each with the meeting and the record it led to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, not_, select

from app.domain.booking import END_REASONS, BookingStatus, Side, is_late
from app.domain.errors import NotFoundError
from app.domain.service_record import CountingPolicy
from app.domain.service_session import Party
from app.domain.time_offer import OfferStatus
from app.domain.vocabulary import Label
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.models.time_offer import TimeOffer
from app.queries.booking_pages.deadlines import (
    confirm_until_on,
    is_disputed,
    may_confirm,
    may_contest,
    may_report_absence,
    ruling_due,
)
from app.queries.booking_pages.labels import Key, labels_of
from app.queries.booking_pages.stages import ASKED, Stage, move_offered_by, stage_of, with_offer
from app.queries.service_counts.policies import load_policies
from app.queries.suspensions import Held, held_back
from app.unit_of_work import Reader

MOST_SHOWN = 100


# Given by taking an offer, not chosen from a list.
IN_WRITING = "f_in_writing"
FOUNDER_REASONS = tuple(
    code
    for code, reason in END_REASONS.items()
    if reason.side is Side.FOUNDER and code != IN_WRITING
)
LATE_WITHOUT_REASON = "f_late_no_reason"
STANDS = TimeOffer.status == OfferStatus.OPEN


@dataclass(frozen=True, slots=True)
class Person:
    """An expert as a founder sees him beside a booking."""

    id: UUID
    name: str
    category: str
    title: str
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The service session of a booking and what came of it.

    Attributes:
        until_on: the last day on which its record may be confirmed; None without end or record.
        rule_by: until when a dispute on it is ruled on.
    """

    id: UUID
    no_show: str | None
    contest_by: datetime | None
    may_contest: bool
    may_confirm: bool
    may_report_absence: bool
    outcome_id: UUID | None
    record_by: datetime | None
    confirm_by: datetime | None
    until_on: date | None
    rule_by: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BookingView:
    """One booking with everything that says how it stands."""

    id: UUID
    reference: str
    version: int
    need_id: UUID
    need_text: str
    topic: Label | None
    expert: Person
    session_type: str
    mode: str
    place: str
    starts_at: datetime
    ends_at: datetime
    booked_at: datetime | None
    hold_until: datetime | None
    answer_by: datetime | None
    proposal_id: UUID | None
    may_pass_on: bool
    is_late: bool
    end_side: str | None
    end_reason: Label | None
    meeting: Meeting | None
    stage: Stage
    has_begun: bool
    choose_by: datetime | None
    move_offered_by: str | None
    held: Held | None

    @property
    def may_move(self) -> bool:
        """Tell whether the founder may take another time; late moves need both sides."""
        return self.stage in ASKED or (self.stage is Stage.AGREED and not self.is_late)

    @property
    def may_propose(self) -> bool:
        """Tell whether another time takes the mentor's word: less than a day is left."""
        is_ahead = self.stage in (Stage.AGREED, Stage.MEETING) and self.is_late
        return is_ahead and not self.has_begun and self.move_offered_by is None

    @property
    def may_end(self) -> bool:
        """Tell whether the founder may take the request back or call the meeting off."""
        return self.stage in (*ASKED, Stage.AGREED, Stage.SUSPENDED)

    @property
    def end_reasons(self) -> tuple[str, ...]:
        """The reasons there are for ending it now; being late is one only for who is late."""
        late = self.is_late and self.stage not in ASKED
        return tuple(code for code in FOUNDER_REASONS if late or code != LATE_WITHOUT_REASON)

    @property
    def may_check_in(self) -> bool:
        """Tell whether the founder may say that he has come."""
        return self.meeting is not None and self.stage is Stage.MEETING

    @property
    def may_report_absence(self) -> bool:
        """Tell whether the founder may report that the meeting did not come about."""
        is_due = self.stage in (Stage.MEETING, Stage.AWAITS_FINISH)
        return is_due and self.meeting is not None and self.meeting.may_report_absence


def booking_of(reader: Reader, booking_id: UUID) -> BookingView:
    """Return the actor's own booking.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    found = _views(reader, _own(reader).where(Booking.id == booking_id))
    if not found:
        raise NotFoundError("booking.not_found")
    return found[0]


def bookings_of(reader: Reader) -> list[BookingView]:
    """Return the actor's own bookings, the latest meeting first, without holds that are over."""
    is_over = and_(Booking.status == BookingStatus.ON_HOLD, Booking.hold_until <= reader.now)
    statement = (
        _own(reader)
        .where(Booking.status != BookingStatus.RELEASED, not_(is_over))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(MOST_SHOWN)
    )
    return _views(reader, statement)


def _own(reader: Reader) -> Any:
    return (
        select(Booking, Need, Expert, ServiceSession, Outcome, TimeOffer)
        .join(Need, Need.id == Booking.need_id)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .outerjoin(ServiceSession, ServiceSession.booking_id == Booking.id)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .outerjoin(TimeOffer, and_(TimeOffer.booking_id == Booking.id, STANDS))
        .where(Booking.founder_person_id == reader.actor.person_id)
    )


def _views(reader: Reader, statement: Any) -> list[BookingView]:
    rows = reader.session.execute(statement).all()
    keys = [("need_topic", row.Booking.topic) for row in rows if row.Booking.topic]
    keys += [("decline_cancel_reason", row.Booking.end_reason) for row in rows]
    named = labels_of(reader, [key for key in keys if key[1]])
    held = held_back(reader, [row.Booking.id for row in rows if _is_suspended(row.Booking)])
    meetings = _meetings(reader, rows)
    return [_view(row, named, (held, meetings.get(row.Booking.id)), reader.now) for row in rows]


def _meetings(reader: Reader, rows: Iterable[Any]) -> Mapping[UUID, Meeting]:
    """Return the meeting of each booking that has one."""
    found = [row for row in rows if row.ServiceSession is not None]
    waits = [row.Outcome for row in found if row.Outcome is not None]
    policies = load_policies(reader) if waits else ()
    due = ruling_due(
        reader,
        [row.ServiceSession.id for row in found if is_disputed(row.ServiceSession, row.Outcome)],
    )
    return {
        row.Booking.id: _meeting(row.ServiceSession, row.Outcome, policies, due, reader.now)
        for row in found
    }


def _is_suspended(booking: Booking) -> bool:
    return booking.status is BookingStatus.SUSPENDED


def _view(
    row: Any,
    named: dict[Key, Label],
    beside: tuple[Mapping[UUID, Held], Meeting | None],
    now: datetime,
) -> BookingView:
    booking: Booking = row.Booking
    held, meeting = beside
    return BookingView(
        id=booking.id,
        reference=booking.reference,
        version=booking.version,
        need_id=booking.need_id,
        need_text=row.Need.text,
        topic=named.get(("need_topic", booking.topic or "")),
        expert=person_of(row.Expert),
        session_type=booking.session_type,
        mode=booking.mode.value,
        place=booking.place,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        booked_at=booking.booked_at,
        hold_until=booking.hold_until,
        answer_by=booking.answer_by,
        proposal_id=booking.proposal_id,
        may_pass_on=booking.may_pass_on,
        is_late=is_late(booking.starts_at, booking.booked_at or now, now),
        end_side=booking.end_side.value if booking.end_side else None,
        end_reason=named.get(("decline_cancel_reason", booking.end_reason or "")),
        meeting=meeting,
        stage=with_offer(stage_of(booking, row.ServiceSession, row.Outcome, now), row.TimeOffer),
        has_begun=booking.starts_at <= now,
        choose_by=row.TimeOffer.answer_by if row.TimeOffer else None,
        move_offered_by=move_offered_by(row.TimeOffer),
        held=held.get(booking.id),
    )


def _meeting(
    session: ServiceSession,
    outcome: Outcome | None,
    policies: Sequence[CountingPolicy],
    due: Mapping[UUID, datetime],
    now: datetime,
) -> Meeting:
    last = confirm_until_on(session, policies) if outcome else None
    return Meeting(
        id=session.id,
        no_show=session.no_show.value if session.no_show else None,
        contest_by=session.contest_by,
        may_contest=may_contest(session, Party.FOUNDER, now),
        may_confirm=may_confirm(outcome, last, now),
        may_report_absence=may_report_absence(session, now),
        outcome_id=outcome.id if outcome else None,
        record_by=outcome.record_by if outcome else None,
        confirm_by=outcome.confirm_by if outcome else None,
        until_on=last,
        rule_by=due.get(session.id),
        confirmed_at=outcome.confirmed_at if outcome else None,
    )


def person_of(expert: Expert) -> Person:
    """Return what a founder sees of the expert beside a booking."""
    title = f"{expert.organisation} {expert.title}".strip()
    return Person(expert.id, expert.name, expert.category.value, title, tuple(expert.modes))
