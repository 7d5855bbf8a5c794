"""What a message may need to know of its subject, whatever the subject is."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Facts = dict[str, str | None]


@dataclass(slots=True)
class Concern:
    """Everything a message on a subject may need.

    Attributes:
        facts: plain JSON, kept with the message.
        status: the present state of the subject.
        mentors: the persons of experts whom it may interest.
        panel: the persons of the experts who take part, where those are several.
        companions: the persons who come with the founder to a meeting that was agreed.
        departments: those whose liaisons it concerns.
        account_id: whose account it is about.
        seated: the persons who have a seat in an activity, or the one who waits for it.
    """

    facts: Facts
    status: str
    founder_person_id: UUID | None = None
    mentor_person_id: UUID | None = None
    maker_id: UUID | None = None
    mentors: tuple[UUID, ...] = ()
    panel: tuple[UUID, ...] = ()
    companions: tuple[UUID, ...] = ()
    seated: tuple[UUID, ...] = ()
    departments: tuple[str, ...] = ()
    account_id: UUID | None = None
    pages: dict[str, str] = field(default_factory=dict)


def span(starts_at: datetime, ends_at: datetime) -> Facts:
    """Return the facts of a span of time."""
    return {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}


def text(instant: datetime | None) -> str | None:
    """Return an instant as it is kept with a message."""
    return instant.isoformat() if instant else None
