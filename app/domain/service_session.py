"""The meeting itself: its states, check-in, actual times, no-shows."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.calendar import local_day
from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError

NO_SHOW_GRACE = timedelta(minutes=30)
EARLIEST_CHECK_IN = timedelta(minutes=30)
LONGEST_MINUTES = 480


class ServiceSessionStatus(StrEnum):
    """States of decisions.md."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CONTESTED = "contested"
    RULED = "ruled"


class ServiceSessionEvent(StrEnum):
    """What may happen to a service session."""

    CHECK_IN = "check_in"
    UNCHECK = "uncheck"
    FINISH = "finish"
    MISS = "miss"
    CONTEST = "contest"
    RULE = "rule"


NOT_HELD = frozenset({ServiceSessionStatus.PLANNED, ServiceSessionStatus.IN_PROGRESS})
_S, _E = ServiceSessionStatus, ServiceSessionEvent
TRANSITIONS: dict[tuple[ServiceSessionStatus, ServiceSessionEvent], ServiceSessionStatus] = {
    (_S.PLANNED, _E.CHECK_IN): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _E.CHECK_IN): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _E.UNCHECK): _S.PLANNED,
    (_S.PLANNED, _E.FINISH): _S.FINISHED,
    (_S.IN_PROGRESS, _E.FINISH): _S.FINISHED,
    (_S.PLANNED, _E.MISS): _S.NO_SHOW,
    (_S.IN_PROGRESS, _E.MISS): _S.NO_SHOW,
    (_S.NO_SHOW, _E.CONTEST): _S.CONTESTED,
    (_S.CONTESTED, _E.RULE): _S.RULED,
}


class NoShow(StrEnum):
    """Why nothing was delivered, of vocabulary no_show."""

    FOUNDER = "no_show_founder"
    MENTOR = "no_show_mentor"
    BOTH = "no_show_both"
    TECHNICAL = "tech_failure"


MENTOR_AWAY = frozenset({NoShow.MENTOR, NoShow.BOTH})


class Party(StrEnum):
    """The two sides of a meeting."""

    FOUNDER = "founder"
    EXPERT = "expert"


class Evidence(StrEnum):
    """How it is known that somebody was there."""

    SELF = "self"
    CODE = "code"
    SIGNATURE = "signature"
    CALL_LOG = "call_log"
    JOIN_LOG = "join_log"
    MENTOR = "mentor"


# What shows without anybody's word that somebody came (decisions on who confirms).
SEEN = frozenset({Evidence.CODE, Evidence.SIGNATURE})
_ABSENT: dict[NoShow, frozenset[Party]] = {
    NoShow.FOUNDER: frozenset({Party.FOUNDER}),
    NoShow.MENTOR: frozenset({Party.EXPERT}),
    NoShow.BOTH: frozenset(Party),
    NoShow.TECHNICAL: frozenset(),
}


class IllegalStepError(ConflictError):
    """The service session is not in a state in which this may happen."""

    default_code = "service_session.illegal_transition"


class SignedAlreadyError(ConflictError):
    """He has signed his times; what was wrong is corrected by the bureau."""

    default_code = "attendance.signed_already"


class NotSignedError(RuleError):
    """The lead signs by recording; who was not there, or left for a tie, has no times."""

    default_code = "attendance.signs_nothing"


class TooEarlyError(RuleError):
    """It is too early for this; `from_at` says from when."""

    default_code = "service_session.too_early"


class TooLateError(RuleError):
    """The time for this is over; `until_at` says until when it was."""

    default_code = "service_session.too_late"


class WasSeenError(RuleError):
    """The desk checked this side in; `side` says which, `seen_at` when."""

    default_code = "service_session.was_seen"


class PanelHeldError(RuleError):
    """Who leads and enough of the panel came: it was held, and who was missing is named there."""

    default_code = "service_session.panel_held"


class OfActivityError(RuleError):
    """The meeting is that of an activity, whose list is closed on the activity's own page."""

    default_code = "service_session.of_activity"


def next_status(status: ServiceSessionStatus, event: ServiceSessionEvent) -> ServiceSessionStatus:
    """Return the state after the event.

    Raises:
        IllegalStepError: when the table has no such step.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalStepError(status=status.value, event=event.value) from None


def ensure_may_check_in(planned_at: datetime, planned_end: datetime, now: datetime) -> None:
    """Refuse a check-in earlier than 30 minutes before the start, or after the planned end.

    Raises:
        TooEarlyError: with the first allowed instant.
        TooLateError: with the planned end.
    """
    if now < planned_at - EARLIEST_CHECK_IN:
        raise TooEarlyError(from_at=planned_at - EARLIEST_CHECK_IN)
    if now >= planned_end:
        raise TooLateError(until_at=planned_end)


def ensure_missed(planned_at: datetime, now: datetime) -> None:
    """Refuse a no-show report within the grace of 30 minutes after the start.

    Raises:
        TooEarlyError: with the first allowed instant.
    """
    if now < planned_at + NO_SHOW_GRACE:
        raise TooEarlyError(from_at=planned_at + NO_SHOW_GRACE)


def contestants(who: NoShow) -> frozenset[Party]:
    """Return the sides that may contest the report: those it is held against, or both."""
    return _ABSENT[who] or frozenset(Party)


def reportable(by: Party) -> tuple[NoShow, ...]:
    """Return what a side may report: nothing that leaves the other side without a word."""
    return tuple(who for who in NoShow if contestants(who) - {by})


def ensure_reportable(who: NoShow, sides: Collection[Party]) -> None:
    """Refuse a report by the only side that it is held against.

    A side that calls itself absent would end a meeting that was held, and nobody could contest it.

    Raises:
        InvalidInputError: at field `who`.
    """
    if any(who not in reportable(side) for side in sides):
        raise InvalidInputError.at("who", "service_session.own_absence")


def ensure_unseen(who: NoShow, seen: Mapping[Party, datetime]) -> None:
    """Refuse to call a side absent that the desk has checked in.

    Args:
        who: what is reported.
        seen: the sides that the desk has seen, and when.

    Raises:
        WasSeenError: naming the side and the time.
    """
    side = next((side for side in Party if side in _ABSENT[who] and side in seen), None)
    if side is not None:
        raise WasSeenError(side=side.value, seen_at=seen[side])


def ensure_on_plan(start: datetime, planned_at: datetime) -> None:
    """Refuse an actual start before the plan or on another day.

    The day of the actual start decides the month that counts, so nobody chooses it afterwards; a
    meeting held at another time is moved first, or entered as a correction.

    Raises:
        InvalidInputError: at field `actual_start`.
    """
    early = start < planned_at - EARLIEST_CHECK_IN
    if early or local_day(start) != local_day(planned_at):
        raise InvalidInputError.at(
            "actual_start", "service_session.off_plan", planned_at=planned_at
        )


def ensure_actual(start: datetime, end: datetime, break_minutes: int, now: datetime) -> None:
    """Refuse actual times that cannot have been.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = []
    length = (end - start) / timedelta(minutes=1)
    if end <= start:
        errors.append(FieldError("actual_end", "service_session.end_before_start"))
    elif length > LONGEST_MINUTES:
        errors.append(
            FieldError("actual_end", "service_session.too_long", {"max": LONGEST_MINUTES})
        )
    if end > now:
        errors.append(FieldError("actual_end", "service_session.in_future"))
    if break_minutes < 0 or (end > start and break_minutes >= length):
        errors.append(FieldError("break_minutes", "service_session.break_too_long"))
    if errors:
        raise InvalidInputError(errors=errors)


def ensure_own_times(in_at: datetime, out_at: datetime, start: datetime, end: datetime) -> None:
    """Refuse times of one expert that do not lie within the meeting.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = []
    if not start <= in_at < end:
        errors.append(FieldError("in_at", "service_session.outside_meeting"))
    if out_at > end:
        errors.append(FieldError("out_at", "service_session.outside_meeting"))
    elif out_at <= in_at:
        errors.append(FieldError("out_at", "service_session.end_before_start"))
    if errors:
        raise InvalidInputError(errors=errors)
