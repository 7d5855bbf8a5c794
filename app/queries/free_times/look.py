"""What a query of times needs of whoever asks."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session


class Look(Protocol):
    """A reader or a unit of work: a session and an instant."""

    @property
    def session(self) -> Session:
        """The session to ask."""

    @property
    def now(self) -> datetime:
        """The business time."""

    def beyond_scope(self, reason: str) -> AbstractContextManager[None]:
        """See all rows for a while, to decide what the actor may be told."""
