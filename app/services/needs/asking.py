"""A need left to the bureau: an officer finds an expert for the founder."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.need import LONGEST_BUREAU_REASON, ensure_editable, ensure_open
from app.domain.vocabulary import is_plain
from app.models.need import Need
from app.services.proposals.leaving import leave_to_bureau
from app.unit_of_work import UnitOfWork


def ask_bureau(uow: UnitOfWork, need_id: UUID, reason: str = "") -> Need:
    """Leave the search to the bureau; the need waits in its queue until something is booked.

    Asking again changes nothing: the first deadline stands.

    Raises:
        NeedInServiceError, NeedClosedError: nobody need be looked for any more.
        InvalidInputError: at field `reason`.
    """
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.SUBMIT_NEED)
    ensure_editable(need.status)
    ensure_open(need.status)
    if need.bureau_asked_at is not None:
        return need
    leave_to_bureau(uow, need, "need.bureau_asked", _reason(reason))
    uow.flush()
    return need


def _reason(text: str) -> str | None:
    reason = text.strip()
    if len(reason) > LONGEST_BUREAU_REASON:
        facts = {"longest": LONGEST_BUREAU_REASON, "length": len(reason)}
        raise InvalidInputError.at("reason", "input.too_long", **facts)
    if not is_plain(reason):
        raise InvalidInputError.at("reason", "input.control_character")
    return reason or None
