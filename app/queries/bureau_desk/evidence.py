"""Everything behind one meeting, gathered in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.outcome import OutcomeStatus
from app.domain.recusal import Guidance, guidance
from app.domain.service_record import CorrectionOp, from_stored
from app.domain.service_session import NOT_HELD
from app.models.appeal import Appeal
from app.models.booking import Booking
from app.models.expert import Expert
from app.models.need import Need
from app.models.outcome import Dispute
from app.models.person import IdentityLevel, Person, Venture
from app.models.service_record import Correction, CorrectionStatus, ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.queries.audit_entries import chain_of_session
from app.queries.bureau_desk.correction_values import named_in, shown_value
from app.queries.bureau_desk.meeting import (
    Change,
    Contested,
    Decided,
    Disagreement,
    Evidence,
    Meeting,
    OfVenture,
    Present,
    Record,
)
from app.queries.bureau_desk.record import record_of
from app.queries.guidance import guidance_of, regulates
from app.unit_of_work import Reader

_UNSETTLED = frozenset({OutcomeStatus.RECORDED, OutcomeStatus.UNCONFIRMED})


def evidence(reader: Reader, session_id: UUID) -> Evidence:
    """Return everything behind the meeting; seven statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    rows = _meeting_rows(reader, session_id)
    meeting, people = _meeting(rows[0]), _people(reader, session_id)
    present = [each.person_id for each in people if each.is_present]
    disputes = {row.Dispute.id: _disagreement(row.Dispute) for row in rows if row.Dispute}
    corrections = _changes(reader, [row.Correction for row in rows if row.Correction])
    approved = [c for c in corrections.values() if c.status is CorrectionStatus.APPROVED]
    corrected_at = max((c.checked_at for c in approved if c.checked_at), default=None)
    struck = [each for each in approved if each.operation is CorrectionOp.REMOVE_ATTENDEE]
    refuted = {UUID(str(each.value)): each.id for each in struck}
    record = record_of(reader, rows[0].ServiceSession, present, corrected_at, refuted)
    appeals = {row.Appeal.id: _contested(row.Appeal) for row in rows if row.Appeal}
    return Evidence(
        meeting=meeting,
        people=people,
        record=record,
        decided=_decided(reader, session_id),
        disputes=tuple(disputes[key] for key in sorted(disputes)),
        corrections=tuple(corrections[key] for key in sorted(corrections)),
        appeals=tuple(appeals[key] for key in sorted(appeals)),
        chain=chain_of_session(reader, session_id),
        guidance=_guidance(reader, rows[0]),
        acts=_acts(reader, meeting, record, any(d.ruled_at is None for d in disputes.values())),
    )


def session_id_of(reader: Reader, reference: str) -> UUID:
    """Return the meeting of that number.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    key = reader.session.scalar(
        select(ServiceSession.id).where(ServiceSession.reference == reference)
    )
    if key is None:
        raise NotFoundError("service_session.not_found")
    return key


def _meeting_rows(reader: Reader, session_id: UUID) -> Any:
    # One dispute, a few corrections and appeals at most: their product stays small.
    rows = reader.session.execute(
        select(
            ServiceSession,
            Expert,
            Person,
            Venture,
            Booking,
            Need,
            Dispute,
            Correction,
            Appeal,
            regulates(ServiceSession.lead_expert_id).label("regulates"),
        )
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
        .outerjoin(Venture, Venture.id == ServiceSession.venture_id)
        .outerjoin(Booking, Booking.id == ServiceSession.booking_id)
        .outerjoin(Need, Need.id == ServiceSession.need_id)
        .outerjoin(Dispute, Dispute.service_session_id == ServiceSession.id)
        .outerjoin(Correction, Correction.service_session_id == ServiceSession.id)
        .outerjoin(Appeal, Appeal.service_session_id == ServiceSession.id)
        .where(ServiceSession.id == session_id)
    ).all()
    if not rows:
        raise NotFoundError("service_session.not_found")
    return rows


def _contested(row: Appeal) -> Contested:
    return Contested(row.id, row.status, row.opened_at, row.answer_by, row.answered_at)


def _meeting(row: Any) -> Meeting:
    held: ServiceSession = row.ServiceSession
    return Meeting(
        id=held.id,
        version=held.version,
        reference=held.reference,
        booking_reference=row.Booking.reference if row.Booking else None,
        need_id=held.need_id,
        need_reference=row.Need.reference if row.Need else None,
        session_type=held.session_type,
        topic=held.topic,
        mode=held.mode.value,
        place=held.place,
        channel=held.channel.value,
        status=held.status,
        founder=row.Person.name if row.Person else None,
        expert_id=row.Expert.id,
        expert=row.Expert.name,
        venture=row.Venture.name if row.Venture else None,
        venture_code=_code_then(held, row.Venture),
        registered_on=row.Venture.registered_on if row.Venture else None,
        of_venture=_of_venture(row.Venture),
        department=held.department,
        area=held.area,
        street=held.street,
        industry=held.industry,
        planned_starts_at=held.planned_starts_at,
        planned_ends_at=held.planned_ends_at,
        actual_start=held.actual_start,
        actual_end=held.actual_end,
        break_minutes=held.break_minutes,
        anonymous_heads=held.anonymous_heads,
        no_show=held.no_show.value if held.no_show else None,
        no_show_note=held.no_show_note,
        contest_by=held.contest_by,
        entered_by_id=held.entered_by_id,
        is_test=held.is_test,
    )


def _of_venture(row: Venture | None) -> OfVenture | None:
    if row is None:
        return None
    return OfVenture(row.id, row.version, row.entity_type, row.credit_code, row.registered_on)


def _code_then(held: ServiceSession, venture: Venture | None) -> str | None:
    """Return the venture's code if it was registered on the day of the meeting."""
    if venture is None or venture.registered_on is None:
        return None
    day = local_day(held.actual_start or held.planned_starts_at)
    return venture.credit_code if venture.registered_on <= day else None


def _people(reader: Reader, session_id: UUID) -> tuple[Present, ...]:
    rows = reader.session.execute(
        select(Attendance, Person, Expert.name.label("expert"))
        .outerjoin(Person, Person.id == Attendance.person_id)
        .outerjoin(Expert, Expert.id == Attendance.expert_id)
        .where(Attendance.service_session_id == session_id, Attendance.voided_at.is_(None))
        .order_by(Attendance.side, Attendance.id)
    )
    return tuple(_present(row.Attendance, row.Person, row.expert) for row in rows)


def _present(row: Attendance, person: Person | None, expert: str | None) -> Present:
    levels = (row.identity_level, person.identity_level if person else IdentityLevel.NONE)
    return Present(
        person_id=row.person_id,
        person_version=person.version if person else None,
        name=expert or (person.name if person else None),
        side=row.side,
        is_lead=row.is_lead,
        is_present=row.is_present,
        checked_in_at=row.checked_in_at,
        in_at=row.in_at,
        out_at=row.out_at,
        evidence=row.evidence,
        identity=max(levels, key=list(IdentityLevel).index),
        signed_at=row.signed_at,
        dissent=row.dissent,
        expert_id=row.expert_id,
        aside_at=row.stood_aside_at,
    )


def _decided(reader: Reader, session_id: UUID) -> tuple[Decided, ...]:
    rows = reader.session.scalars(
        select(ServiceRecord)
        .where(ServiceRecord.service_session_id == session_id)
        .order_by(ServiceRecord.number.desc())
    )
    return tuple(
        Decided(row.id, row.number, from_stored(row.detail), row.cause, row.decided_at)
        for row in rows
    )


def _disagreement(row: Dispute) -> Disagreement:
    return Disagreement(
        id=row.id,
        version=row.version,
        reference=row.reference,
        statement=row.statement,
        opened_at=row.opened_at,
        rule_by=row.rule_by,
        ruling=row.ruling,
        ruling_text=row.ruling_text,
        ruled_at=row.ruled_at,
        is_absence=row.is_absence,
    )


def _changes(reader: Reader, rows: Sequence[Correction]) -> dict[UUID, Change]:
    # Whoever was struck is among the people of the page and known by his key.
    named = named_in(reader, [row for row in rows if row.operation == CorrectionOp.SET_VENTURE])
    return {row.id: _change(row, named) for row in rows}


def _change(row: Correction, named: Mapping[UUID, str]) -> Change:
    operation = CorrectionOp(row.operation)
    is_struck = operation is CorrectionOp.REMOVE_ATTENDEE
    return Change(
        id=row.id,
        version=row.version,
        operation=operation,
        value=str(row.value) if is_struck else shown_value(row, named),
        reason=row.reason,
        status=row.status,
        made_by_id=row.made_by_id,
        made_at=row.made_at,
        checked_at=row.checked_at,
    )


def _guidance(reader: Reader, row: Any) -> Guidance | None:
    # Who may not read what experts declare reads no more of it here.
    if row.regulates:
        return guidance_of(reader, row.ServiceSession.booking_id)
    return guidance(row.Expert.category is ExpertCategory.OFFICIAL, ())


def _acts(
    reader: Reader, meeting: Meeting, record: Record | None, is_disputed: bool
) -> frozenset[Permission]:
    """Return what the reader is allowed to do and what the meeting's state lets him do."""
    is_unsettled = record is not None and record.status in _UNSETTLED
    possible = {
        Permission.MAKE_CORRECTION: meeting.status not in NOT_HELD,
        Permission.CERTIFY_OUTCOME: is_unsettled,
        Permission.RULE_DISPUTE: is_disputed,
        Permission.ENTER_ON_PAPER: meeting.status not in NOT_HELD,
        Permission.NOTE_REGISTRATION: meeting.of_venture is not None,
        Permission.HOLD_SERVICE_SESSION: meeting.status in NOT_HELD
        and meeting.planned_starts_at <= reader.now,
    }
    return frozenset(
        permission
        for permission, is_open in possible.items()
        if is_open and may(reader.actor, permission)
    )
