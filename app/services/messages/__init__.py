"""What people are told: messages in the service, letters outside, reminders."""

from app.services.messages.delivering import (
    Desk,
    end_letter,
    hand_over,
    put_back,
    record_receipt,
)
from app.services.messages.dispatching import Plan, plan_delivery
from app.services.messages.of_mornings import watch_morning
from app.services.messages.of_seals import watch_seal
from app.services.messages.preferring import prefer
from app.services.messages.reading import mark_all_read, mark_read
from app.services.messages.reminding import (
    ask_record,
    remind_action_item,
    remind_activity,
    remind_answer,
    remind_appeal,
    remind_confirm,
    remind_presented,
    remind_progress,
    remind_reading,
    remind_record,
    remind_session,
    remind_signing,
    remind_ticket,
)
from app.services.messages.resending import MOST_AT_ONCE, resend, resend_all
from app.services.messages.telling import notify, tell

__all__ = [
    "MOST_AT_ONCE",
    "Desk",
    "Plan",
    "ask_record",
    "end_letter",
    "hand_over",
    "mark_all_read",
    "mark_read",
    "notify",
    "plan_delivery",
    "prefer",
    "put_back",
    "record_receipt",
    "remind_action_item",
    "remind_activity",
    "remind_answer",
    "remind_appeal",
    "remind_confirm",
    "remind_presented",
    "remind_progress",
    "remind_reading",
    "remind_record",
    "remind_session",
    "remind_signing",
    "remind_ticket",
    "resend",
    "resend_all",
    "tell",
    "watch_morning",
    "watch_seal",
]
