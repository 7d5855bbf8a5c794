"""An activity that was held: its list closed, and the meeting that counts made of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.activity import (
    LONGEST_SUMMARY,
    ActivityKind,
    ActivityStatus,
    NotPublishedError,
    ensure_closable,
    recused_minutes,
)
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.need import Channel
from app.domain.outcome import ConfirmationKind, OutcomeStatus
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import (
    Evidence,
    Party,
    ServiceSessionStatus,
    ensure_actual,
    ensure_on_plan,
)
from app.models.activity import Activity, ActivityExpert, Registration, ReviewProject
from app.models.expert import Expert
from app.models.outcome import Outcome, OutcomeVersion
from app.models.person import IdentityLevel
from app.models.service_session import Attendance, ServiceSession
from app.services import deadlines, service_records
from app.services.activities import fronts, projects
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.services.service_sessions import OwnTimes
from app.unit_of_work import UnitOfWork

HELD = "advised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What really happened.

    Attributes:
        note: what came of it; for a review, where the protocol signed by chair and secretary is.
        absent: announced speakers who did not come; for a review the ranking has said it.
        experts: when single experts came and went; the others were there the whole time.
    """

    actual_start: datetime
    actual_end: datetime
    note: str
    break_minutes: int = 0
    absent: frozenset[UUID] = frozenset()
    experts: Mapping[UUID, OwnTimes] = field(default_factory=dict)


def close(
    uow: UnitOfWork, activity_id: UUID, facts: Closing, *, version: int | None = None
) -> ServiceSession:
    """Close the list, on behalf of an officer who did not stand in front; then it counts.

    The list is the attendees' side of a lecture or a roundtable, the signed protocol that of a
    review: with it the meeting is recorded and confirmed at once (decisions on who confirms).

    Raises:
        OverError, NotOverError, CloserSpeaksError: with why not.
        NotPublishedError: a review whose ranking is not published.
        InvalidInputError: naming each field at fault.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_version(activity, version)
    known = {expert.id: expert for expert in fronts.experts_of(uow, activity.id)}
    ensure_closable(
        activity.status,
        facts.actual_end,
        uow.now,
        closer=uow.actor.person_id,
        experts={expert.person_id for expert in known.values()},
    )
    if activity.kind is ActivityKind.REVIEW and activity.ranked_at is None:
        raise NotPublishedError
    ensure_actual(facts.actual_start, facts.actual_end, facts.break_minutes, uow.now)
    ensure_on_plan(facts.actual_start, activity.starts_at)
    note = prose.ensure("note", facts.note, LONGEST_SUMMARY)
    present = _present(uow, activity, facts)
    session = _session(uow, activity, facts, present[0].expert_id)
    rows = [
        *_in_front(uow, session, facts, [known[row.expert_id] for row in present]),
        *_listeners(uow, session, {expert.person_id for expert in known.values()}),
    ]
    uow.audit("attendance.signed_in", *map(uow.add, rows))
    _confirm(uow, activity, session, note)
    activity.status, activity.ended_note = ActivityStatus.CLOSED, note
    activity.closed_at, activity.closed_by_id = uow.now, uow.actor.account_id
    cancel_open(uow, activity.id)
    uow.audit("activity.closed", activity, session=session.id)
    uow.flush()
    service_records.count(uow, session.id, cause="activity.closed")
    return session


def _present(uow: UnitOfWork, activity: Activity, facts: Closing) -> Sequence[ActivityExpert]:
    """Return who stood in front, the one who led first."""
    rows = fronts.of(uow, activity.id)
    keys = {row.expert_id for row in rows}
    if activity.kind is not ActivityKind.REVIEW:
        if not facts.absent < keys:
            raise InvalidInputError.at("absent", "activity.absent")
        for row in rows:
            row.is_absent = row.expert_id in facts.absent
    present = [row for row in rows if not row.is_absent]
    if not facts.experts.keys() <= {row.expert_id for row in present}:
        raise InvalidInputError.at("experts", "service_session.unknown_expert")
    if any(own.out_at <= own.in_at for own in facts.experts.values()):
        raise InvalidInputError.at("experts", "service_session.end_before_start")
    return present


def _session(uow: UnitOfWork, activity: Activity, facts: Closing, lead_id: UUID) -> ServiceSession:
    is_review = activity.kind is ActivityKind.REVIEW
    placed = [row for row in projects.of(uow, activity.id) if row.score is not None]
    session = uow.add(
        ServiceSession(
            reference=uow.reference("service_session"),
            activity_id=activity.id,
            lead_expert_id=lead_id,
            session_type=activity.kind.value,
            topic=activity.topic,
            mode=activity.mode,
            place=activity.place,
            channel=Channel.BUREAU,
            department=activity.department,
            planned_starts_at=activity.starts_at,
            planned_ends_at=activity.ends_at,
            actual_start=facts.actual_start,
            actual_end=facts.actual_end,
            break_minutes=facts.break_minutes,
            anonymous_heads=activity.anonymous_heads,
            review_projects=len(placed) if is_review else None,
            status=ServiceSessionStatus.FINISHED,
        )
    )
    uow.flush()
    uow.audit("service_session.finished", session)
    return session


def _in_front(
    uow: UnitOfWork, session: ServiceSession, facts: Closing, experts: Sequence[Expert]
) -> Iterator[Attendance]:
    heard = projects.of(uow, session.activity_id) if session.activity_id else ()
    aside = _stood_aside(uow, heard)
    for expert in experts:
        own = facts.experts.get(expert.id)
        yield Attendance(
            service_session_id=session.id,
            side=Party.EXPERT,
            person_id=expert.person_id,
            expert_id=expert.id,
            is_lead=expert.id == session.lead_expert_id,
            in_at=own.in_at if own else facts.actual_start,
            out_at=own.out_at if own else facts.actual_end,
            evidence=Evidence.SIGNATURE,
            identity_level=IdentityLevel.DOCUMENT,
            is_present=True,
            recused_minutes=recused_minutes(aside.count(expert.id)) if heard else None,
        )


def _stood_aside(uow: UnitOfWork, heard: Sequence[ReviewProject]) -> list[UUID]:
    # Every project of the list was heard in its slot, whether or not anybody could mark it.
    return [row.expert_id for row in projects.recusals_of(uow, [each.id for each in heard])]


def _listeners(
    uow: UnitOfWork, session: ServiceSession, in_front: Collection[UUID]
) -> Iterator[Attendance]:
    statement = (
        select(Registration)
        .where(
            Registration.activity_id == session.activity_id,
            Registration.checked_in_at.is_not(None),
        )
        .order_by(Registration.id)
    )
    for row in uow.all(statement):
        if row.person_id not in in_front:
            yield Attendance(
                service_session_id=session.id,
                side=Party.FOUNDER,
                person_id=row.person_id,
                is_lead=False,
                checked_in_at=row.checked_in_at,
                evidence=row.evidence,
                identity_level=row.identity_level,
                is_present=True,
            )


def _confirm(uow: UnitOfWork, activity: Activity, session: ServiceSession, note: str) -> None:
    is_review = activity.kind is ActivityKind.REVIEW
    outcome = uow.add(
        Outcome(
            service_session_id=session.id,
            status=OutcomeStatus.CONFIRMED,
            record_by=deadlines.duty(uow, PolicyNumber.RECORD, session.actual_end or uow.now),
            recorded_at=uow.now,
            confirmed_at=uow.now,
            confirmation_kind=(
                ConfirmationKind.PAPER_SIGNATURE if is_review else ConfirmationKind.SIGNED_IN
            ),
        )
    )
    uow.flush()
    written = uow.add(
        OutcomeVersion(
            outcome_id=outcome.id,
            number=1,
            question=activity.title,
            advice=note,
            actions=[],
            result=HELD,
            author_id=uow.actor.account_id,
            created_at=uow.now,
        )
    )
    uow.audit("outcome.recorded", outcome, written)
