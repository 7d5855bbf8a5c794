"""Another time of the same booking: looked at without a claim, or taken with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.availability import Diary, Question, Span, ensure_free, free_times
from app.domain.booking import FounderBusyError, TimeTakenError
from app.domain.calendar import WorkingCalendar, local_day
from app.models.booking import Booking, ResourceKind
from app.models.service_session import ServiceSession
from app.queries.booking_pages.offer import without
from app.queries.free_times import claims_of, load_diaries
from app.services.bookings import claims, timing
from app.services.bookings.answering import plan_reminders
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Leeway:
    """What decides where a booking can go: both sides' time without the booking itself."""

    diary: Diary
    calendar: WorkingCalendar
    question: Question
    days: Sequence[date]


def ensure_open(uow: UnitOfWork, booking: Booking, times: Sequence[datetime]) -> None:
    """Refuse times of which one could not be taken at this moment; nothing is claimed.

    Raises:
        NotFreeError: the expert does not offer it, with the cause.
        TimeTakenError, FounderBusyError: one side has another meeting then.
    """
    leeway = _leeway(uow, booking, times)
    for starts_at in times:
        ensure_free(leeway.diary, leeway.calendar, leeway.question, starts_at)
    offered = free_times(leeway.diary, leeway.calendar, leeway.question, leeway.days)
    free = {time.starts_at for time in offered}
    length = booking.ends_at - booking.starts_at
    for starts_at in times:
        if starts_at in free:
            continue
        busy = leeway.question.also_busy
        if any(span.starts_at < starts_at + length and span.ends_at > starts_at for span in busy):
            raise FounderBusyError
        raise TimeTakenError(starts_at=starts_at)


def retime(uow: UnitOfWork, booking: Booking, starts_at: datetime) -> None:
    """Take the time with both sides' claims; the calendar's sequence rises.

    Raises:
        NotFreeError: the expert does not offer it, with the cause.
        TimeTakenError: the database refuses an overlap.
    """
    length = booking.ends_at - booking.starts_at
    question = Question.of_length(booking.session_type, length, booking.mode, uow.now)
    ground = timing.survey(uow, timing.parties_of(uow, booking), starts_at)
    seen = timing.look(uow, ground, question, standing=booking)
    # Locked before the limits are counted, so that no two pass the last place together.
    timing.lock(uow, seen)
    timing.ensure_still(uow, seen)
    by = starts_at - booking.starts_at
    claims.shift(uow, booking, by, seen.pauses)
    booking.starts_at += by
    booking.ends_at += by
    booking.ics_sequence += 1


def replan(uow: UnitOfWork, booking: Booking, session: ServiceSession) -> None:
    """Let the planned meeting follow its booking, with reminders of its own."""
    session.planned_starts_at, session.planned_ends_at = booking.starts_at, booking.ends_at
    plan_reminders(uow, session, booking.ics_sequence)
    uow.audit("service_session.moved", session)


def _leeway(uow: UnitOfWork, booking: Booking, times: Sequence[datetime]) -> _Leeway:
    days = sorted({local_day(starts_at) for starts_at in times})
    diaries = load_diaries(uow, [booking.lead_expert_id], days)
    own_diary = diaries.by_expert[booking.lead_expert_id].of_agreed()
    diary = without(own_diary, booking.lead_expert_id, [booking]).without_service_on(
        local_day(booking.starts_at)
    )
    person_id = booking.founder_person_id
    own = Span(booking.starts_at, booking.ends_at)
    spans = claims_of(uow, ResourceKind.FOUNDER, [person_id], days).get(person_id, [])
    busy = tuple(span for span in spans if span != own)
    length = booking.ends_at - booking.starts_at
    question = Question.of_length(booking.session_type, length, booking.mode, uow.now, busy)
    return _Leeway(diary, diaries.calendar, question, days)
