"""What staff enter at a desk for others, kept so that it can be taken back for ten minutes."""

from app.services.desk_entries.noting import (
    book,
    check_in,
    enter_sheet,
    give_slot,
    note,
    register_person,
    take_need,
)
from app.services.desk_entries.undoing import undo

__all__ = [
    "book",
    "check_in",
    "enter_sheet",
    "give_slot",
    "note",
    "register_person",
    "take_need",
    "undo",
]
