"""The rows of a meeting as facts of the counting rules."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.domain.calendar import local_day
from app.domain.outcome import spokespersons
from app.domain.recusal import REVIEW, Counterpart, Tie, forbidding, side_of, ties
from app.domain.service_record import (
    AttendeeFacts,
    Confirmation,
    ConflictFacts,
    Dimensions,
    DisputeFacts,
    ExpertFacts,
    Reason,
    Ruling,
    SessionFacts,
    SessionType,
    Span,
    VentureFacts,
    corrected,
)
from app.domain.service_session import SEEN, Party, ServiceSessionStatus
from app.models.person import IdentityLevel
from app.services.service_records.material import Material

_MISSED = frozenset(
    {
        ServiceSessionStatus.NO_SHOW,
        ServiceSessionStatus.CONTESTED,
        ServiceSessionStatus.RULED,
    }
)


def facts_of(material: Material, asof: datetime) -> tuple[SessionFacts, ...]:
    """Return the facts of every meeting, corrections made by then applied."""
    return tuple(_facts(material, session, asof) for session in material.sessions)


def _facts(material: Material, session: Row[Any], asof: datetime) -> SessionFacts:
    recorded = _recorded(material, session)
    facts = corrected(recorded, material.corrections, asof)
    facts = replace(
        facts,
        venture=_registered(material, facts.venture),
        experts=tuple(_standing(material, each, facts.actual) for each in facts.experts),
    )
    return replace(facts, conflicts=_conflicts(material, session, facts))


def _recorded(material: Material, session: Row[Any]) -> SessionFacts:
    labels = Dimensions(session.department, session.area, session.street, session.industry)
    return SessionFacts(
        session_id=str(session.id),
        session_type=SessionType(session.session_type),
        actual=_actual(session),
        experts=_experts(material, session),
        attendees=_attendees(material, session),
        topic=session.topic,
        venture=VentureFacts(str(session.venture_id), None) if session.venture_id else None,
        planned=_planned(session),
        break_minutes=session.break_minutes,
        entered_at=session.recorded_at,
        recorded_at=session.recorded_at,
        confirmation=_confirmation(session),
        dispute=_dispute(material, session),
        void_code=_void_code(session),
        is_text=session.is_written,
        is_test=session.is_test,
        is_in_district=labels.is_in_district,
        anonymous_heads=session.anonymous_heads,
        review_projects=session.review_projects or 0,
        dimensions=labels,
    )


def _void_code(session: Row[Any]) -> Reason | None:
    if session.voided_at is not None:
        return Reason.VOIDED
    is_missed = session.no_show is not None and session.status in _MISSED
    return Reason(session.no_show.value) if is_missed else None


def _actual(session: Row[Any]) -> Span:
    """Return the meeting's real span; what did not take place has the planned start, no length."""
    if session.actual_start is None or session.actual_end is None:
        return Span(session.planned_starts_at, session.planned_starts_at)
    return Span(session.actual_start, session.actual_end)


def _planned(session: Row[Any]) -> Span | None:
    """Return the plan; a meeting entered afterwards had none."""
    if session.entered_by_id is not None:
        return None
    return Span(session.planned_starts_at, session.planned_ends_at)


def _experts(material: Material, session: Row[Any]) -> tuple[ExpertFacts, ...]:
    """Return the experts; the lead signs with the record, all those of an activity with its list.

    The other experts of a panel sign for themselves.
    """
    all_signed = session.activity_id is not None
    return tuple(
        ExpertFacts(
            expert_id=str(row.expert_id),
            is_lead=row.is_lead,
            terms=material.experts[row.expert_id].terms,
            category=material.experts[row.expert_id].category,
            present=_present(session, row),
            signed_at=session.recorded_at if row.is_lead or all_signed else row.signed_at,
            recused_minutes=row.recused_minutes or 0,
        )
        for row in material.attendances[session.id]
        if row.side is Party.EXPERT
    )


def _standing(material: Material, expert: ExpertFacts, actual: Span) -> ExpertFacts:
    """Return the expert as suspended where he stood down when the service really began."""
    known = material.experts[UUID(expert.expert_id)].stand_downs
    return replace(expert, is_suspended=any(each.covers(actual.starts_at) for each in known))


def _attendees(material: Material, session: Row[Any]) -> tuple[AttendeeFacts, ...]:
    speakers = _speakers(material, session)
    return tuple(
        AttendeeFacts(
            person_id=str(row.person_id),
            is_identified=row.identity_level is not IdentityLevel.NONE
            or material.persons[row.person_id].is_identified,
            is_contact=row.person_id in speakers,
            vouched_at=_vouched_at(material, session, row),
            present=_present(session, row),
            group=material.persons[row.person_id].group,
        )
        for row in material.attendances[session.id]
        if _came(row)
    )


def _present(session: Row[Any], row: Row[Any]) -> Span | None:
    """Return somebody's own times; None from beginning to end, whatever these turn out to be."""
    if row.in_at is None or row.out_at is None:
        return None
    if (row.in_at, row.out_at) == (session.actual_start, session.actual_end):
        return None
    return Span(row.in_at, row.out_at)


def _speakers(material: Material, session: Row[Any]) -> frozenset[UUID]:
    """Return who would have to settle the facts; once they are settled, nobody."""
    if session.confirmed_at is not None:
        return frozenset()
    venture = material.ventures.get(session.venture_id)
    came = [row.person_id for row in material.attendances[session.id] if _came(row)]
    return spokespersons(venture.contacts if venture else (), session.founder_person_id, came)


def _came(row: Row[Any]) -> bool:
    return row.side is Party.FOUNDER and row.is_present


def _vouched_at(material: Material, session: Row[Any], row: Row[Any]) -> datetime | None:
    own = [
        said.created_at
        for said in material.confirmations[session.id]
        if said.person_id == row.person_id and said.agrees
    ]
    if row.checked_in_at is not None and row.evidence in SEEN:
        own.append(row.checked_in_at)
    return min(own, default=None)


def _registered(material: Material, named: VentureFacts | None) -> VentureFacts | None:
    """Return the venture with the legal day since which it is registered, as known now."""
    if named is None:
        return None
    return replace(named, registered_on=material.ventures[UUID(named.venture_id)].registered_on)


def _confirmation(session: Row[Any]) -> Confirmation | None:
    """Return the word that settled the facts; who might give it was asked when it was given."""
    if session.confirmed_at is None:
        return None
    return Confirmation(session.confirmation_kind, session.confirmed_at)


def _dispute(material: Material, session: Row[Any]) -> DisputeFacts | None:
    newest = next(reversed(material.disputes[session.id]), None)
    if newest is None:
        return None
    ruling = newest.ruling and Ruling(newest.ruling)
    return DisputeFacts(newest.opened_at, newest.ruled_at, ruling)


def _conflicts(
    material: Material, session: Row[Any], facts: SessionFacts
) -> tuple[ConflictFacts, ...]:
    """Return who was tied to the founder's side, and when that was waived, or declared by leaving.

    An activity serves no side: who listens is not advised, and from a review judges stand aside
    project by project.
    """
    if session.activity_id is not None:
        return ()
    persons = {UUID(attendee.person_id) for attendee in facts.attendees}
    side = side_of(
        persons | {session.founder_person_id},
        UUID(facts.venture.venture_id) if facts.venture else None,
        material.ventures,
        material.aliases,
    )
    found = []
    for row in material.attendances[session.id]:
        if row.side is not Party.EXPERT:
            continue
        if row.stood_aside_at is not None:
            # What he left for is a tie nobody has waived, known to the service or not.
            found.append(ConflictFacts(str(row.expert_id), declared_at=row.stood_aside_at))
            continue
        held = _forbidding(material, session, row.expert_id, (side, facts.day))
        if held:
            waived_at = _waived_at(material, session, row.expert_id, held)
            found.append(ConflictFacts(str(row.expert_id), waived_at))
    return tuple(found)


def _forbidding(
    material: Material, session: Row[Any], expert_id: UUID, on: tuple[Counterpart, date]
) -> tuple[Tie, ...]:
    side, day = on
    is_review = session.session_type == REVIEW
    known = material.experts[expert_id].background
    if is_review:
        known = replace(known, advised_on=_advised_on(material, expert_id, side, day))
    return forbidding(ties(known, side, day, is_review=is_review))


def _advised_on(material: Material, expert_id: UUID, side: Counterpart, day: date) -> date | None:
    """Return the last day until then on which the expert advised whom he judges."""
    days = (
        local_day(row.starts_at)
        for row in material.advice.get(expert_id, ())
        if row.founder_person_id in side.person_ids or row.venture_id in side.venture_ids
    )
    return max((each for each in days if each <= day), default=None)


def _waived_at(
    material: Material, session: Row[Any], expert_id: UUID, held: tuple[Tie, ...]
) -> datetime | None:
    """Return when the last of the ties was waived, None while one is not."""
    waived: frozenset[str] = frozenset()
    for waiver in material.waivers.get((session.need_id, expert_id), ()):
        waived |= waiver.kinds
        if not forbidding(held, waived):
            return waiver.waived_at
    return None
