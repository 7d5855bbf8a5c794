"""The pool of experts: taken over from files, appointed, extended, paused, tied by interests."""

from app.services.experts.appointing import appoint, declare_interest, extend, pause, resume
from app.services.experts.documents import load_for_term
from app.services.experts.duties import TELL_DUTIES, tell_duties, watch_duties
from app.services.experts.following import ahead_of
from app.services.experts.importing import import_rows
from app.services.experts.leaving import Leaving, leave_pool, resign
from app.services.experts.renewing import Renewal, renew
from app.services.experts.watching import watch_terms

__all__ = [
    "TELL_DUTIES",
    "Leaving",
    "Renewal",
    "ahead_of",
    "appoint",
    "declare_interest",
    "extend",
    "import_rows",
    "leave_pool",
    "load_for_term",
    "pause",
    "renew",
    "resign",
    "resume",
    "tell_duties",
    "watch_duties",
    "watch_terms",
]
