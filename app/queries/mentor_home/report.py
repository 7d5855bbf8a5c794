"""One meeting as its mentor reports it: who was expected, what he wrote, how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select

from app.domain.errors import NotFoundError
from app.domain.outcome import OutcomeStatus
from app.domain.outcome_record import Extras, from_kept
from app.domain.recusal import Guidance
from app.domain.service_session import NO_SHOW_GRACE, NOT_HELD, Party, ServiceSessionStatus
from app.models.booking import BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.models.outcome import Outcome, OutcomeVersion
from app.models.person import Person
from app.models.service_session import Attendance, ServiceSession
from app.queries.booking_pages.deadlines import late_word, may_contest, open_ruling
from app.queries.guidance import guidance_of
from app.queries.mentor_home.ledger import LedgerRow, ledger_row
from app.queries.mentor_home.meetings import Meeting, meetings
from app.queries.mentor_home.own_absence import OwnAbsence, own_absence
from app.unit_of_work import Reader

_Came = Row[Attendance, str, str, PanelAnswer]
OPEN_FOR_RECORD = frozenset({OutcomeStatus.AWAITING_RECORD, OutcomeStatus.RECORDED})


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody of the founder's side."""

    person_id: UUID
    name: str
    is_lead: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """An expert of the panel who was there, when he was, and whether he has signed that."""

    name: str
    is_lead: bool
    is_own: bool
    in_at: datetime | None
    out_at: datetime | None
    signed_at: datetime | None
    dissent: str | None
    aside_at: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another expert who is expected at the meeting."""

    expert_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody is to do by a day."""

    text: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Written:
    """One version of the mentor's record."""

    number: int
    question: str
    advice: str
    actions: tuple[Step, ...]
    result: str
    extras: Extras
    reason: str | None
    created_at: datetime
    signed_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """Everything the report of one meeting shows."""

    meeting: Meeting
    session_id: UUID
    mentor: str
    version: int
    status: ServiceSessionStatus
    expected: tuple[Expected, ...]
    panel: tuple[Seat, ...]
    colleagues: tuple[Colleague, ...]
    absence: OwnAbsence | None
    actual_start: datetime | None
    actual_end: datetime | None
    break_minutes: int
    no_show: str | None
    no_show_note: str | None
    contest_by: datetime | None
    may_contest: bool
    outcome: OutcomeStatus | None
    outcome_version: int | None
    confirm_by: datetime | None
    until_on: date | None
    rule_by: datetime | None
    written: Written | None
    counted: LedgerRow
    guidance: Guidance | None
    aside_at: datetime | None
    now: datetime

    @property
    def is_finished(self) -> bool:
        """Tell whether the actual times are known."""
        return self.outcome is not None

    @property
    def may_finish(self) -> bool:
        """Tell whether the meeting can be closed with its actual times."""
        return self.status in NOT_HELD and self.meeting.starts_at < self.now

    @property
    def is_too_early(self) -> bool:
        """Tell whether the meeting lies ahead."""
        return self.status in NOT_HELD and not self.may_finish

    @property
    def may_write(self) -> bool:
        """Tell whether the actor, who leads, can write a version of the record."""
        is_open = self.may_finish or self.outcome in OPEN_FOR_RECORD
        return is_open and self.meeting.is_lead

    @property
    def to_sign(self) -> Seat | None:
        """The actor's own times, while he still has to sign them under the record."""
        if self.written is None:
            return None
        own = (seat for seat in self.panel if seat.is_own and not seat.is_lead)
        unsigned = (seat for seat in own if seat.signed_at is None and seat.aside_at is None)
        return next(unsigned, None)

    @property
    def may_stand_aside(self) -> bool:
        """Tell whether the actor can declare a tie and leave the meeting that runs."""
        return self.may_finish and self.aside_at is None

    @property
    def no_show_from(self) -> datetime:
        """From when an absence can be reported."""
        return self.meeting.starts_at + NO_SHOW_GRACE

    @property
    def may_report_absence(self) -> bool:
        """Tell whether an absence can be reported by now."""
        return self.status in NOT_HELD and self.no_show_from <= self.now


def report_page(reader: Reader, session_id: UUID) -> ReportPage:
    """Return the report of a meeting the actor leads or took part in as an expert.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    found = meetings(reader, ServiceSession.id == session_id)
    row = reader.session.execute(
        select(ServiceSession, Outcome)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .where(ServiceSession.id == session_id)
    ).one_or_none()
    if not found or row is None:
        raise NotFoundError("service_session.not_found")
    session: ServiceSession = row.ServiceSession
    came = _attendances(reader, session)
    outcome: Outcome | None = row.Outcome
    own = _own(came, reader.actor.expert_id)
    return ReportPage(
        meeting=found[0],
        session_id=session.id,
        mentor=reader.actor.name,
        version=session.version,
        status=session.status,
        expected=_expected(came),
        panel=_panel(came, reader.actor.expert_id),
        colleagues=_colleagues(came),
        absence=own_absence(reader, own),
        actual_start=session.actual_start,
        actual_end=session.actual_end,
        break_minutes=session.break_minutes,
        no_show=session.no_show.value if session.no_show else None,
        no_show_note=session.no_show_note,
        contest_by=session.contest_by,
        may_contest=may_contest(session, Party.EXPERT, reader.now),
        outcome=outcome.status if outcome else None,
        outcome_version=outcome.version if outcome else None,
        confirm_by=outcome.confirm_by if outcome else None,
        until_on=late_word(reader, session, outcome),
        rule_by=open_ruling(reader, session, outcome),
        written=_newest(reader, outcome.id) if outcome else None,
        counted=ledger_row(reader, found[0]),
        guidance=guidance_of(reader, session.booking_id) if session.booking_id else None,
        aside_at=own.stood_aside_at if own else None,
        now=reader.now,
    )


def _attendances(reader: Reader, session: ServiceSession) -> Sequence[_Came]:
    """Return who was expected or came, who leads first, each with his name as person and expert."""
    return reader.session.execute(
        select(Attendance, Person.name, Expert.name.label("expert"), BookingExpert.answer)
        .outerjoin(Person, Person.id == Attendance.person_id)
        .outerjoin(Expert, Expert.id == Attendance.expert_id)
        .outerjoin(
            BookingExpert,
            and_(
                BookingExpert.booking_id == session.booking_id,
                BookingExpert.expert_id == Attendance.expert_id,
            ),
        )
        .where(Attendance.service_session_id == session.id, Attendance.voided_at.is_(None))
        .order_by(Attendance.is_lead.desc(), Attendance.id)
    ).all()


def _expected(rows: Sequence[_Came]) -> tuple[Expected, ...]:
    return tuple(
        Expected(row.person_id, name or "", row.is_lead, row.is_present)
        for row, name, *_ in rows
        if row.side == Party.FOUNDER
    )


def _panel(rows: Sequence[_Came], own: UUID | None) -> tuple[Seat, ...]:
    """Return who came of the experts; nobody where one served alone."""
    seats = tuple(
        Seat(
            name=name,
            is_lead=row.is_lead,
            is_own=row.expert_id == own,
            in_at=row.in_at,
            out_at=row.out_at,
            signed_at=row.signed_at,
            dissent=row.dissent,
            aside_at=row.stood_aside_at,
        )
        for row, _, name, _ in rows
        if row.side == Party.EXPERT and row.is_present
    )
    return seats if len(seats) > 1 else ()


def _colleagues(rows: Sequence[_Came]) -> tuple[Colleague, ...]:
    """Return the experts whom a lead expects, without those who left the panel before."""
    return tuple(
        Colleague(row.expert_id, name)
        for row, _, name, answer in rows
        if row.expert_id and not row.is_lead and answer is PanelAnswer.ACCEPTED
    )


def _own(rows: Sequence[_Came], own: UUID | None) -> Attendance | None:
    return next((row for row, *_ in rows if own is not None and row.expert_id == own), None)


def _newest(reader: Reader, outcome_id: UUID) -> Written | None:
    row = reader.session.scalars(
        select(OutcomeVersion)
        .where(OutcomeVersion.outcome_id == outcome_id)
        .order_by(OutcomeVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    actions = tuple(_step(action) for action in row.actions)
    return Written(
        number=row.number,
        question=row.question,
        advice=row.advice,
        actions=actions,
        result=row.result,
        extras=from_kept(row.stage, row.topics, row.effects, row.referral),
        reason=row.reason,
        created_at=row.created_at,
        signed_name=row.signed_name,
    )


def _step(action: Mapping[str, Any]) -> Step:
    due_on = date.fromisoformat(action["due_on"]) if action["due_on"] else None
    return Step(action["text"], action["owner"], due_on)
