"""Why a replay file cannot be answered."""

from typing import ClassVar

from app.domain.errors import InvalidInputError


class UnknownReplayInputError(InvalidInputError):
    """The file says something the counting rules do not know; nothing is guessed."""

    default_code: ClassVar[str] = "counting.unknown_input"

    @classmethod
    def of(cls, where: str, found: object) -> "UnknownReplayInputError":
        """Return the error that names the place in the file and what stands there."""
        return cls(where=where, found=repr(found)[:80])
