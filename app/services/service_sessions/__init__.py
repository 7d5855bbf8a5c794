"""The verbs of a meeting: check in, finish, report that somebody did not come, contest that."""

from app.services.service_sessions.contesting import contest, open_dispute, speaker
from app.services.service_sessions.holding import (
    Finish,
    OwnTimes,
    attendances,
    check_in,
    finish,
    open_outcome,
)
from app.services.service_sessions.missing import report_no_show

__all__ = [
    "Finish",
    "OwnTimes",
    "attendances",
    "check_in",
    "contest",
    "finish",
    "open_dispute",
    "open_outcome",
    "report_no_show",
    "speaker",
]
