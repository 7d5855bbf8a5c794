"""The life of a need and what makes it complete."""

from enum import StrEnum

from app.domain.errors import ConflictError, FieldError, InvalidInputError

SHORTEST_TEXT = 10
LONGEST_TEXT = 2000
MOST_TOPICS = 3


class NeedStatus(StrEnum):
    """States of a need."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    BOOKED = "booked"
    SERVED = "served"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


OPEN = frozenset({NeedStatus.SUBMITTED, NeedStatus.BOOKED, NeedStatus.SERVED})


class TopicState(StrEnum):
    """Where a topic of a need comes from, or that the founder struck it."""

    FOUND = "found"
    ADDED = "added"
    STRUCK = "struck"


class Channel(StrEnum):
    """By which way a need or a record came in."""

    WEB = "web"
    API = "api"
    STREET = "street"
    BUREAU = "bureau"
    IMPORT = "import"


class NeedClosedError(ConflictError):
    """The need is a draft, withdrawn or closed; nothing can be booked for it."""

    default_code = "need.not_open"


def ensure_complete(text: str) -> None:
    """Refuse a text that is too short to understand or longer than can be read.

    Raises:
        InvalidInputError: at field `text`.
    """
    length = len(text.strip())
    if length < SHORTEST_TEXT:
        raise InvalidInputError(
            errors=[FieldError("text", "need.too_short", {"min": SHORTEST_TEXT})]
        )
    if length > LONGEST_TEXT:
        raise InvalidInputError(errors=[FieldError("text", "need.too_long", {"max": LONGEST_TEXT})])


def ensure_open(status: NeedStatus) -> None:
    """Refuse a need for which nothing may be booked.

    Raises:
        NeedClosedError: for drafts, withdrawn and closed needs.
    """
    if status not in OPEN:
        raise NeedClosedError(status=status.value)
