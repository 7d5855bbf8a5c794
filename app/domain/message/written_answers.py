"""What is told of questions that officials answer in writing."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_FOUNDER, _MENTOR = Audience.FOUNDER, Audience.MENTOR
_OWN = "/written-answers/{answer_id}"
_DESK = "/mentor/written-answers/{answer_id}"

WRITTEN_ANSWERS: Mapping[str, tuple[Notice, ...]] = {
    "written_answer.asked": (
        Notice(
            to=_MENTOR, words="written_answer.asked", href=_DESK, mail_while=frozenset({"asked"})
        ),
    ),
    "written_answer.offered": (
        Notice(
            to=_FOUNDER,
            words="written_answer.offered",
            href=_OWN,
            mail_while=frozenset({"offered"}),
        ),
    ),
    "written_answer.answered": (Notice(to=_FOUNDER, words="written_answer.answered", href=_OWN),),
    "written_answer.read_due": (Notice(to=_FOUNDER, words="written_answer.read_due", href=_OWN),),
    "written_answer.declined": (Notice(to=_FOUNDER, words="written_answer.declined", href=_OWN),),
    "written_answer.expired": (
        Notice(to=_FOUNDER, words="written_answer.expired", href=_OWN),
        Notice(
            to=Audience.OFFICERS,
            words="written_answer.expired",
            href="/bureau/needs/{need_id}",
            by_mail=False,
        ),
    ),
    "written_answer.withdrawn": (
        Notice(to=_MENTOR, words="written_answer.withdrawn", href=_DESK, by_mail=False),
    ),
    "written_answer.read": (
        Notice(to=_MENTOR, words="written_answer.read", href=_DESK, by_mail=False),
    ),
}
