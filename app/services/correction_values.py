"""What a correction says is right, held against what is recorded before it is kept."""

from uuid import UUID

from sqlalchemy import select

from app.domain.correction import (
    NothingChangesError,
    ServesNobodyError,
    Value,
    VentureChoice,
    from_stored,
)
from app.domain.errors import InvalidInputError
from app.domain.service_record import CorrectionOp, Dimensions, ServedVenture, VentureFacts
from app.domain.service_session import Party
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.person import Venture
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import Attendance, ServiceSession
from app.models.vocabulary import Term
from app.queries.service_counts.ventures import ventures_of, ventures_of_those_served
from app.services.service_sessions.hands import has_hand_in
from app.services.service_sessions.origin import need_id_of
from app.unit_of_work import UnitOfWork


def understood(
    uow: UnitOfWork, session: ServiceSession, operation: CorrectionOp, value: Value
) -> Value | ServedVenture:
    """Return the value as it is kept; a venture with the labels it has now.

    Raises:
        InvalidInputError: at `value`: nobody who was there, no such topic or venture, or a venture
            to which nobody who was there belongs.
        NothingChangesError: the record already says so.
        ServesNobodyError: the meeting of an activity is for no venture.
    """
    if isinstance(value, VentureChoice):
        return _served(uow, session, value)
    if operation is CorrectionOp.REMOVE_ATTENDEE:
        _ensure_there(uow, session, value)
    elif operation is CorrectionOp.SET_TOPIC:
        _ensure_topic(uow, value)
    elif operation is CorrectionOp.SET_OVERRUN and value is is_overrun_approved(uow, session.id):
        raise NothingChangesError
    return value


def is_overrun_approved(uow: UnitOfWork, session_id: UUID) -> bool:
    """Tell whether two officers have let the meeting count for longer than the cap."""
    rows = uow.all(
        select(Correction)
        .where(
            Correction.service_session_id == session_id,
            Correction.operation == CorrectionOp.SET_OVERRUN,
            Correction.status == CorrectionStatus.APPROVED,
        )
        .order_by(Correction.checked_at, Correction.id)
    )
    return any(from_stored(CorrectionOp.SET_OVERRUN, row.value) for row in rows[-1:])


def has_hand_in_meeting(uow: UnitOfWork, session_id: UUID) -> bool:
    """Tell whether the actor served at the meeting, entered it or wrote its record."""
    session = uow.load(ServiceSession, session_id)
    outcome = uow.one(select(Outcome.id).where(Outcome.service_session_id == session.id))
    return has_hand_in(uow, session, outcome or session.id)


def _ensure_there(uow: UnitOfWork, session: ServiceSession, value: Value) -> None:
    statement = select(Attendance.id).where(
        Attendance.service_session_id == session.id,
        Attendance.person_id == value,
        Attendance.side == Party.FOUNDER,
        Attendance.is_present,
    )
    if uow.one(statement) is None:
        raise InvalidInputError.at("value", "correction.not_there")


def _ensure_topic(uow: UnitOfWork, value: Value) -> None:
    topic = select(Term.id).where(Term.vocabulary == "need_topic", Term.code == value)
    if uow.one(topic) is None:
        raise InvalidInputError.at("value", "input.unknown_code")


def _served(uow: UnitOfWork, session: ServiceSession, chosen: VentureChoice) -> ServedVenture:
    if session.activity_id is not None:
        raise ServesNobodyError
    if ventures_of(uow, [session.id])[session.id] == chosen.venture_id:
        raise NothingChangesError
    if chosen.venture_id is None:
        return ServedVenture(None, _labels_of_need(uow, session))
    venture = uow.one(select(Venture).where(Venture.id == chosen.venture_id))
    if venture is None:
        raise InvalidInputError.at("value", "venture.not_found")
    with uow.beyond_scope("who of those served belongs to the venture"):
        if venture.id not in ventures_of_those_served(uow, session.id):
            raise InvalidInputError.at("value", "paper_entry.not_of_venture")
    labels = Dimensions(area=venture.area, street=venture.street, industry=venture.industry)
    return ServedVenture(VentureFacts(str(venture.id), None), labels)


def _labels_of_need(uow: UnitOfWork, session: ServiceSession) -> Dimensions:
    """Return where whoever asked belongs; an industry is a venture's alone."""
    need = uow.load(Need, need_id_of(session))
    return Dimensions(area=need.area, street=need.street)
