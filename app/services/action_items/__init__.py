"""Action items: followed from a signed report or a confirmed record until they are closed."""

from app.services.action_items.closing import close, hear
from app.services.action_items.following import REMIND, follow_record, follow_report

__all__ = ["REMIND", "close", "follow_record", "follow_report", "hear"]
