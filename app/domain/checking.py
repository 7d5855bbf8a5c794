"""Two pairs of eyes 双人复核: what one has made another decides, and once."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.errors import ConflictError, RuleError


@dataclass(frozen=True, slots=True)
class TwoHands:
    """How rows of one kind are checked, with the errors that say no.

    Attributes:
        waits: the only state in which a row is still to be decided.
        same_hands: who made it would check it.
        decided: it has been decided.
    """

    waits: StrEnum
    same_hands: type[RuleError]
    decided: type[ConflictError]

    def ensure(self, status: StrEnum, maker_id: UUID, checker_id: UUID | None) -> None:
        """Refuse a second decision, and one by who made it.

        Raises:
            ConflictError: naming the state it is in.
            RuleError: it is the same account.
        """
        if status is not self.waits:
            raise self.decided(status=status.value)
        ensure_another(maker_id, checker_id, self.same_hands)


def ensure_another(
    maker_id: UUID | None, checker_id: UUID | None, refusal: type[RuleError]
) -> None:
    """Refuse a step by who took the one before it.

    Raises:
        RuleError: the refusal; it is the same account.
    """
    if maker_id == checker_id:
        raise refusal
