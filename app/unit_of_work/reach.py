"""Which rows of each protected table each reach shows, as SQL criteria."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, false, or_, select

from app.domain.actor import Actor, Reach, Role
from app.models.attachment import Attachment
from app.models.audit_entry import AccessEntry, AuditEntry
from app.models.base import Base
from app.models.booking import Booking, BookingExpert, BookingFounder
from app.models.expert import DeclaredInterest
from app.models.follow_up import FollowUp
from app.models.log_line import LogLine
from app.models.need import Need, NeedTopic
from app.models.outcome import Confirmation, Dispute, Outcome, OutcomeVersion, Rating
from app.models.person import (
    FounderGroup,
    Person,
    PersonAlias,
    PersonDouble,
    Venture,
    VentureMember,
)
from app.models.self_audit import SelfAudit
from app.models.service_record import Correction, ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.models.standing_record import STANDING
from app.models.suspension import Suspension
from app.models.task import Task
from app.models.time_offer import TimeOffer
from app.models.waiting_list import WaitingEntry
from app.models.waiver import Waiver
from app.unit_of_work import (
    activity_reach,
    counting_reach,
    desk_reach,
    diagnosis_reach,
    duty_reach,
    matching_reach,
)
from app.unit_of_work.evidence_reach import attachment_rule
from app.unit_of_work.locks import LOCKS
from app.unit_of_work.personal import PERSONAL, WIDER, Criterion

Rule = Callable[[Actor, Reach], Criterion]

_booking = Booking.__table__.c
_panel = BookingExpert.__table__.c
_member = VentureMember.__table__.c
_need = Need.__table__.c
_venture = Venture.__table__.c
_person = Person.__table__.c
_session = ServiceSession.__table__.c
_attendance = Attendance.__table__.c
_outcome = Outcome.__table__.c
_interest = DeclaredInterest.__table__.c
# While he may serve or has served a founder, a mentor sees who that is and what is asked.
# An expert of a panel who declined, or was replaced, serves nobody.
_TAKING_PART = ("invited", "accepted")
_SERVING = ("requested", "accepted", "suspended", "fulfilled", "no_show")


def _need_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.OWN:
        return _need.person_id == actor.person_id
    if reach is Reach.SERVED:
        return _need.id.in_(_served(actor, _booking.need_id))
    return _need.street == actor.street if reach is Reach.STREET else false()


def _person_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.OWN:
        return _person.id == actor.person_id
    if reach is Reach.SERVED:
        return _person.id.in_(_served(actor, _booking.founder_person_id))
    return _person.street == actor.street if reach is Reach.STREET else false()


def _venture_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.OWN:
        return _venture.id.in_(
            select(_member.venture_id).where(_member.person_id == actor.person_id)
        )
    if reach is Reach.SERVED:
        return _venture.id.in_(_served(actor, _booking.venture_id))
    return _venture.street == actor.street if reach is Reach.STREET else false()


def _member_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.OWN:
        return _member.person_id == actor.person_id
    if reach is Reach.STREET:
        return _member.venture_id.in_(select(_venture.id).where(_venture_rule(actor, reach)))
    return false()


def _booking_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.OWN:
        return _booking.founder_person_id == actor.person_id
    if reach is Reach.SERVED:
        return _booking.id.in_(select(_panel.booking_id).where(_mine(actor))) & (
            _booking.status != "on_hold"
        )
    return _booking.street == actor.street if reach is Reach.STREET else false()


def _session_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.DEPARTMENT:
        return _session.department == actor.department
    if reach is Reach.STREET:
        return _session.street == actor.street
    attended = select(_attendance.service_session_id)
    if reach is Reach.OWN:
        attended = attended.where(
            _attendance.person_id == actor.person_id,
            _attendance.side == "founder",
            _attendance.voided_at.is_(None),
        )
        spoken_for = select(_member.venture_id).where(
            _member.person_id == actor.person_id, _member.is_contact
        )
        return or_(
            _session.founder_person_id == actor.person_id,
            _session.id.in_(attended),
            _session.venture_id.in_(spoken_for),
        )
    attended = attended.where(_attendance.expert_id == actor.expert_id)
    return or_(_session.lead_expert_id == actor.expert_id, _session.id.in_(attended))


def _group_rule(actor: Actor, reach: Reach) -> Criterion:
    # A founder's group is never shown to mentors (requirements J4).
    if reach is Reach.SERVED:
        return false()
    key = FounderGroup.__table__.c.person_id
    return key.in_(select(_person.id).where(_person_rule(actor, reach)))


def _rating_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is not Reach.OWN:
        return false()
    return Rating.__table__.c.person_id == actor.person_id


def _interest_rule(actor: Actor, reach: Reach) -> Criterion:
    return _interest.expert_id == actor.expert_id if reach is Reach.SERVED else false()


def _waiting_rule(actor: Actor, reach: Reach) -> Criterion:
    entry = WaitingEntry.__table__.c
    # An expert waits for a seat like everybody; who waits for him he need not know.
    if reach in (Reach.OWN, Reach.SERVED):
        return entry.person_id == actor.person_id
    if reach is Reach.STREET:
        return entry.need_id.in_(select(_need.id).where(_need_rule(actor, reach)))
    return false()


def _nothing(_actor: Actor, _reach: Reach) -> Criterion:
    return false()


def _mine(actor: Actor) -> Criterion:
    return _panel.expert_id == actor.expert_id


def _served(actor: Actor, column: Any) -> Select[Any]:
    return (
        select(column)
        .join(BookingExpert.__table__, _panel.booking_id == _booking.id)
        .where(_mine(actor), _panel.answer.in_(_TAKING_PART), _booking.status.in_(_SERVING))
    )


def _through(child: Any, parent: Any, rule: Rule) -> Rule:
    return lambda actor, reach: child.in_(select(parent).where(rule(actor, reach)))


def _of_session(model: type[Base]) -> Rule:
    return _through(model.__table__.c.service_session_id, _session.id, _session_rule)


_outcome_rule = _of_session(Outcome)


def _of_outcome(model: type[Base]) -> Rule:
    return _through(model.__table__.c.outcome_id, _outcome.id, _outcome_rule)


RULES: dict[type[Base], Rule] = {
    Need: _need_rule,
    NeedTopic: _through(NeedTopic.__table__.c.need_id, _need.id, _need_rule),
    **matching_reach.rules(_need_rule),
    Person: _person_rule,
    FounderGroup: _group_rule,
    Venture: _venture_rule,
    VentureMember: _member_rule,
    Booking: _booking_rule,
    BookingExpert: _through(_panel.booking_id, _booking.id, _booking_rule),
    BookingFounder: _through(BookingFounder.__table__.c.booking_id, _booking.id, _booking_rule),
    TimeOffer: _through(TimeOffer.__table__.c.booking_id, _booking.id, _booking_rule),
    WaitingEntry: _waiting_rule,
    Suspension: _through(Suspension.__table__.c.booking_id, _booking.id, _booking_rule),
    **activity_reach.RULES,
    **desk_reach.RULES,
    **counting_reach.RULES,
    **duty_reach.RULES,
    ServiceSession: _session_rule,
    Attendance: _of_session(Attendance),
    Attachment: attachment_rule(_of_session(Attachment)),
    LogLine: _of_session(LogLine),
    Outcome: _outcome_rule,
    OutcomeVersion: _of_outcome(OutcomeVersion),
    Confirmation: _of_outcome(Confirmation),
    Rating: _rating_rule,
    FollowUp: _of_outcome(FollowUp),
    Dispute: _of_session(Dispute),
    **diagnosis_reach.rules(_session_rule),
    ServiceRecord: _of_session(ServiceRecord),
    **{model: _of_session(model) for model in STANDING},
    Correction: _of_session(Correction),
    DeclaredInterest: _interest_rule,
    Waiver: _nothing,
    Task: _nothing,
    SelfAudit: _nothing,
    PersonAlias: _nothing,
    PersonDouble: _nothing,
    AuditEntry: _nothing,
    AccessEntry: _nothing,
}


def criterion(model: type[Base], actor: Actor) -> Criterion | None:
    """Return what limits the model's rows for the actor, None when he sees them all."""
    if actor.has(Role.SYSTEM):
        return None
    within, lock = _within(model, actor), LOCKS.get(model)
    if lock is None:
        return within
    return lock() if within is None else and_(within, lock())


def _within(model: type[Base], actor: Actor) -> Criterion | None:
    if actor.roles & WIDER.get(model, frozenset()):
        return None
    if model in PERSONAL:
        return PERSONAL[model](actor)
    if Reach.ALL in actor.reaches:
        return None
    held = (reach for reach in sorted(actor.reaches) if _key_of(actor, reach) is not None)
    return or_(false(), *(RULES[model](actor, reach) for reach in held))


def _key_of(actor: Actor, reach: Reach) -> object:
    """Return what the reach is measured by; compared with nothing it would match empty cells."""
    return {
        Reach.OWN: actor.person_id,
        Reach.SERVED: actor.expert_id,
        Reach.STREET: actor.street,
        Reach.DEPARTMENT: actor.department,
    }[reach]


PROTECTED: tuple[type[Base], ...] = (*RULES, *PERSONAL)
