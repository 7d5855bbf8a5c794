"""The life of a need and what makes it complete."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import ConflictError, FieldError, InvalidInputError
from app.domain.vocabulary import is_plain

SHORTEST_TEXT = 10
LONGEST_TEXT = 2000
MOST_TOPICS = 3
LONGEST_BUREAU_REASON = 500


class NeedStatus(StrEnum):
    """States of a need."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    BOOKED = "booked"
    SERVED = "served"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


OPEN = frozenset({NeedStatus.SUBMITTED, NeedStatus.BOOKED, NeedStatus.SERVED})
EDITABLE = frozenset({NeedStatus.DRAFT, NeedStatus.SUBMITTED})
# Kinds of vocabulary session_type that answer one founder's need; the rest are events.
SERVICES = frozenset({"consultation", "diagnosis", "tutoring"})


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
    STATION = "community_station"
    IMPORT = "import"


# Where somebody at a desk may say that a founder came.
DESK_CHANNELS = frozenset({Channel.STREET, Channel.BUREAU, Channel.STATION})


class NeedClosedError(ConflictError):
    """The need is a draft, withdrawn or closed; nothing can be booked for it."""

    default_code = "need.not_open"


class NeedInServiceError(ConflictError):
    """A booking stands on the need as it is written."""

    default_code = "need.in_service"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a need, how sure it is, and the founder's exact words that led to it."""

    code: str
    certainty: str = "clear"
    evidence: str = ""
    state: TopicState = TopicState.FOUND

    @property
    def is_asked(self) -> bool:
        """Tell whether help is wanted with it."""
        return self.state is not TopicState.STRUCK


def settle_topics(
    found: Sequence[Topic], struck: Collection[str], added: Sequence[str]
) -> tuple[Topic, ...]:
    """Return the topics of a need: what people say of it goes before what was understood.

    Added topics stand first, what was found fills up to three, surest first; what the founder
    struck stays on record as struck.

    Raises:
        InvalidInputError: at field `topics`, more topics were added than a need can have.
    """
    wanted = list(dict.fromkeys(added))
    ensure_topic_count(len(wanted))
    evident = {topic.code: topic for topic in found}
    chosen = [evident.get(code, Topic(code, state=TopicState.ADDED)) for code in wanted]
    rest = [topic for topic in found if topic.code not in wanted]
    kept = [topic for topic in rest if topic.code not in struck]
    gone = [topic for topic in rest if topic.code in struck]
    return (
        *chosen,
        *kept[: MOST_TOPICS - len(chosen)],
        *(Topic(each.code, each.certainty, each.evidence, TopicState.STRUCK) for each in gone),
    )


def suggested_service(topics: int) -> str:
    """Return the kind of service that fits so many topics: several ask for a diagnosis."""
    return "diagnosis" if topics > 1 else "consultation"


def ensure_topic_count(count: int) -> None:
    """Refuse more topics than one need can have.

    Raises:
        InvalidInputError: at field `topics`.
    """
    if count > MOST_TOPICS:
        raise InvalidInputError.at("topics", "need.too_many_topics", max=MOST_TOPICS)


def ensure_editable(status: NeedStatus) -> None:
    """Refuse a change of a need that is booked, served or over.

    Raises:
        NeedInServiceError: a booking stands on it.
        NeedClosedError: it is withdrawn or closed.
    """
    if status in EDITABLE:
        return
    if status in OPEN:
        raise NeedInServiceError(status=status.value)
    raise NeedClosedError(status=status.value)


def ensure_readable(text: str) -> None:
    """Refuse a text that is longer than can be read or cannot be shown.

    Raises:
        InvalidInputError: at field `text`.
    """
    if len(text.strip()) > LONGEST_TEXT:
        raise InvalidInputError(errors=[FieldError("text", "need.too_long", {"max": LONGEST_TEXT})])
    if not is_plain(text):
        raise InvalidInputError(errors=[FieldError("text", "input.control_character")])


def ensure_complete(text: str) -> None:
    """Refuse a text that is too short to understand or longer than can be read.

    Raises:
        InvalidInputError: at field `text`.
    """
    if len(text.strip()) < SHORTEST_TEXT:
        raise InvalidInputError(
            errors=[FieldError("text", "need.too_short", {"min": SHORTEST_TEXT})]
        )
    ensure_readable(text)


def ensure_open(status: NeedStatus) -> None:
    """Refuse a need for which nothing may be booked.

    Raises:
        NeedClosedError: for drafts, withdrawn and closed needs.
    """
    if status not in OPEN:
        raise NeedClosedError(status=status.value)
