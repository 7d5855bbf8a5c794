"""Who meets whom, where and when, on the days the bureau looks at."""

from app.queries.agendas.events import AgendaActivity
from app.queries.agendas.meetings import AgendaMeeting, Seat
from app.queries.agendas.page import (
    Agenda,
    AgendaEvent,
    AgendaGroup,
    AgendaQuestion,
    AgendaRow,
    By,
    Trouble,
    Where,
    agenda,
)

__all__ = [
    "Agenda",
    "AgendaActivity",
    "AgendaEvent",
    "AgendaGroup",
    "AgendaMeeting",
    "AgendaQuestion",
    "AgendaRow",
    "By",
    "Seat",
    "Trouble",
    "Where",
    "agenda",
]
