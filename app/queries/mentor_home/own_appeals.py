"""A mentor's own appeals: the decision that stands, whether he may appeal, and the answers."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.errors import NotFoundError
from app.domain.vocabulary import Label
from app.models.service_session import ServiceSession
from app.queries.appeals import (
    AppealRow,
    Standing,
    appeals_of_session,
    calendar_of,
    standing,
)
from app.queries.booking_pages.labels import labels_of
from app.queries.mentor_home.ledger import REASONS, LedgerRow, ledger_row
from app.queries.mentor_home.meetings import meetings, own_expert_id
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class AppealPage:
    """One service of the mentor with the decision on it.

    Attributes:
        standing: whether it may be appealed against, and until when.
        reasons: every reason why it does not count, the one shown first.
        appeals: the mentor's own, the newest first.
    """

    row: LedgerRow
    standing: Standing
    reasons: tuple[Label, ...]
    appeals: tuple[AppealRow, ...]


def appeal_page(reader: Reader, session_id: UUID) -> AppealPage:
    """Return what the mentor appeals against.

    Raises:
        NotFoundError: it is no meeting of his, or nothing has been decided on it.
    """
    found = meetings(reader, ServiceSession.id == session_id)
    if not found:
        raise NotFoundError("service_session.not_found")
    stands = standing(reader, session_id, own_expert_id(reader), calendar_of(reader))
    reasons = [(REASONS, reason.value) for reason in stands.decision.reasons]
    named = labels_of(reader, reasons)
    return AppealPage(
        row=ledger_row(reader, found[0]),
        standing=stands,
        reasons=tuple(named[key] for key in reasons),
        appeals=appeals_of_session(reader, session_id),
    )
