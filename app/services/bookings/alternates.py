"""Who is asked to a panel instead of an expert who cannot, with the time that is left."""

from collections.abc import Sequence
from uuid import UUID

from app.domain.availability import Question
from app.domain.booking_panel import Tally
from app.domain.calendar import local_day
from app.domain.errors import DomainError
from app.models.booking import Booking, ResourceKind
from app.models.expert import Expert
from app.queries.interests import Matter
from app.services import pairings, recusals
from app.services.bookings import claims, company, seats, timing
from app.services.bookings.holding import answer_by, start_clock
from app.services.bookings.passing import candidates
from app.services.bookings.timing import Parties
from app.unit_of_work import UnitOfWork


def ask(uow: UnitOfWork, booking: Booking) -> bool:
    """Ask as many alternates as are missing and tell whether there were enough of them.

    Named ones come first, then, where the founder agreed, the shortlist of the need. Who takes
    the seat of the one who led leads. Where too few can be had none is asked.
    """
    asked: list[Expert] = []
    with uow.beyond_scope("alternates of a panel"):
        choice = _eligible(uow, booking)
        # Together and in one order: two panels may have the same alternates.
        claims.lock(uow, [(ResourceKind.EXPERT, expert.id) for expert in choice])
        try:
            with uow.attempt():
                asked = _take_missing(uow, booking, choice)
        except _TooFewError:
            return False
    booking.ics_sequence += 1
    notice_hours = max(expert.notice_hours for expert in asked)
    start_clock(uow, booking, answer_by(uow, booking, notice_hours))
    uow.audit("booking.alternates_asked", booking, experts=[str(each.id) for each in asked])
    uow.tell("booking.requested", booking, experts=[str(each.id) for each in asked])
    return True


class _TooFewError(DomainError):
    """What was tried is undone."""


def _take_missing(uow: UnitOfWork, booking: Booking, choice: Sequence[Expert]) -> list[Expert]:
    asked = []
    for expert in choice:
        if not _tally(uow, booking).missing:
            break
        if _try(uow, booking, expert):
            asked.append(expert)
    if _tally(uow, booking).missing:
        raise _TooFewError
    return asked


def _try(uow: UnitOfWork, booking: Booking, expert: Expert) -> bool:
    try:
        with uow.attempt():
            _take(uow, booking, expert)
    except DomainError:
        # This one cannot be had then; the next one may.
        return False
    return True


def _take(uow: UnitOfWork, booking: Booking, expert: Expert) -> None:
    matter = Matter(
        booking.founder_person_id, booking.venture_id, booking.session_type, booking.need_id
    )
    recusals.ensure_none(uow, [expert.id], matter, local_day(booking.starts_at))
    pairings.ensure_room(uow, expert.id, matter, booking.starts_at)
    length = booking.ends_at - booking.starts_at
    question = Question.of_length(booking.session_type, length, booking.mode, uow.now)
    ground = timing.survey(uow, Parties([expert.id], []), booking.starts_at)
    seen = timing.look(uow, ground, question)
    leads = not _tally(uow, booking).has_lead
    company.invite(uow, booking, expert.id, is_lead=leads)
    if leads:
        booking.lead_expert_id = expert.id
    claims.take(uow, booking, timing.lock(uow, seen), seen.pauses)
    uow.flush()


def _eligible(uow: UnitOfWork, booking: Booking) -> list[Expert]:
    known = {seat.expert_id for seat in seats.every(uow, booking)}
    keys = [UUID(key) for key in booking.alternates]
    if booking.may_pass_on:
        keys += [each.expert_id for each in candidates(uow, booking.need_id)]
    found = [uow.load(Expert, key) for key in dict.fromkeys(keys) if key not in known]
    return [
        expert
        for expert in found
        if booking.mode in expert.modes and answer_by(uow, booking, expert.notice_hours) > uow.now
    ]


def _tally(uow: UnitOfWork, booking: Booking) -> Tally:
    return seats.tally(booking, seats.every(uow, booking))
