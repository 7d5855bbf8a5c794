"""Activities: announced, joined, signed in to, judged, and closed so that they count."""

from app.services.activities.announcing import REMIND, announce, cancel, change
from app.services.activities.closing import Closing, close
from app.services.activities.joining import join, leave
from app.services.activities.judging import publish, recuse, submit_sheet
from app.services.activities.projects import add as add_project
from app.services.activities.projects import drop as drop_project
from app.services.activities.signing_in import (
    Listener,
    check_in,
    check_in_signed,
    count_heads,
    renew_code,
    sign_in,
)
from app.services.activities.waiting import join_line, lapse_place, leave_line

__all__ = [
    "REMIND",
    "Closing",
    "Listener",
    "add_project",
    "announce",
    "cancel",
    "change",
    "check_in",
    "check_in_signed",
    "close",
    "count_heads",
    "drop_project",
    "join",
    "join_line",
    "lapse_place",
    "leave",
    "leave_line",
    "publish",
    "recuse",
    "renew_code",
    "sign_in",
    "submit_sheet",
]
