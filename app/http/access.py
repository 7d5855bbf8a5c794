"""Who looked at what: one row for each look at evidence, written before anything is shown."""

from flask import request

from app.domain.actor import Actor
from app.http.edge import the_store
from app.services import access_entries

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
    subject, address = request.path[:LONGEST_SUBJECT], request.remote_addr or ""
    the_store().execute(actor, access_entries.note, subject, noted, address)
