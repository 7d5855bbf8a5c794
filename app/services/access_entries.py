"""Who looked at what: one row for each look, told to the trail like every change."""

from app.models.audit_entry import AccessEntry
from app.unit_of_work import UnitOfWork


def note(uow: UnitOfWork, subject: str, facts: dict[str, object], address: str) -> AccessEntry:
    """Append the actor's look; the trail proves later that it was neither changed nor taken out.

    Args:
        uow: the transaction, of who looks.
        subject: the address of what is looked at.
        facts: how: the method, the question put, what was handed out.
        address: the network address from which it is looked at.
    """
    row = uow.add(
        AccessEntry(
            account_id=uow.actor.account_id,
            at=uow.now,
            subject=subject,
            facts=facts,
            address=address,
            request_id=uow.actor.request_id or "",
        )
    )
    uow.audit("access_entry.noted", row)
    return row
