"""Who hears of what, and where the message leads."""

from app.domain.message.events import EVENTS, UnknownEventError, notices
from app.domain.message.letter import (
    ASK_AFTER,
    HELD_UP,
    Attachment,
    Errand,
    Letter,
    NeverTakenError,
    NotHandedOverError,
    Reason,
    Receipt,
    ShortMessage,
    UnclearError,
)
from app.domain.message.notice import ROLES, Audience, Notice
from app.domain.message.preference import (
    Channel,
    Choices,
    RequiredTopicError,
    addresses,
    channels_for,
    ensure_reachable,
    is_on,
)
from app.domain.message.quiet import send_at
from app.domain.message.schedule import SCHEDULES, Schedule, hours_before, steps
from app.domain.message.short import mobile_number, short_text
from app.domain.message.topics import (
    BY_TEXT,
    NEAR,
    REQUIRED,
    RING,
    URGENT,
    Topic,
    topic_of,
    topics_of,
)

__all__ = [
    "ASK_AFTER",
    "BY_TEXT",
    "EVENTS",
    "HELD_UP",
    "NEAR",
    "REQUIRED",
    "RING",
    "ROLES",
    "SCHEDULES",
    "URGENT",
    "Attachment",
    "Audience",
    "Channel",
    "Choices",
    "Errand",
    "Letter",
    "NeverTakenError",
    "NotHandedOverError",
    "Notice",
    "Reason",
    "Receipt",
    "RequiredTopicError",
    "Schedule",
    "ShortMessage",
    "Topic",
    "UnclearError",
    "UnknownEventError",
    "addresses",
    "channels_for",
    "ensure_reachable",
    "hours_before",
    "is_on",
    "mobile_number",
    "notices",
    "send_at",
    "short_text",
    "steps",
    "topic_of",
    "topics_of",
]
