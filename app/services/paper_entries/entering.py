"""Enters a sheet: everything the main road would have written, as held."""

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.need import ensure_complete
from app.domain.service_session import ensure_actual
from app.models.service_session import ServiceSession
from app.models.vocabulary import Term
from app.services import service_records
from app.services.outcomes import write_record
from app.services.paper_entries.rows import add_booking, add_need, add_session, attendances
from app.services.paper_entries.sheet import PaperEntry, load_sides
from app.services.service_sessions import open_outcome
from app.unit_of_work import UnitOfWork


def enter(uow: UnitOfWork, entry: PaperEntry, *, is_counted: bool = True) -> ServiceSession:
    """Enter a service given offline, with its need and its booking, as held.

    The expert's and everybody's time is claimed as it was, so that nothing is entered over
    another meeting. A second clerk compares the signed record: `outcomes.confirm_on_paper`.

    Args:
        uow: the transaction.
        entry: what stands on the sheet.
        is_counted: whether it is decided at once; a batch is decided together at its end.

    Raises:
        TimeTakenError: the time overlaps another meeting of the expert or of those served.
        NotOfVentureError: the person does not belong to the venture.
        InvalidInputError: naming each field at fault.
    """
    uow.require(Permission.ENTER_ON_PAPER)
    ensure_complete(entry.text)
    ensure_actual(entry.actual_start, entry.actual_end, entry.break_minutes, uow.now)
    _ensure_topic(uow, entry.topic)
    sides = load_sides(uow, entry)
    need = add_need(uow, entry, sides)
    booking = add_booking(uow, entry, sides, need)
    session = add_session(uow, entry, sides, need, booking)
    uow.audit("attendance.entered", *map(uow.add, attendances(entry, sides, session)))
    outcome = open_outcome(uow, session)
    uow.audit("outcome.awaited", outcome)
    uow.flush()
    if is_counted:
        service_records.count(uow, session.id, cause="service_session.entered")
    if entry.record is not None:
        write_record(uow, session, entry.record, is_counted=is_counted)
    return session


def _ensure_topic(uow: UnitOfWork, topic: str) -> None:
    known = select(Term.id).where(Term.vocabulary == "need_topic", Term.code == topic)
    if uow.one(known) is None:
        raise InvalidInputError.at("topic", "input.unknown_code")
