"""What a working day begins with at the bureau, in numbers."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.domain.booking import BookingStatus
from app.domain.calendar import day_ends_at, local_day
from app.domain.follow_up import FollowUpStatus
from app.domain.job import RESENDABLE
from app.domain.need import NeedStatus
from app.domain.outcome import OutcomeStatus
from app.models.base import Base
from app.models.booking import Booking
from app.models.follow_up import FollowUp
from app.models.message import Delivery
from app.models.need import Need
from app.models.outcome import Dispute, Outcome
from app.models.task import Task
from app.models.ticket import Ticket
from app.queries.appraisals import waiting_counts
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class Morning:
    """What is open this morning.

    Attributes:
        tasks: open tasks.
        needs: needs on which somebody has to call the founder by tonight.
        answers: requests that expire today unless the mentor answers.
        meetings: meetings that were agreed for today.
        records: records that mentors owe since before today.
        disputes: disputes to be ruled on by tonight.
        follow_ups: founders who have not said how it went.
        tickets: bad ratings that are not yet put right.
        letters: letters that failed, or of which nobody knows.
        appraisals: experts who wait for their mark.
        late_appraisals: those of them who have waited longer than they should.
    """

    tasks: int
    needs: int
    answers: int
    meetings: int
    records: int
    disputes: int
    follow_ups: int
    tickets: int
    letters: int
    appraisals: int
    late_appraisals: int


def morning(look: Look) -> Morning:
    """Return what is open at the look's moment; what waits for a mark is counted beside it."""
    now, tonight = look.now, day_ends_at(local_day(look.now))
    return Morning(
        *look.session.execute(
            select(
                _count(Task, Task.closed_at.is_(None)),
                _count(Need, Need.status == NeedStatus.SUBMITTED, Need.bureau_due_at <= tonight),
                _count(
                    Booking, Booking.status == BookingStatus.REQUESTED, Booking.answer_by <= tonight
                ),
                _count(
                    Booking,
                    Booking.status == BookingStatus.ACCEPTED,
                    Booking.starts_at.between(now, tonight),
                ),
                _count(
                    Outcome,
                    Outcome.status == OutcomeStatus.AWAITING_RECORD,
                    Outcome.record_by < now,
                ),
                _count(Dispute, Dispute.ruled_at.is_(None), Dispute.rule_by <= tonight),
                _count(FollowUp, FollowUp.status == FollowUpStatus.ASKED),
                _count(Ticket, Ticket.closed_at.is_(None)),
                _count(Delivery, Delivery.state.in_(RESENDABLE)),
            )
        ).one(),
        *waiting_counts(look),
    )


def _count(model: type[Base], *which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*which).scalar_subquery()
