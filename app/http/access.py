"""Who looked at what: one row for each look at evidence, written before anything is shown."""

from flask import request

from app.domain.actor import Actor
from app.http.edge import the_store
from app.models.audit_entry import AccessEntry
from app.unit_of_work import UnitOfWork

LONGEST_SUBJECT = 200
MOST_PARAMETERS = 20


def note_access(actor: Actor, **facts: object) -> None:
    """Append the look in a transaction of its own; a page that cannot be noted is not shown.

    Args:
        actor: who looks.
        facts: what is not in the address, such as the field that is revealed.
    """
    query = list(request.args.items())[:MOST_PARAMETERS]
    noted: dict[str, object] = {
        "method": request.method,
        "query": {name[:LONGEST_SUBJECT]: value[:LONGEST_SUBJECT] for name, value in query},
        **{name: str(fact) for name, fact in facts.items()},
    }
    the_store().execute(actor, _note, request.path[:LONGEST_SUBJECT], noted, _address())


def _note(uow: UnitOfWork, subject: str, facts: dict[str, object], address: str) -> None:
    uow.add(
        AccessEntry(
            account_id=uow.actor.account_id,
            at=uow.now,
            subject=subject,
            facts=facts,
            address=address,
            request_id=uow.actor.request_id or "",
        )
    )


def _address() -> str:
    return request.remote_addr or ""
