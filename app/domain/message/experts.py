"""Events of the pool and of the bureau's days: terms, duties, digest, seals, accounts."""

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
    "appointment.duty_behind": (
        Notice(to=Audience.MENTOR, words="appointment.duty_behind", href="/mentor/availability"),
    ),
    "appointment.hearing": (
        Notice(to=Audience.MENTOR, words="appointment.hearing", href="/mentor/hearing"),
    ),
    "appointment.dismissed": (
        Notice(to=Audience.MENTOR, words="appointment.dismissed", href="/mentor/hearing"),
    ),
    "appointment.resigned": (
        Notice(to=Audience.MENTOR, words="appointment.resigned", href="/mentor/duty"),
    ),
    "appointment.kept": (
        Notice(to=Audience.MENTOR, words="appointment.kept", href="/mentor/hearing"),
    ),
    "stand_down.ordered": (Notice(to=Audience.MENTOR, words="stand_down.ordered", href="/mentor"),),
    "stand_down.lifted": (Notice(to=Audience.MENTOR, words="stand_down.lifted", href="/mentor"),),
    "audit_seal.published": (
        Notice(to=Audience.AUDITORS, words="audit_seal.published", href="/bureau/log"),
    ),
    "account.ending": (
        Notice(
            to=Audience.KEEPERS,
            words="account.ending.keepers",
            href="/bureau/accounts/{account_id}",
        ),
        Notice(to=Audience.HOLDER, words="account.ending.holder", href="/bureau/audit"),
    ),
    "digest.morning": (Notice(to=Audience.OFFICERS, words="digest.morning", href="/bureau"),),
}
