"""Terms that come to their end, and dismissals: with the figures a decision rests on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select

from app.domain.appraisal import Marks
from app.domain.calendar import day_starts_at, local_day
from app.domain.dismissal import OPEN
from app.domain.duty import Colour, DutyPolicy
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.point import FEWEST_RATERS, GOOD_SCORE
from app.models.dismissal import Dismissal, RenewalReason
from app.models.expert import Appointment, Expert
from app.models.outcome import Outcome, Rating
from app.models.service_session import Attendance, ServiceSession
from app.queries.appraisals import marks_of
from app.queries.duty import Standing, present_policy
from app.queries.duty.standing import standings
from app.queries.points.entries import held
from app.unit_of_work import Reader

# Who was not renewed stays on the list so long after the end of his term.
AFTERWARDS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many people rated in the term and how many ratings were good; of few nothing is told."""

    raters: int
    given: int
    good: int

    @property
    def is_told(self) -> bool:
        """Tell whether so many rated that nobody's own rating can be guessed."""
        return self.raters >= FEWEST_RATERS


@dataclass(frozen=True, slots=True)
class RenewalRow:
    """One expert whose term ends, or who may have to be dismissed.

    Attributes:
        is_short: the term lacks hours; it is renewed only with a reason.
        marks: of the years that appraisals look at.
        dismissal: of an open proposal.
    """

    id: UUID
    name: str
    category: ExpertCategory
    ends_on: date
    standing: Standing
    ratings: Ratings
    points: int
    marks: Marks
    dismissal: Dismissal | None

    @property
    def is_short(self) -> bool:
        """Tell whether the hours of the term are not reached."""
        return self.standing.term is not None and self.standing.term.is_short


@dataclass(frozen=True, slots=True)
class RenewalList:
    """The terms that end soon or have ended of late, the first first."""

    policy: DutyPolicy
    rows: tuple[RenewalRow, ...]


@dataclass(frozen=True, slots=True)
class DismissalPage:
    """One expert with the figures, and the proposals there were, the newest first."""

    row: RenewalRow
    proposals: tuple[Dismissal, ...]
    reasons: tuple[RenewalReason, ...]


def renewals(reader: Reader) -> RenewalList:
    """Return whose last term ends within the days of the policy, or has ended in the last thirty.

    Whoever calls it may know of the whole pool.
    """
    policy, today = present_policy(reader), local_day(reader.now)
    until = today + timedelta(days=policy.renewal_days)
    last = (
        select(Appointment.expert_id)
        .group_by(Appointment.expert_id)
        .having(func.max(Appointment.ends_on).between(today - AFTERWARDS, until))
    )
    rows = _rows(reader, reader.session.scalars(last).all())
    return RenewalList(policy, tuple(sorted(rows, key=lambda row: (row.ends_on, row.name))))


def dismissal_list(reader: Reader) -> tuple[RenewalRow, ...]:
    """Return who is proposed for dismissal, and who in term has come to a limit that asks for it.

    Whoever calls it may know of the whole pool.
    """
    today = local_day(reader.now)
    in_term = select(Appointment.expert_id).where(
        Appointment.starts_on <= today, Appointment.ends_on >= today
    )
    rows = _rows(reader, reader.session.scalars(in_term.distinct()).all())
    found = [
        row
        for row in rows
        if row.dismissal is not None
        or row.standing.absences.colour is Colour.RED
        or (row.standing.term and row.standing.term.colour(row.standing.policy) is Colour.RED)
        or row.marks.is_low
    ]
    return tuple(sorted(found, key=lambda row: (row.dismissal is None, row.name)))


def dismissal_page(reader: Reader, expert_id: UUID) -> DismissalPage | None:
    """Return one expert with the figures and proposals, None where he was never appointed."""
    rows = _rows(reader, [expert_id])
    if not rows:
        return None
    proposals = reader.session.scalars(
        select(Dismissal)
        .where(Dismissal.expert_id == expert_id)
        .order_by(Dismissal.proposed_at.desc())
    ).all()
    reasons = reader.session.scalars(
        select(RenewalReason)
        .join(Appointment, Appointment.id == RenewalReason.appointment_id)
        .where(Appointment.expert_id == expert_id)
        .order_by(RenewalReason.made_at.desc())
    ).all()
    return DismissalPage(rows[0], tuple(proposals), tuple(reasons))


def dismissals_of(reader: Reader, expert_id: UUID) -> tuple[Dismissal, ...]:
    """Return the proposals to dismiss an expert in the actor's sight, the newest first.

    Raises:
        NotFoundError: there is no such expert, or he is somebody else.
    """
    expert = reader.session.get(Expert, expert_id)
    if expert is None or not (reader.actor.is_staff or reader.actor.expert_id == expert_id):
        raise NotFoundError("expert.not_found")
    rows = reader.session.scalars(
        select(Dismissal)
        .where(Dismissal.expert_id == expert_id)
        .order_by(Dismissal.proposed_at.desc(), Dismissal.id.desc())
    )
    return tuple(rows)


def dismissal(reader: Reader, dismissal_id: UUID) -> Dismissal:
    """Return one proposal in the actor's sight.

    Raises:
        NotFoundError: there is none.
    """
    row = reader.session.get(Dismissal, dismissal_id)
    if row is None:
        raise NotFoundError("dismissal.not_found")
    return row


def open_dismissal(reader: Reader, expert_id: UUID) -> Dismissal | None:
    """Return the newest proposal to dismiss the expert in the actor's sight, decided or not."""
    return reader.session.scalars(
        select(Dismissal)
        .where(Dismissal.expert_id == expert_id)
        .order_by(Dismissal.proposed_at.desc())
        .limit(1)
    ).one_or_none()


def _rows(reader: Reader, expert_ids: Collection[UUID]) -> list[RenewalRow]:
    if not expert_ids:
        return []
    experts: dict[UUID, Expert] = {}
    terms: dict[UUID, list[Appointment]] = {}
    for expert, term in reader.session.execute(
        select(Expert, Appointment)
        .join(Appointment, Appointment.expert_id == Expert.id)
        .where(Expert.id.in_(expert_ids))
        .order_by(Appointment.starts_on)
    ):
        experts[expert.id] = expert
        terms.setdefault(expert.id, []).append(term)
    year = local_day(reader.now).year
    found = standings(reader, terms, year, list(terms)) if terms else {}
    rated = _ratings(reader, found)
    posted, marks = held(reader, year), marks_of(reader, list(found))
    opened = {
        row.expert_id: row
        for row in reader.session.scalars(
            select(Dismissal).where(Dismissal.expert_id.in_(terms), Dismissal.status.in_(OPEN))
        )
    }
    return [
        RenewalRow(
            id=key,
            name=experts[key].name,
            category=experts[key].category,
            ends_on=max(term.ends_on for term in terms[key]),
            standing=own,
            ratings=rated.get(key, Ratings(0, 0, 0)),
            points=sum(posted.get(key, {}).values()),
            marks=marks[key],
            dismissal=opened.get(key),
        )
        for key, own in found.items()
    ]


def _ratings(reader: Reader, found: dict[UUID, Standing]) -> dict[UUID, Ratings]:
    """Return the ratings of each expert since his term began; whose they are is not read."""
    begun = {key: own.term.span.first_on for key, own in found.items() if own.term}
    if not begun:
        return {}
    own_terms = (
        and_(
            Attendance.expert_id == key, ServiceSession.planned_starts_at >= day_starts_at(first_on)
        )
        for key, first_on in begun.items()
    )
    rows: Sequence[tuple[UUID, int, int, int]] = [
        (key, raters, given, good)
        for key, raters, given, good in reader.session.execute(
            select(
                Attendance.expert_id,
                func.count(func.distinct(Rating.person_id)),
                func.count(Rating.id),
                func.sum(case((Rating.score >= GOOD_SCORE, 1), else_=0)),
            )
            .join(Outcome, Outcome.service_session_id == Attendance.service_session_id)
            .join(Rating, Rating.outcome_id == Outcome.id)
            .join(ServiceSession, ServiceSession.id == Attendance.service_session_id)
            .where(or_(*own_terms))
            .group_by(Attendance.expert_id)
        )
        if key is not None
    ]
    return {key: Ratings(raters, given, int(good)) for key, raters, given, good in rows}
