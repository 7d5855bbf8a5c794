"""An expert's week, for his own calendar and for whoever looks after him."""

from app.queries.expert_weeks.entries import BookedTime, Entry, EntryKind
from app.queries.expert_weeks.notes import DayNote, NoteKind
from app.queries.expert_weeks.week import ExpertWeek, WeekDay, expert_week

__all__ = [
    "BookedTime",
    "DayNote",
    "Entry",
    "EntryKind",
    "ExpertWeek",
    "NoteKind",
    "WeekDay",
    "expert_week",
]
