"""Services entered afterwards from paper: what an entry must say to be believed."""

from collections.abc import Collection
from uuid import UUID

from app.domain.errors import InvalidInputError, RuleError
from app.domain.need import SERVICES


class OwnExpertError(RuleError):
    """An expert cannot be served by himself."""

    default_code = "paper_entry.own_expert"


class NotOfVentureError(RuleError):
    """The person who was served does not belong to the venture."""

    default_code = "paper_entry.not_of_venture"


def ensure_entry(session_type: str, expert_person_id: UUID, served: Collection[UUID]) -> None:
    """Refuse a kind of service that is not entered this way, and an expert on both sides.

    Raises:
        InvalidInputError: at field `session_type`.
        OwnExpertError: the expert is among those served.
    """
    if session_type not in SERVICES:
        raise InvalidInputError.at("session_type", "input.unknown_code")
    if expert_person_id in served:
        raise OwnExpertError
