"""What is told of activities, to who has a seat or waits for one, and to who speaks."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_SEATED, _SPEAKERS = Audience.SEATED, Audience.MENTORS
_EVENT = "/events/{activity_id}"
_OPEN = frozenset({"open"})
_OFFERED = frozenset({"offered"})

ACTIVITIES: Mapping[str, tuple[Notice, ...]] = {
    "registration.joined": (
        Notice(to=_SEATED, words="registration.joined", href=_EVENT, mail_while=_OPEN),
    ),
    "activity.changed": (
        Notice(to=_SEATED, words="activity.changed", href=_EVENT, mail_while=_OPEN),
        Notice(to=_SPEAKERS, words="activity.changed", href=_EVENT, mail_while=_OPEN),
    ),
    "activity.cancelled": (
        Notice(to=_SEATED, words="activity.cancelled", href=_EVENT),
        Notice(to=_SPEAKERS, words="activity.cancelled", href=_EVENT),
    ),
    "activity.reminded": (
        Notice(to=_SEATED, words="activity.reminded.seated", href=_EVENT),
        Notice(to=_SPEAKERS, words="activity.reminded.speakers", href=_EVENT),
    ),
    "waiting_entry.seat_offered": (
        Notice(to=_SEATED, words="waiting_entry.seat_offered", href=_EVENT, mail_while=_OFFERED),
    ),
    "waiting_entry.seat_lapsed": (
        Notice(to=_SEATED, words="waiting_entry.seat_lapsed", href=_EVENT),
    ),
    "waiting_entry.activity_changed": (
        Notice(to=_SEATED, words="waiting_entry.activity_changed", href=_EVENT),
    ),
    "waiting_entry.activity_cancelled": (
        Notice(to=_SEATED, words="activity.cancelled", href=_EVENT),
    ),
}
