"""Who did not answer a moment ago, so that nobody waits for him again and again."""

import time
from dataclasses import dataclass, field

# A server that is away costs one wait in this time, whatever there is to be handed over.
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Absences:
    """Remembers in this process who was away, and what was heard of it, for a while.

    Attributes:
        seconds: how long.
    """

    seconds: float = SECONDS
    _known: dict[str, tuple[float, str]] = field(default_factory=dict)

    def note(self, who: str, words: str) -> None:
        """Remember that somebody did not answer just now."""
        self._known[who] = time.monotonic() + self.seconds, words

    def of(self, who: str) -> str | None:
        """Return what was heard when he was found away, None when he may be asked again."""
        until, words = self._known.get(who, (0.0, ""))
        return words if time.monotonic() < until else None
