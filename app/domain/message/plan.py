"""What departments and the bureau are told of the plan's progress table."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_TABLE = "/bureau/plan/progress"
_ENTRY = "/bureau/plan/progress/{entry_id}"

PLAN: Mapping[str, tuple[Notice, ...]] = {
    "progress_round.opened": (
        Notice(to=Audience.LIAISONS, words="progress_round.opened", href=_TABLE),
        Notice(to=Audience.OFFICERS, words="progress_round.opened", href=_TABLE, by_mail=False),
    ),
    "progress_round.due_soon": (
        Notice(to=Audience.LIAISONS, words="progress_round.due_soon", href=_TABLE),
    ),
    "progress_round.overdue": (
        Notice(to=Audience.LIAISONS, words="progress_round.overdue", href=_TABLE),
        Notice(to=Audience.OFFICERS, words="progress_round.late", href=_TABLE, by_mail=False),
    ),
    "progress_entry.submitted": (
        Notice(to=Audience.OFFICERS, words="progress_entry.submitted", href=_ENTRY, by_mail=False),
    ),
    "progress_entry.returned": (
        Notice(to=Audience.LIAISONS, words="progress_entry.returned", href=_ENTRY),
    ),
    "progress_entry.signed": (
        Notice(to=Audience.LIAISONS, words="progress_entry.signed", href=_ENTRY, by_mail=False),
    ),
}
