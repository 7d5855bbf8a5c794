"""A mentor's record of a meeting, from the letter that asked for it."""

from app.domain.mail_link import Hand, Purpose
from app.models.mail_link import MailLink
from app.services import outcomes
from app.services.mail_links.using import spend, take
from app.services.service_sessions import Finish
from app.unit_of_work import UnitOfWork

RECORDED = "recorded"


def record(
    uow: UnitOfWork,
    token_sha256: str,
    facts: Finish | None,
    written: outcomes.Record,
    *,
    version: int | None = None,
    hand: Hand | None = None,
) -> MailLink:
    """Close the meeting, where it is not closed yet, and write its first record, as if signed in.

    Args:
        uow: the transaction, one for both.
        token_sha256: which link.
        facts: what really happened; None where the meeting is closed already.
        written: the record.
        version: of the outcome that was read, where the meeting is closed already.
        hand: from where it comes.

    Raises:
        LinkClosedError: something was done with the link already, or it is too late.
        InvalidInputError: naming every field at fault.
    """
    link = take(uow, token_sha256, Purpose.RECORD)
    if facts is None:
        outcomes.revise(uow, link.subject_id, written, version=version, hand=hand)
    else:
        outcomes.report(uow, link.subject_id, facts, written, hand=hand)
    return spend(uow, link, RECORDED, hand)
