"""Which counted services each expert took part in, with his own minutes.

The services of few are read from the ledger; those of a whole pool are counted by the database
from the columns made of it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Uuid, case, column, exists, func, or_, select, values
from sqlalchemy.orm import aliased

from app.domain.calendar import Month
from app.domain.duty import Span
from app.domain.service_record import Status
from app.models.service_record import ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.models.standing_record import StandingExpert
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class OwnService:
    """One counted service of an expert: its newest decision, and his own minutes of it."""

    expert_id: UUID
    session_id: UUID
    record_id: UUID
    reference: str
    session_type: str
    department: str
    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Done:
    """What an expert has done in a month: counted services of the year, minutes of his days."""

    services: int
    minutes: int


def own_services(
    look: Look, first_on: date, last_on: date, expert_ids: Collection[UUID] | None = None
) -> Sequence[OwnService]:
    """Return the counted services of the days, by day; of these experts, or of everybody in sight.

    A service counts for each expert whose own minutes in it count. One statement; of the stored
    decision only the minutes are read, since there may be many.
    """
    later = aliased(ServiceRecord)
    statement = (
        select(
            ServiceRecord.id,
            ServiceRecord.service_session_id,
            ServiceRecord.day,
            ServiceRecord.session_type,
            ServiceRecord.detail["expert_minutes"],
            ServiceSession.reference,
            ServiceSession.department,
        )
        .join(ServiceSession, ServiceSession.id == ServiceRecord.service_session_id)
        .where(
            ServiceRecord.status == Status.COUNTED,
            ServiceRecord.day.between(first_on, last_on),
            ~exists().where(
                later.service_session_id == ServiceRecord.service_session_id,
                later.number > ServiceRecord.number,
            ),
        )
        .order_by(ServiceRecord.day, ServiceSession.reference)
    )
    wanted = None
    if expert_ids is not None:
        wanted = {str(key) for key in expert_ids}
        attended = select(Attendance.service_session_id).where(Attendance.expert_id.in_(expert_ids))
        statement = statement.where(ServiceRecord.service_session_id.in_(attended))
    return [
        OwnService(UUID(key), session_id, record_id, reference, kind, department, day, minutes)
        for record_id, session_id, day, kind, shares, reference, department in look.session.execute(
            statement
        )
        for key, minutes in shares
        if wanted is None or key in wanted
    ]


def done_by_month(
    look: Look, year: int, spans: Mapping[UUID, Span]
) -> Mapping[UUID, Mapping[Month, Done]]:
    """Return what everybody in sight has done in each month of the year and of his own days.

    One statement, counted by the database.
    """
    own = StandingExpert
    # Nobody is named by the first row: a table of no rows cannot be written.
    nobody = (date.min, date.min, UUID(int=0))
    days = (
        values(column("first_on", Date), column("last_on", Date), column("expert_id", Uuid))
        .data([nobody, *((span.first_on, span.last_on, key) for key, span in spans.items())])
        .cte("days")
    )
    is_within = own.day.between(days.c.first_on, days.c.last_on)
    is_of_year = own.month.between(str(Month(year, 1)), str(Month(year, 12)))
    rows = look.session.execute(
        select(
            own.expert_id,
            own.month,
            func.sum(case((is_of_year, 1), else_=0)),
            func.sum(case((is_within, own.minutes), else_=0)),
        )
        .outerjoin(days, days.c.expert_id == own.expert_id)
        .where(or_(is_of_year, is_within))
        .group_by(own.expert_id, own.month)
        .order_by(own.expert_id, own.month)
    )
    found: dict[UUID, dict[Month, Done]] = defaultdict(dict)
    for expert_id, month, services, minutes in rows:
        found[expert_id][Month.parse(month)] = Done(int(services), int(minutes))
    return found


def serving(look: Look, year: int, department: str) -> frozenset[UUID]:
    """Return who has a counted service for the department in the year."""
    own = StandingExpert
    return frozenset(
        look.session.scalars(
            select(own.expert_id)
            .join(ServiceSession, ServiceSession.id == own.service_session_id)
            .where(
                own.day.between(date(year, 1, 1), date(year, 12, 31)),
                ServiceSession.department == department,
            )
            .distinct()
        )
    )
