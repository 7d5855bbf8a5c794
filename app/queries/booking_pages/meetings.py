"""A meeting as its founder sees it: the facts, the mentor's record, his own word on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from app.domain.errors import NotFoundError
from app.domain.outcome import OutcomeStatus
from app.domain.outcome_record import Extras, from_kept
from app.domain.recusal import Guidance
from app.domain.service_record import Decision
from app.domain.service_session import Party, ServiceSessionStatus
from app.domain.vocabulary import Label
from app.models.expert import Expert
from app.models.outcome import Confirmation, Dispute, Outcome, OutcomeVersion, Rating
from app.models.person import VentureMember
from app.models.service_session import Attendance, ServiceSession
from app.queries.booking_pages.bookings import Person, person_of
from app.queries.booking_pages.deadlines import confirm_until_on, may_confirm
from app.queries.booking_pages.labels import Key, labels_of
from app.queries.booking_pages.presence import (
    Absence,
    CheckIn,
    NoShowReport,
    absence_of,
    check_in_of,
    no_show_of,
)
from app.queries.guidance import guidance_of
from app.queries.service_counts.decisions import of_sessions
from app.queries.service_counts.policies import load_policies
from app.unit_of_work import Reader

Named = Mapping[Key, Label]


@dataclass(frozen=True, slots=True)
class Facts:
    """When, where, how long and with whom; the planned times until it was held."""

    starts_at: datetime
    ends_at: datetime
    is_actual: bool
    minutes: int
    break_minutes: int
    people: int


@dataclass(frozen=True, slots=True)
class Action:
    """A step agreed on: what, who, by which day."""

    text: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """The newest version of the mentor's record."""

    number: int
    question: str
    advice: str
    actions: tuple[Action, ...]
    result: Label | None
    extras: Extras
    reason: str | None
    signed_name: str | None


@dataclass(frozen=True, slots=True)
class Word:
    """What is recorded of the meeting, and the founder's own word on it."""

    outcome_id: UUID
    status: OutcomeStatus
    record: Record | None
    record_by: datetime
    confirm_by: datetime | None
    until_on: date | None
    is_open: bool
    agreed: bool | None
    score: int | None
    rule_by: datetime | None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything the founder is asked to check and to say."""

    id: UUID
    booking_id: UUID
    reference: str
    status: ServiceSessionStatus
    expert: Person
    session_type: str
    topic: Label | None
    mode: str
    place: str
    facts: Facts
    check_in: CheckIn
    absence: Absence
    no_show: NoShowReport | None
    word: Word | None
    dissents: tuple[tuple[str, str], ...]
    guidance: Guidance | None
    decision: Decision | None


def meeting_page(reader: Reader, session_id: UUID) -> MeetingPage:
    """Return the meeting that the actor took part in, or speaks for as the venture's contact.

    Raises:
        NotFoundError: there is none, or the actor has no word in it.
    """
    row = reader.session.execute(_statement(reader, session_id)).first()
    if row is None or row.ServiceSession.booking_id is None:
        raise NotFoundError("service_session.not_found")
    session: ServiceSession = row.ServiceSession
    people = reader.session.scalar(_people(session.id)) or 0
    keys = [("need_topic", session.topic or "")]
    keys += [("outcome", row.OutcomeVersion.result)] if row.OutcomeVersion else []
    named = labels_of(reader, keys)
    version = of_sessions(reader, [session.id]).get(session.id)
    return MeetingPage(
        id=session.id,
        booking_id=row.ServiceSession.booking_id,
        reference=session.reference,
        status=session.status,
        expert=person_of(row.Expert),
        session_type=session.session_type,
        topic=named.get(("need_topic", session.topic or "")),
        mode=session.mode.value,
        place=session.place,
        facts=_facts(session, people),
        check_in=check_in_of(session, row.Attendance, reader.now),
        absence=absence_of(session, row.Attendance, reader.now),
        no_show=no_show_of(session, row.Attendance, row.Dispute, reader),
        word=_word(row, named, reader),
        dissents=_dissents(reader, session.id),
        guidance=guidance_of(reader, row.ServiceSession.booking_id),
        decision=version.decision if version else None,
    )


def _dissents(reader: Reader, session_id: UUID) -> tuple[tuple[str, str], ...]:
    """Return in what experts of the panel do not agree with the record, each with his name."""
    rows = reader.session.execute(
        select(Expert.name, Attendance.dissent)
        .join(Attendance, Attendance.expert_id == Expert.id)
        .where(Attendance.service_session_id == session_id, Attendance.dissent.is_not(None))
        .order_by(Attendance.id)
    )
    return tuple((row.name, row.dissent) for row in rows)


def _statement(reader: Reader, session_id: UUID) -> Any:
    person_id = reader.actor.person_id
    newest = (
        select(func.max(OutcomeVersion.number))
        .where(OutcomeVersion.outcome_id == Outcome.id)
        .correlate(Outcome)
        .scalar_subquery()
    )
    by_actor = and_(Confirmation.outcome_id == Outcome.id, Confirmation.person_id == person_id)
    own = and_(
        Attendance.service_session_id == ServiceSession.id,
        Attendance.person_id == person_id,
        Attendance.side == Party.FOUNDER,
    )
    speaks_for = ServiceSession.venture_id.in_(
        select(VentureMember.venture_id).where(
            VentureMember.person_id == person_id, VentureMember.is_contact
        )
    )
    version = and_(OutcomeVersion.outcome_id == Outcome.id, OutcomeVersion.number == newest)
    return (
        select(
            ServiceSession,
            Expert,
            Attendance,
            Outcome,
            OutcomeVersion,
            Confirmation,
            Rating,
            Dispute,
        )
        .select_from(ServiceSession)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Attendance, own)
        .outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
        .outerjoin(OutcomeVersion, version)
        .outerjoin(Confirmation, by_actor)
        .outerjoin(Rating, and_(Rating.outcome_id == Outcome.id, Rating.person_id == person_id))
        .outerjoin(
            Dispute, and_(Dispute.service_session_id == ServiceSession.id, ~Dispute.is_absence)
        )
        .where(ServiceSession.id == session_id, or_(Attendance.id.is_not(None), speaks_for))
        .order_by(Confirmation.created_at.desc(), Dispute.opened_at.desc())
        .limit(1)
    )


def _people(session_id: UUID) -> Any:
    return select(func.count()).where(
        Attendance.service_session_id == session_id,
        Attendance.side == Party.FOUNDER,
        Attendance.is_present,
    )


def _facts(session: ServiceSession, people: int) -> Facts:
    starts_at = session.actual_start or session.planned_starts_at
    ends_at = session.actual_end or session.planned_ends_at
    return Facts(
        starts_at=starts_at,
        ends_at=ends_at,
        is_actual=session.actual_end is not None,
        minutes=int((ends_at - starts_at) / timedelta(minutes=1)) - session.break_minutes,
        break_minutes=session.break_minutes,
        people=people,
    )


def _word(row: Any, named: Named, reader: Reader) -> Word | None:
    outcome: Outcome | None = row.Outcome
    if outcome is None:
        return None
    last = confirm_until_on(row.ServiceSession, load_policies(reader))
    return Word(
        outcome_id=outcome.id,
        status=outcome.status,
        record=_record(row.OutcomeVersion, named),
        record_by=outcome.record_by,
        confirm_by=outcome.confirm_by,
        until_on=last,
        is_open=may_confirm(outcome, last, reader.now),
        agreed=row.Confirmation.agrees if row.Confirmation else None,
        score=row.Rating.score if row.Rating else None,
        rule_by=row.Dispute.rule_by if row.Dispute else None,
    )


def _record(version: OutcomeVersion | None, named: Named) -> Record | None:
    if version is None:
        return None
    return Record(
        number=version.number,
        question=version.question,
        advice=version.advice,
        actions=tuple(map(_action, version.actions)),
        result=named.get(("outcome", version.result)),
        extras=from_kept(version.stage, version.topics, version.effects, version.referral),
        reason=version.reason,
        signed_name=version.signed_name,
    )


def _action(kept: Mapping[str, Any]) -> Action:
    due_on = kept["due_on"]
    return Action(kept["text"], kept["owner"], date.fromisoformat(due_on) if due_on else None)
