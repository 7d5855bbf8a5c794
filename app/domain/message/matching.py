"""What is told of waivers and of batches."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_FOUNDER, _MENTOR, _OFFICERS, _MAKER = (
    Audience.FOUNDER,
    Audience.MENTOR,
    Audience.OFFICERS,
    Audience.MAKER,
)
_REQUESTS = "/mentor"
_MENTORS = "/needs/{need_id}/mentors"
_TIMES = "/mentor/availability"
_WAIVER = "/bureau/needs/{need_id}/waivers/{expert_id}"

MATCHING: Mapping[str, tuple[Notice, ...]] = {
    "waiver.proposed": (Notice(to=_OFFICERS, words="waiver.proposed", href=_WAIVER),),
    "waiver.approved": (
        Notice(to=_FOUNDER, words="waiver.approved.founder", href=_MENTORS),
        Notice(to=_MENTOR, words="waiver.approved.mentor", href=_REQUESTS),
    ),
    "waiver.cap_approved": (Notice(to=_FOUNDER, words="waiver.cap_approved", href=_MENTORS),),
    "batch.computed": (
        Notice(to=_MAKER, words="batch.computed", href="/bureau/rounds/{batch_id}", by_mail=False),
    ),
    "batch_pair.published": (
        Notice(
            to=_FOUNDER,
            words="batch_pair.published.founder",
            href=_MENTORS,
            mail_while=frozenset({"published"}),
        ),
        Notice(
            to=_MENTOR,
            words="batch_pair.published.mentor",
            href=_REQUESTS,
            mail_while=frozenset({"published"}),
        ),
    ),
    "batch_pair.withdrawn": (
        Notice(to=_FOUNDER, words="batch_pair.withdrawn.founder", href=_MENTORS),
        Notice(to=_MENTOR, words="batch_pair.withdrawn.mentor", href=_REQUESTS),
    ),
    "batch_pair.time_wanted": (Notice(to=_MENTOR, words="batch_pair.time_wanted", href=_TIMES),),
    "batch_pair.place_wanted": (Notice(to=_MENTOR, words="batch_pair.place_wanted", href=_TIMES),),
}
