"""What waits for somebody of the bureau: tasks, rating tickets, follow-ups."""

from app.web.bureau.queues import (
    follow_ups,
    tasks,
    tickets,
)

GROUPS = (follow_ups, tasks, tickets)
