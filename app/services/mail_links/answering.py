"""A mentor's answer to a request, from the letter that asked for it."""

from dataclasses import dataclass

from app.domain.mail_link import Purpose
from app.models.mail_link import MailLink
from app.services import bookings
from app.services.mail_links.using import spend, take
from app.unit_of_work import UnitOfWork

ACCEPTED, DECLINED = "accepted", "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the mentor says: yes, or no with a reason; `version` is that of the request he read."""

    accepts: bool
    reason: str = ""
    note: str | None = None
    version: int | None = None


def answer(uow: UnitOfWork, token_sha256: str, said: Answer) -> MailLink:
    """Accept or decline the one request that the link is about, as if signed in.

    Raises:
        LinkClosedError: something was done with the link already, or it is too late.
        ConflictError: the request was answered, withdrawn or changed meanwhile.
    """
    link = take(uow, token_sha256, Purpose.ANSWER)
    if said.accepts:
        bookings.accept(uow, link.subject_id, version=said.version)
        return spend(uow, link, ACCEPTED)
    bookings.decline(uow, link.subject_id, said.reason, note=said.note, version=said.version)
    return spend(uow, link, DECLINED)
