"""What is told of services held or missed, of their records and of closed months."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_FOUNDER, _MENTOR, _OFFICERS = Audience.FOUNDER, Audience.MENTOR, Audience.OFFICERS
_BOOKING = "/bookings/{booking_id}"
_REPORT = "/mentor/sessions/{session_id}/report"
_FOLLOW_UP = "/followups/{follow_up_id}"
_EVIDENCE = "/bureau/sessions/{reference}"
_PLANNED, _AWAITED = frozenset({"planned"}), frozenset({"awaiting_record"})
_RECORDED, _ASKED = frozenset({"recorded"}), frozenset({"asked"})
_OPEN = frozenset({"planned", "in_progress"})

SERVICES: Mapping[str, tuple[Notice, ...]] = {
    "service_session.reminded": (
        Notice(
            to=_FOUNDER,
            words="service_session.reminded.founder",
            href=_BOOKING,
            mail_while=_PLANNED,
        ),
        Notice(
            to=_MENTOR, words="service_session.reminded.mentor", href=_REPORT, mail_while=_PLANNED
        ),
    ),
    "service_session.over": (
        Notice(to=Audience.EXPERT, words="service_session.over", href=_REPORT, mail_while=_OPEN),
    ),
    "service_session.no_show": (
        Notice(to=_FOUNDER, words="service_session.no_show", href=_BOOKING, absent="founder"),
        Notice(to=_MENTOR, words="service_session.no_show", href=_REPORT, absent="mentor"),
    ),
    "service_session.tie_found": (
        Notice(to=_MENTOR, words="service_session.tie_found", href=_REPORT),
    ),
    "service_session.member_missed": (
        Notice(to=_MENTOR, words="service_session.member_missed", href=_REPORT),
    ),
    "dispute.absence_opened": (
        Notice(to=_OFFICERS, words="dispute.absence_opened", href=_EVIDENCE, by_mail=False),
    ),
    "dispute.absence_ruled": (
        Notice(to=Audience.EXPERT, words="dispute.absence_ruled", href=_REPORT),
    ),
    "outcome.record_due": (
        Notice(to=_MENTOR, words="outcome.record_due", href=_REPORT, mail_while=_AWAITED),
    ),
    "outcome.recorded": (
        Notice(to=_FOUNDER, words="outcome.recorded", href=_BOOKING, mail_while=_RECORDED),
    ),
    "outcome.to_sign": (Notice(to=_MENTOR, words="outcome.to_sign", href=_REPORT),),
    "outcome.confirm_due": (
        Notice(to=_FOUNDER, words="outcome.confirm_due", href=_BOOKING, mail_while=_RECORDED),
    ),
    "outcome.confirmed": (
        Notice(to=_MENTOR, words="outcome.confirmed", href=_REPORT, by_mail=False),
    ),
    "outcome.certified": (
        Notice(to=_FOUNDER, words="outcome.certified.founder", href=_BOOKING),
        Notice(to=_MENTOR, words="outcome.certified.mentor", href=_REPORT, by_mail=False),
    ),
    "outcome.unconfirmed": (Notice(to=_FOUNDER, words="outcome.unconfirmed", href=_BOOKING),),
    "outcome.disputed": (
        Notice(to=_MENTOR, words="outcome.disputed.mentor", href=_REPORT, unless_by="mentor"),
        Notice(to=_FOUNDER, words="outcome.disputed.founder", href=_BOOKING, unless_by="founder"),
        Notice(to=_OFFICERS, words="outcome.disputed.officers", href=_EVIDENCE),
    ),
    "follow_up.due": (
        Notice(to=_FOUNDER, words="follow_up.due", href=_FOLLOW_UP, mail_while=_ASKED),
    ),
    "follow_up.answered": (
        Notice(to=_MENTOR, words="follow_up.answered", href=_REPORT, by_mail=False),
    ),
    "dispute.ruled": (
        Notice(to=_FOUNDER, words="dispute.ruled", href=_BOOKING),
        Notice(to=_MENTOR, words="dispute.ruled", href=_REPORT),
    ),
    "correction.approved": (
        Notice(to=_OFFICERS, words="correction.approved", href=_EVIDENCE, by_mail=False),
    ),
    "period.closed": (
        Notice(to=_OFFICERS, words="period.closed", href="/bureau/reports/{month}", by_mail=False),
    ),
}
