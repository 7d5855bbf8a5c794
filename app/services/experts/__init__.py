"""The pool of experts: taken over from files, appointed, extended, paused, tied by interests."""

from app.services.experts.appointing import appoint, declare_interest, extend, pause, resume
from app.services.experts.importing import import_rows

__all__ = ["appoint", "declare_interest", "extend", "import_rows", "pause", "resume"]
