"""What is told of diagnoses, and of what they and other records ask to be done."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_FOUNDER, _MENTOR, _OFFICERS = Audience.FOUNDER, Audience.MENTOR, Audience.OFFICERS
_EXPERT = Audience.EXPERT
_OWN = "/sessions/{session_id}/diagnosis"
_WORK = "/mentor/sessions/{session_id}/diagnosis"
_DESK = "/bureau/sessions/{session_id}/diagnosis"
_SIGNING, _PRESENTED = frozenset({"signing"}), frozenset({"presented"})
_OPEN = frozenset({"open"})


def _item(words: str) -> tuple[Notice, ...]:
    """Return who hears of an item: the side whose it is to do, and nobody else."""
    return (
        Notice(
            to=_FOUNDER,
            words=words,
            href="/sessions/{session_id}/actions",
            mail_while=_OPEN,
            owner="founder",
        ),
        Notice(
            to=_MENTOR,
            words=words,
            href="/mentor/sessions/{session_id}/actions",
            mail_while=_OPEN,
            owner="mentor",
        ),
        Notice(
            to=_OFFICERS,
            words=words,
            href="/bureau/actions",
            by_mail=False,
            owner="bureau",
        ),
    )


DIAGNOSES: Mapping[str, tuple[Notice, ...]] = {
    "diagnosis.material_wanted": (
        Notice(to=_FOUNDER, words="diagnosis.material_wanted", href=_OWN),
    ),
    "diagnosis.to_sign": (
        Notice(to=_MENTOR, words="diagnosis.to_sign", href=_WORK, mail_while=_SIGNING),
    ),
    "diagnosis.sign_due": (
        Notice(to=_MENTOR, words="diagnosis.sign_due", href=_WORK, mail_while=_SIGNING),
    ),
    "diagnosis.signed": (Notice(to=_EXPERT, words="diagnosis.signed", href=_WORK),),
    "diagnosis.presented": (
        Notice(to=_FOUNDER, words="diagnosis.presented", href=_OWN, mail_while=_PRESENTED),
    ),
    "diagnosis.word_due": (
        Notice(to=_FOUNDER, words="diagnosis.word_due", href=_OWN, mail_while=_PRESENTED),
    ),
    "diagnosis.understood": (
        Notice(to=_MENTOR, words="diagnosis.understood", href=_WORK, by_mail=False),
    ),
    "diagnosis.objected": (
        Notice(to=_MENTOR, words="diagnosis.objected", href=_WORK),
        Notice(to=_OFFICERS, words="diagnosis.objected", href=_DESK, by_mail=False),
    ),
    "diagnosis.recused": (
        Notice(to=_EXPERT, words="diagnosis.recused", href=_WORK),
        Notice(to=_OFFICERS, words="diagnosis.recused", href=_DESK, by_mail=False),
    ),
    "action_item.due_soon": _item("action_item.due_soon"),
    "action_item.overdue": _item("action_item.overdue"),
}
