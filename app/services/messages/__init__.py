"""What people are told: messages in the service, letters outside, reminders."""

from app.services.messages.delivering import end_letter, hand_over, record_receipt
from app.services.messages.preferring import prefer
from app.services.messages.reading import mark_all_read, mark_read
from app.services.messages.reminding import (
    remind_activity,
    remind_answer,
    remind_confirm,
    remind_reading,
    remind_record,
    remind_session,
)
from app.services.messages.resending import resend
from app.services.messages.telling import notify, tell

__all__ = [
    "end_letter",
    "hand_over",
    "mark_all_read",
    "mark_read",
    "notify",
    "prefer",
    "record_receipt",
    "remind_activity",
    "remind_answer",
    "remind_confirm",
    "remind_reading",
    "remind_record",
    "remind_session",
    "resend",
    "tell",
]
