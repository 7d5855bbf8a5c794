"""The venture a row of a sheet names, among those of the person who was served."""

from uuid import UUID

from sqlalchemy import select

from app.domain.errors import InvalidInputError
from app.domain.paper_entry import NotOfVentureError
from app.domain.vocabulary import fold
from app.models.person import Venture, VentureMember
from app.unit_of_work import UnitOfWork


def venture_named(uow: UnitOfWork, person_id: UUID, text: str) -> UUID:
    """Return the person's venture with this name or credit code.

    Raises:
        InvalidInputError: at `venture`: the person belongs to no such venture, or to several.
    """
    with uow.beyond_scope("to which ventures somebody served belongs"):
        own = uow.all(
            select(Venture)
            .join(VentureMember, VentureMember.venture_id == Venture.id)
            .where(VentureMember.person_id == person_id)
        )
    wanted = fold(text)
    keys = [row.id for row in own if wanted in (fold(row.name), fold(row.credit_code or ""))]
    if not keys:
        raise InvalidInputError.at("venture", NotOfVentureError.default_code)
    if len(keys) > 1:
        raise InvalidInputError.at("venture", "paper_sheet.venture_ambiguous")
    return keys[0]
