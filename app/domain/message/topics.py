"""What each event is about, what may be switched off, and what may ring at night."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum

from app.domain.actor import Role
from app.domain.message.events import EVENTS, UnknownEventError
from app.domain.message.notice import ROLES


class Topic(StrEnum):
    """What people choose by when they say what is sent to them."""

    MEETINGS = "meetings"
    DUTIES = "duties"
    REMINDERS = "reminders"
    ANSWERS = "answers"
    MATCHING = "matching"
    ACTIVITIES = "activities"
    TERMS = "terms"
    FOLLOW_UPS = "follow_ups"
    DIGEST = "digest"


# Without these somebody would travel in vain, or lose a right to a deadline.
REQUIRED = frozenset({Topic.MEETINGS, Topic.DUTIES, Topic.TERMS})

_EVENTS: Mapping[Topic, frozenset[str]] = {
    Topic.MEETINGS: frozenset(
        {
            "booking.accepted",
            "booking.given",
            "booking.declined",
            "booking.expired",
            "booking.withdrawn",
            "booking.cancelled",
            "booking.moved",
            "booking.member_joined",
            "booking.member_left",
            "booking.member_out",
            "booking.panel_short",
            "booking.panel_off",
            "booking.suspended",
            "booking.resumed",
            "booking.asked_again",
            "booking.reassigned",
            "booking.superseded",
            "booking.times_offered",
            "booking.offer_taken",
            "booking.offer_refused",
            "booking.move_offered",
            "booking.move_refused",
            "booking.place_offered",
            "booking.place_lapsed",
            "activity.cancelled",
            "activity.changed",
            "waiting_entry.activity_changed",
            "waiting_entry.activity_cancelled",
            "service_session.no_show",
            "service_session.tie_found",
        }
    ),
    Topic.DUTIES: frozenset(
        {
            "booking.requested",
            "outcome.recorded",
            "outcome.to_sign",
            "diagnosis.material_wanted",
            "diagnosis.to_sign",
            "diagnosis.presented",
            "diagnosis.objected",
            "diagnosis.recused",
            "outcome.unconfirmed",
            "outcome.disputed",
            "dispute.absence_opened",
            "dispute.absence_ruled",
            "dispute.ruled",
            "ticket.opened",
            "ticket.due_soon",
            "ticket.overdue",
            "appeal.opened",
            "appeal.due_soon",
            "appeal.overdue",
            "appeal.answered",
            "progress_round.opened",
            "progress_round.due_soon",
            "progress_round.overdue",
            "progress_entry.submitted",
            "progress_entry.returned",
            "service_session.member_missed",
            "service_session.over",
            "need.bureau_asked",
            "need.unmatched",
            "waiver.proposed",
            "board_post.drafted",
            "board_post.opened",
            "board_post.refused",
            "batch_pair.time_wanted",
            "batch_pair.place_wanted",
            "written_answer.asked",
            "written_answer.offered",
        }
    ),
    Topic.REMINDERS: frozenset(
        {
            "service_session.reminded",
            "activity.reminded",
            "booking.answer_due",
            "outcome.record_due",
            "outcome.confirm_due",
            "diagnosis.sign_due",
            "diagnosis.word_due",
            "action_item.due_soon",
            "action_item.overdue",
            "written_answer.read_due",
        }
    ),
    Topic.ANSWERS: frozenset(
        {
            "outcome.confirmed",
            "outcome.certified",
            "diagnosis.signed",
            "diagnosis.understood",
            "written_answer.answered",
            "written_answer.declined",
            "written_answer.expired",
            "written_answer.withdrawn",
            "written_answer.read",
            "correction.approved",
            "progress_entry.signed",
            "period.closed",
            "report_file.made",
            "report_file.failed",
        }
    ),
    Topic.MATCHING: frozenset(
        {
            "need.submitted",
            "board_post.withdrawn",
            "board_post.expired",
            "board_claim.offered",
            "board_claim.withdrawn",
            "board_claim.lapsed",
            "waiver.approved",
            "waiver.cap_approved",
            "batch.computed",
            "batch_pair.published",
            "batch_pair.withdrawn",
        }
    ),
    Topic.ACTIVITIES: frozenset(
        {
            "registration.joined",
            "waiting_entry.seat_offered",
            "waiting_entry.seat_lapsed",
        }
    ),
    Topic.TERMS: frozenset(
        {
            "appointment.ending",
            "appointment.duty_behind",
            "appointment.hearing",
            "appointment.dismissed",
            "appointment.kept",
            "stand_down.ordered",
            "stand_down.lifted",
            "appointment.resigned",
            "account.ending",
        }
    ),
    Topic.FOLLOW_UPS: frozenset({"follow_up.due", "follow_up.answered"}),
    Topic.DIGEST: frozenset({"digest.morning", "audit_seal.published"}),
}
_TOPIC_OF: Mapping[str, Topic] = {
    event: topic for topic, events in _EVENTS.items() for event in events
}

# Somebody waits for it, or would set out: it does not wait for the morning.
URGENT = frozenset(
    {
        "booking.accepted",
        "booking.given",
        "booking.declined",
        "booking.withdrawn",
        "booking.cancelled",
        "booking.moved",
        "booking.member_joined",
        "booking.member_left",
        "booking.member_out",
        "booking.suspended",
        "booking.resumed",
        "booking.reassigned",
        "booking.times_offered",
        "booking.offer_taken",
        "booking.offer_refused",
        "booking.move_offered",
        "booking.move_refused",
        "booking.place_offered",
        "booking.asked_again",
        "activity.cancelled",
        "activity.changed",
        "waiting_entry.seat_offered",
        "waiting_entry.activity_changed",
        "waiting_entry.activity_cancelled",
        "service_session.reminded",
        "registration.joined",
    }
)
# Worth a text message to whoever has no mail: it changes where somebody must be, or ends soon.
BY_TEXT = (_EVENTS[Topic.MEETINGS] | _EVENTS[Topic.REMINDERS]) | {
    "booking.requested",
    "outcome.recorded",
    "outcome.unconfirmed",
    "diagnosis.material_wanted",
    "diagnosis.presented",
    "follow_up.due",
    "written_answer.asked",
    "written_answer.offered",
    "waiting_entry.seat_offered",
}

# Who may be on his way already gets a text message beside the mail.
RING = frozenset(
    {
        "booking.cancelled",
        "booking.moved",
        "booking.suspended",
        "booking.reassigned",
        "activity.cancelled",
        "activity.changed",
    }
)
NEAR = timedelta(hours=24)


def topic_of(event: str) -> Topic:
    """Return what the event is about.

    Raises:
        UnknownEventError: when the table does not name the event.
    """
    if event not in EVENTS or event not in _TOPIC_OF:
        raise UnknownEventError(event)
    return _TOPIC_OF[event]


def topics_of(roles: Collection[Role]) -> list[Topic]:
    """Return the topics on which anybody with one of the roles is told by letter."""
    told = {
        topic_of(event)
        for event, rows in EVENTS.items()
        for row in rows
        if row.by_mail and set(ROLES[row.to]) & set(roles)
    }
    return [topic for topic in Topic if topic in told]
