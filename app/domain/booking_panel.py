"""Several experts asked to one meeting: when their answers make it, and when too few are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.errors import FieldError, InvalidInputError

MOST_EXPERTS = 5
MOST_COMPANIONS = 10
MOST_ALTERNATES = 5


class Verdict(StrEnum):
    """What the answers given so far come to."""

    AGREED = "agreed"
    WAITING = "waiting"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Company:
    """Who and what joins the leading expert and the founder.

    Attributes:
        expert_ids: the other experts.
        quorum: how many experts, the leading one among them, must come.
        companion_ids: the persons who come with the founder.
        alternate_ids: the experts who are asked instead of who cannot, in this order.
        place_id: the room that is claimed for the meeting.
    """

    expert_ids: tuple[UUID, ...] = ()
    quorum: int = 1
    companion_ids: tuple[UUID, ...] = ()
    alternate_ids: tuple[UUID, ...] = ()
    place_id: UUID | None = None

    @property
    def heads(self) -> int:
        """How many people meet."""
        return 2 + len(self.expert_ids) + len(self.companion_ids)


NOBODY = Company()


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers of those who are still asked.

    Attributes:
        quorum: how many must come, the one who leads among them.
        accepted: how many said yes.
        waiting: how many have not answered.
        has_lead: who leads said yes, or has not answered.
        is_led: who leads said yes.
    """

    quorum: int
    accepted: int
    waiting: int
    has_lead: bool
    is_led: bool

    @property
    def verdict(self) -> Verdict:
        """What the answers come to: nobody is cut off while he may still say yes."""
        if self.missing:
            return Verdict.SHORT
        return Verdict.WAITING if self.waiting else Verdict.AGREED

    @property
    def missing(self) -> int:
        """How many more have to be asked for the quorum, or for somebody who leads."""
        short = max(0, self.quorum - self.accepted - self.waiting)
        return short if self.has_lead else max(1, short)


def ensure_company(company: Company, lead_id: UUID, founder_id: UUID) -> None:
    """Refuse a company that contradicts itself.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    experts = (lead_id, *company.expert_ids)
    errors = [
        *_distinct("expert_ids", experts, MOST_EXPERTS),
        *_distinct("companion_ids", (founder_id, *company.companion_ids), MOST_COMPANIONS),
        *_alternates(company.alternate_ids, experts),
    ]
    facts = {"low": 1, "high": len(experts)}
    if company.quorum < 1:
        errors.append(FieldError("quorum", "input.too_small", facts))
    elif company.quorum > len(experts):
        errors.append(FieldError("quorum", "input.too_large", facts))
    if errors:
        raise InvalidInputError(errors=errors)


def _distinct(name: str, keys: Sequence[UUID], most: int) -> list[FieldError]:
    if len(set(keys)) < len(keys):
        return [FieldError(name, "booking.twice")]
    if len(keys) > most:
        return [FieldError(name, "input.too_many", {"most": most})]
    return []


def _alternates(keys: Sequence[UUID], experts: Sequence[UUID]) -> list[FieldError]:
    if set(keys) & set(experts):
        return [FieldError("alternate_ids", "booking.twice")]
    return _distinct("alternate_ids", keys, MOST_ALTERNATES)
