"""The document by which a term is made, extended or ended, and the expert whose it is."""

from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from app.domain import prose
from app.domain.actor import Permission
from app.models.expert import Expert
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

LONGEST_DOCUMENT = 200


def ensure_document(name: str) -> str:
    """Return the document's name.

    Raises:
        InvalidInputError: at field `document`.
    """
    return prose.ensure("document", name, LONGEST_DOCUMENT)


def load_for_term(uow: UnitOfWork, expert_id: UUID, version: int | None) -> Expert:
    """Return the expert, locked, for an actor who decides on his terms.

    Raises:
        StaleVersionError: somebody changed his terms since the caller looked.
    """
    expert = uow.load(Expert, expert_id, lock=True)
    uow.require(Permission.APPOINT_EXPERT)
    ensure_version(expert, version)
    # Terms are rows of their own: without this two people could decide on them unseen.
    flag_modified(expert, "is_paused")
    return expert
