"""Reads everything the counting rules need to know of some meetings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select

from app.domain.booking import BookingStatus
from app.domain.correction import from_stored
from app.domain.expert import AppointmentKind, Term
from app.domain.need import SERVICES
from app.domain.person import with_doubles
from app.domain.recusal import REVIEW
from app.domain.service_record import Correction, CorrectionOp, ServedVenture, canonical
from app.domain.service_session import Party
from app.domain.waiver import WaiverRule
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Appointment, Expert
from app.models.outcome import Confirmation, Dispute, Outcome, OutcomeVersion
from app.models.person import FounderGroup, IdentityLevel, Person, Venture, VentureMember
from app.models.service_record import Correction as CorrectionRow
from app.models.service_record import CorrectionStatus
from app.models.service_session import Attendance, ServiceSession
from app.models.vocabulary import Term as Word
from app.queries.aliases import load_aliases
from app.queries.free_times import Look
from app.queries.interests import backgrounds
from app.queries.stand_downs import known_of
from app.queries.waivers import approved
from app.services.service_records.material import (
    KnownExpert,
    KnownPerson,
    KnownVenture,
    KnownWaiver,
    Material,
    Rows,
)

__all__ = ["gather", "load_aliases", "load_corrections"]

Ids = Collection[UUID]
_Row = Row[Any]


def gather(look: Look, session_ids: Ids, also: Iterable[Correction] = ()) -> Material:
    """Return all that is known now of the meetings.

    Args:
        look: what to read with.
        session_ids: the meetings.
        also: corrections as if they had been approved.
    """
    sessions = _sessions(look, session_ids)
    attendances = _attendances(look, session_ids)
    present = [row for rows in attendances.values() for row in rows]
    founders = {row.person_id for row in present if row.side is Party.FOUNDER}
    experts = {row.expert_id for row in present if row.expert_id}
    aliases = load_aliases(look)
    corrections = (*load_corrections(look, session_ids), *also)
    judging = experts if any(row.session_type == REVIEW for row in sessions) else ()
    return Material(
        sessions=sessions,
        attendances=attendances,
        confirmations=_confirmations(look, session_ids),
        disputes=_disputes(look, session_ids),
        corrections=corrections,
        experts=_experts(look, experts, aliases),
        persons=_persons(look, founders, aliases),
        ventures=_ventures(
            look,
            _not_none(row.venture_id for row in sessions) | set(_named(corrections)),
            with_doubles(founders | _not_none(row.founder_person_id for row in sessions), aliases),
        ),
        aliases=aliases,
        waivers=_waivers(look, _not_none(row.need_id for row in sessions)),
        advice=_advice(look, judging) if judging else {},
    )


def load_corrections(look: Look, session_ids: Ids) -> tuple[Correction, ...]:
    """Return the approved corrections of the meetings."""
    rows = look.session.execute(
        select(
            CorrectionRow.service_session_id,
            CorrectionRow.operation,
            CorrectionRow.value,
            CorrectionRow.checked_at,
        ).where(
            CorrectionRow.service_session_id.in_(session_ids),
            CorrectionRow.status == CorrectionStatus.APPROVED,
        )
    )
    return tuple(
        Correction(str(key), checked_at, CorrectionOp(op), from_stored(CorrectionOp(op), value))
        for key, op, value, checked_at in rows
    )


def _named(corrections: Iterable[Correction]) -> Iterator[UUID]:
    """Yield the ventures that corrections name."""
    for correction in corrections:
        value = correction.value
        if isinstance(value, ServedVenture) and value.venture:
            yield UUID(value.venture.venture_id)


def _sessions(look: Look, session_ids: Ids) -> list[_Row]:
    first_recorded_at = (
        select(func.min(OutcomeVersion.created_at))
        .where(OutcomeVersion.outcome_id == Outcome.id)
        .correlate(Outcome)
        .scalar_subquery()
    )
    columns = ServiceSession.__mapper__.column_attrs
    statement = select(
        *(getattr(ServiceSession, column.key) for column in columns),
        first_recorded_at.label("recorded_at"),
        Outcome.confirmed_at,
        Outcome.confirmation_kind,
    ).outerjoin(Outcome, Outcome.service_session_id == ServiceSession.id)
    return list(look.session.execute(statement.where(ServiceSession.id.in_(session_ids))))


def _attendances(look: Look, session_ids: Ids) -> Rows:
    columns = Attendance.__mapper__.column_attrs
    rows = look.session.execute(
        select(*(getattr(Attendance, column.key) for column in columns))
        .where(Attendance.service_session_id.in_(session_ids))
        .order_by(Attendance.id)
    )
    return _by_session(rows)


def _confirmations(look: Look, session_ids: Ids) -> Rows:
    return _by_session(
        look.session.execute(
            select(
                Outcome.service_session_id,
                Confirmation.person_id,
                Confirmation.agrees,
                Confirmation.created_at,
            )
            .join(Outcome, Outcome.id == Confirmation.outcome_id)
            .where(Outcome.service_session_id.in_(session_ids))
            .order_by(Confirmation.created_at, Confirmation.id)
        )
    )


def _disputes(look: Look, session_ids: Ids) -> Rows:
    return _by_session(
        look.session.execute(
            select(Dispute.service_session_id, Dispute.opened_at, Dispute.ruled_at, Dispute.ruling)
            .where(Dispute.service_session_id.in_(session_ids), ~Dispute.is_absence)
            .order_by(Dispute.opened_at, Dispute.id)
        )
    )


def _experts(look: Look, expert_ids: Ids, aliases: Mapping[str, str]) -> dict[UUID, KnownExpert]:
    terms: dict[UUID, list[Term]] = defaultdict(list)
    for row in look.session.execute(
        select(
            Appointment.expert_id,
            Appointment.starts_on,
            Appointment.ends_on,
            Appointment.approved_on,
            Appointment.kind,
        )
        .where(Appointment.expert_id.in_(expert_ids))
        .order_by(Appointment.starts_on, Appointment.id)
    ):
        kind = AppointmentKind(row.kind)
        terms[row.expert_id].append(Term(row.starts_on, row.ends_on, row.approved_on, kind))
    known, stood_down = backgrounds(look, expert_ids, aliases), known_of(look, expert_ids)
    rows = look.session.execute(select(Expert.id, Expert.category).where(Expert.id.in_(expert_ids)))
    return {
        key: KnownExpert(category, tuple(terms[key]), known[key], stood_down.get(key, ()))
        for key, category in rows
    }


def _persons(look: Look, person_ids: Ids, aliases: Mapping[str, str]) -> dict[UUID, KnownPerson]:
    groups = _primary_groups(look, with_doubles(person_ids, aliases), aliases)
    rows = look.session.execute(
        select(Person.id, Person.identity_level).where(Person.id.in_(person_ids))
    )
    return {
        key: KnownPerson(level is not IdentityLevel.NONE, groups.get(canonical(str(key), aliases)))
        for key, level in rows
    }


def _primary_groups(look: Look, person_ids: Ids, aliases: Mapping[str, str]) -> dict[str, str]:
    """Return the verified group that comes first in the vocabulary, by whom a record counts as.

    A sensitive one is told by its seal, so that neither decisions nor the trail name it.
    """
    rows = look.session.execute(
        select(FounderGroup.person_id, FounderGroup.code, FounderGroup.seal, Word.attributes)
        .join(Word, (Word.vocabulary == "founder_group") & (Word.code == FounderGroup.code))
        .where(FounderGroup.person_id.in_(person_ids), FounderGroup.verified_at.is_not(None))
    )
    ranked = sorted(
        (held["rank"], code, key, seal if seal and held["sensitive"] == "yes" else code)
        for key, code, seal, held in rows
    )
    return {canonical(str(key), aliases): told for _, _, key, told in reversed(ranked)}


def _ventures(look: Look, venture_ids: Ids, person_ids: Ids) -> dict[UUID, KnownVenture]:
    """Return the ventures served, and all others of the persons: what is left out ties too."""
    members: dict[UUID, set[UUID]] = defaultdict(set)
    contacts: dict[UUID, set[UUID]] = defaultdict(set)
    of_persons = select(VentureMember.venture_id).where(VentureMember.person_id.in_(person_ids))
    for venture_id, person_id, is_contact in look.session.execute(
        select(VentureMember.venture_id, VentureMember.person_id, VentureMember.is_contact).where(
            or_(VentureMember.venture_id.in_(venture_ids), VentureMember.venture_id.in_(of_persons))
        )
    ):
        members[venture_id].add(person_id)
        if is_contact:
            contacts[venture_id].add(person_id)
    rows = look.session.execute(
        select(Venture.id, Venture.name, Venture.credit_code, Venture.registered_on).where(
            Venture.id.in_(set(venture_ids) | members.keys())
        )
    )
    return {
        key: KnownVenture(
            name, code, registered_on, frozenset(members[key]), frozenset(contacts[key])
        )
        for key, name, code, registered_on in rows
    }


def _waivers(look: Look, need_ids: Ids) -> dict[tuple[UUID, UUID], list[KnownWaiver]]:
    return {
        (need_id, expert_id): [
            KnownWaiver(frozenset(row.kinds), row.checked_at) for row in rows if row.checked_at
        ]
        for need_id, by_expert in approved(look, WaiverRule.CONFLICT, need_ids).items()
        for expert_id, rows in by_expert.items()
    }


def _advice(look: Look, expert_ids: Ids) -> Rows:
    """Return what the experts advised, for who advised may not judge."""
    rows: Iterable[_Row] = look.session.execute(
        select(
            BookingExpert.expert_id,
            Booking.starts_at,
            Booking.founder_person_id,
            Booking.venture_id,
        )
        .join(Booking, Booking.id == BookingExpert.booking_id)
        .where(
            BookingExpert.expert_id.in_(expert_ids),
            BookingExpert.answer == PanelAnswer.ACCEPTED,
            Booking.status == BookingStatus.FULFILLED,
            Booking.session_type.in_(SERVICES),
        )
        .order_by(Booking.starts_at)
    )
    found: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.expert_id].append(row)
    return found


def _not_none(keys: Iterable[UUID | None]) -> set[UUID]:
    """Return the keys there are; a meeting of an activity has no need and nobody who asked."""
    return {key for key in keys if key is not None}


def _by_session(rows: Iterable[_Row]) -> Mapping[UUID, list[_Row]]:
    sorted_rows: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        sorted_rows[row.service_session_id].append(row)
    return sorted_rows
