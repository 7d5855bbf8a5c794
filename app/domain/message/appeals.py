"""What mentors and officers are told of appeals."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_OFFICERS = Audience.OFFICERS
_APPEAL = "/bureau/appeals/{appeal_id}"
_OPEN = frozenset({"open"})

APPEALS: Mapping[str, tuple[Notice, ...]] = {
    "appeal.opened": (Notice(to=_OFFICERS, words="appeal.opened", href=_APPEAL, by_mail=False),),
    "appeal.due_soon": (
        Notice(to=_OFFICERS, words="appeal.due_soon", href=_APPEAL, mail_while=_OPEN),
    ),
    "appeal.overdue": (
        Notice(to=_OFFICERS, words="appeal.overdue", href=_APPEAL, mail_while=_OPEN),
    ),
    "appeal.answered": (
        Notice(
            to=Audience.EXPERT,
            words="appeal.answered",
            href="/mentor/sessions/{session_id}/appeal",
        ),
    ),
}
