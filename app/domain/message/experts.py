"""Events of the pool: terms that come to their end."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

EXPERTS: Mapping[str, tuple[Notice, ...]] = {
    "appointment.ending": (
        Notice(
            to=Audience.OFFICERS,
            words="appointment.ending.officers",
            href="/bureau/mentors/{expert_id}",
        ),
        Notice(to=Audience.MENTOR, words="appointment.ending.mentor", href="/mentor/availability"),
    ),
}
