"""Who hears of what, and where the message leads."""

from app.domain.message.events import EVENTS, UnknownEventError, notices
from app.domain.message.letter import Attachment, Letter, Receipt
from app.domain.message.notice import Audience, Notice

__all__ = [
    "EVENTS",
    "Attachment",
    "Audience",
    "Letter",
    "Notice",
    "Receipt",
    "UnknownEventError",
    "notices",
]
