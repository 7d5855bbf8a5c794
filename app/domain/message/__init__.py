"""Who hears of what, and where the message leads."""

from app.domain.message.events import EVENTS, UnknownEventError, notices
from app.domain.message.letter import Attachment, Letter, Receipt
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
from app.domain.message.topics import BY_TEXT, REQUIRED, URGENT, Topic, topic_of, topics_of

__all__ = [
    "BY_TEXT",
    "EVENTS",
    "REQUIRED",
    "ROLES",
    "SCHEDULES",
    "URGENT",
    "Attachment",
    "Audience",
    "Channel",
    "Choices",
    "Letter",
    "Notice",
    "Receipt",
    "RequiredTopicError",
    "Schedule",
    "Topic",
    "UnknownEventError",
    "addresses",
    "channels_for",
    "ensure_reachable",
    "hours_before",
    "is_on",
    "notices",
    "send_at",
    "steps",
    "topic_of",
    "topics_of",
]
