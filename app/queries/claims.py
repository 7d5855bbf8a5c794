"""Pairings of an expert, when each may be claimed for, and what was claimed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.claim import opens_on
from app.domain.errors import NotFoundError
from app.domain.pairing import PAIRING_SERVICES
from app.models.claim import Claim
from app.models.expert import Expert
from app.models.person import Venture
from app.queries.duty import own_services
from app.queries.free_times import Look
from app.queries.service_counts.ventures import ventures_of
from app.unit_of_work import Reader

_EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class PairingRow:
    """A venture that the expert has tutored.

    Attributes:
        opens_on: from when it may be claimed for; None while it is not registered.
        is_open: the day has come and nothing was claimed.
    """

    venture_id: UUID
    name: str
    registered_on: date | None
    services: int
    opens_on: date | None
    claim: Claim | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PairingPage:
    """An expert's pairings by the name of the venture."""

    expert_id: UUID
    name: str
    rows: tuple[PairingRow, ...]


def tutored(look: Look, expert_id: UUID) -> dict[UUID, int]:
    """Return how often the expert has tutored each venture, counted services alone."""
    with look.beyond_scope("the counted tutoring of the expert"):
        services = own_services(look, _EVER, local_day(look.now), [expert_id])
        keys = [row.session_id for row in services if row.session_type in PAIRING_SERVICES]
        ventures = ventures_of(look, keys).values()
    found: dict[UUID, int] = {}
    for venture_id in ventures:
        if venture_id is not None:
            found[venture_id] = found.get(venture_id, 0) + 1
    return found


def claim_of(reader: Reader, claim_id: UUID) -> Claim:
    """Return one claim in the actor's sight.

    Raises:
        NotFoundError: there is none.
    """
    row = reader.session.get(Claim, claim_id)
    if row is None:
        raise NotFoundError("claim.not_found")
    return row


def pairing_page(reader: Reader, expert_id: UUID) -> PairingPage:
    """Return the pairings of an expert.

    Raises:
        NotFoundError: there is no such expert.
    """
    name = reader.session.scalars(select(Expert.name).where(Expert.id == expert_id)).one_or_none()
    if name is None:
        raise NotFoundError("expert.not_found")
    counts, today = tutored(reader, expert_id), local_day(reader.now)
    claims = {
        row.venture_id: row
        for row in reader.session.scalars(select(Claim).where(Claim.expert_id == expert_id))
    }
    ventures = reader.session.scalars(
        select(Venture).where(Venture.id.in_(counts)).order_by(Venture.name, Venture.id)
    )
    rows = []
    for venture in ventures:
        opens = opens_on(venture.registered_on) if venture.registered_on else None
        claimed = claims.get(venture.id)
        rows.append(
            PairingRow(
                venture.id,
                venture.name,
                venture.registered_on,
                counts[venture.id],
                opens,
                claimed,
                claimed is None and opens is not None and opens <= today,
            )
        )
    return PairingPage(expert_id, name, tuple(rows))
