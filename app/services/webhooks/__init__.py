"""Events told to other systems and to robots: who receives them, and what became of each."""

from app.services.webhooks.announcing import Happening, announce, replay, test
from app.services.webhooks.managing import add, pause, remove, resume, rotate
from app.services.webhooks.sending import Sender, fail, give_up, prepare, record

__all__ = [
    "Happening",
    "Sender",
    "add",
    "announce",
    "fail",
    "give_up",
    "pause",
    "prepare",
    "record",
    "remove",
    "replay",
    "resume",
    "rotate",
    "test",
]
