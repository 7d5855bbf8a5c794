"""A founder's choice among the times a mentor offers, from the letter that tells of them."""

from datetime import datetime

from app.domain.mail_link import Purpose
from app.models.mail_link import MailLink
from app.services import bookings
from app.services.mail_links.using import spend, take
from app.unit_of_work import UnitOfWork

TAKEN, REFUSED = "time_taken", "times_refused"


def choose(
    uow: UnitOfWork, token_sha256: str, starts_at: datetime | None, *, version: int | None = None
) -> MailLink:
    """Take one of the offered times, or none of them, as if signed in.

    Args:
        uow: the transaction.
        token_sha256: which link.
        starts_at: the time; None takes none.
        version: of the booking that was read.

    Raises:
        LinkClosedError: something was done with the link already, or it is too late.
        TimeTakenError: the time has gone meanwhile; the others can still be taken.
    """
    link = take(uow, token_sha256, Purpose.CHOOSE)
    if starts_at is None:
        bookings.decline_offer(uow, link.subject_id, version=version)
        return spend(uow, link, REFUSED)
    bookings.take_offer(uow, link.subject_id, starts_at, version=version)
    return spend(uow, link, TAKEN)
