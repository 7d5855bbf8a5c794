"""The shortlist a founder sees: how long it holds, whose places are shared, whose word ranks."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import ConflictError, InvalidInputError, RuleError

SHORTLIST = 5
LONGEST_SHORTLIST = 20
# After a week the experts' loads and terms have moved on; the list is then made anew.
LIFETIME = timedelta(days=7)
# How far back showings count when places are shared out: a quarter of a year.
SHOWN_OF_LATE = timedelta(days=90)
# What was shown longer ago teaches nothing any more: people and lists have changed.
TEACHES_FOR = timedelta(days=730)
# Of the needs, in order of time, the earlier half teaches and the later half judges.
SHARE_THAT_TEACHES = 0.5
# Fewer needs in which somebody was asked are no experience.
FEWEST_NEEDS = 30


class PlacedBy(StrEnum):
    """What gave an expert his place in a list."""

    SCORE = "score"
    FLOOR = "floor"
    DRAW = "draw"
    ARRANGED = "arranged"


class VersionState(StrEnum):
    """A learned version makes lists unseen in the shadow, ranks alone while live, and is kept."""

    LEARNED = "learned"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"


class VersionEvent(StrEnum):
    """What may happen to a learned version."""

    OBSERVE = "observe"
    PROMOTE = "promote"
    RETIRE = "retire"
    RESTORE = "restore"


_S, _E = VersionState, VersionEvent
TRANSITIONS: dict[tuple[VersionState, VersionEvent], VersionState] = {
    (_S.LEARNED, _E.OBSERVE): _S.SHADOW,
    (_S.RETIRED, _E.OBSERVE): _S.SHADOW,
    (_S.LEARNED, _E.PROMOTE): _S.LIVE,
    (_S.SHADOW, _E.PROMOTE): _S.LIVE,
    (_S.SHADOW, _E.RETIRE): _S.RETIRED,
    (_S.LIVE, _E.RETIRE): _S.RETIRED,
    (_S.RETIRED, _E.RESTORE): _S.LIVE,
}


class IllegalVersionStepError(ConflictError):
    """The version is not in a state in which this may happen."""

    default_code = "matcher_version.illegal_transition"


class VersionsChangedError(ConflictError):
    """Somebody else has learned or promoted in the meantime."""

    default_code = "matcher_version.changed"


class TooFewOutcomesError(RuleError):
    """Too few proposals have come to anything yet."""

    default_code = "matcher_version.too_few"


class NotProvenError(RuleError):
    """On later needs the version is not surely better than the present one."""

    default_code = "matcher_version.not_proven"


class ForeignVersionError(RuleError):
    """What was shown was scored by another method than the matcher of today uses."""

    default_code = "matcher_version.foreign"


class NoneLiveError(RuleError):
    """No learned version is live; there is nothing to go back from."""

    default_code = "matcher_version.none_live"


class LearningOffError(RuleError):
    """Learning is switched off."""

    default_code = "learning.off"


def next_state(state: VersionState, event: VersionEvent) -> VersionState:
    """Return the state after the event.

    Raises:
        IllegalVersionStepError: when the table has no such step.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalVersionStepError(state=state.value, event=event.value) from None


def ensure_learning(is_on: bool) -> None:
    """Refuse to teach or to promote while learning is switched off.

    Raises:
        LearningOffError: it is.
    """
    if not is_on:
        raise LearningOffError


def ensure_size(limit: int) -> None:
    """Refuse a shortlist of nobody, or one nobody reads to the end.

    Raises:
        InvalidInputError: at field `limit`.
    """
    if limit < 1:
        raise InvalidInputError.at("limit", "input.too_small", low=1, high=LONGEST_SHORTLIST)
    if limit > LONGEST_SHORTLIST:
        raise InvalidInputError.at("limit", "input.too_large", low=1, high=LONGEST_SHORTLIST)


def is_expired(proposed_at: datetime, now: datetime) -> bool:
    """Tell whether a shortlist is too old to be relied on."""
    return now - proposed_at >= LIFETIME
