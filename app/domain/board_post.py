"""The open board 揭榜: needs that found nobody, put up for experts to claim."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.expert import OutOfTermError, PausedError
from app.domain.privacy import private_pieces
from app.domain.prose import faults

SHORTEST_POST = 20
LONGEST_POST = 600
SHORTEST_OFFER = 10
LONGEST_OFFER = 500
_PIECES_SHOWN = 5


class PostStatus(StrEnum):
    """States of a post; its text is shown to experts only while it is open."""

    AWAITING_CONSENT = "awaiting_consent"
    OPEN = "open"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


ACTIVE = frozenset({PostStatus.AWAITING_CONSENT, PostStatus.OPEN})


class ClaimStatus(StrEnum):
    """States of an expert's claim; an offered one stands until somebody takes it back."""

    OFFERED = "offered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class PostGoneError(ConflictError):
    """The post is no longer what it was: answered, taken down, run out, or its need booked."""

    default_code = "board_post.gone"


class AlreadyOpenError(ConflictError):
    """Experts can read the post already; another text takes taking it down first."""

    default_code = "board_post.already_open"


class FounderAnswersError(RuleError):
    """The founder has an account and answers for himself."""

    default_code = "board_post.founder_answers"


class TiedError(RuleError):
    """A tie keeps the expert from serving this founder; it is not said which."""

    default_code = "board_claim.tied"


class FullError(RuleError):
    """The expert has as many services as he takes in a week, a month or a year."""

    default_code = "board_claim.full"


class NoTimeError(RuleError):
    """The expert has no free time at which the founder could come."""

    default_code = "board_claim.no_time"


class OtherMeetingError(RuleError):
    """The founder would meet in a way or a language that the expert does not offer."""

    default_code = "board_claim.other_meeting"


class KeptOutError(RuleError):
    """Another rule of the service keeps the expert from serving this founder now."""

    default_code = "board_claim.kept_out"


# The matcher's rules, in the order in which they are told: what the expert can mend comes last.
_REFUSALS: dict[str, type[RuleError]] = {
    "conflict_of_interest": TiedError,
    "mentor_out_of_term": OutOfTermError,
    "mentor_paused": PausedError,
    "capacity_reached": FullError,
    "mode_mismatch": OtherMeetingError,
    "language_mismatch": OtherMeetingError,
    "no_common_time": NoTimeError,
}


def refusal(rules: Iterable[str]) -> RuleError | None:
    """Return why an expert kept out by these rules cannot claim, None when nothing keeps him."""
    broken = frozenset(rules)
    found = next((kind for rule, kind in _REFUSALS.items() if rule in broken), None)
    if found is not None:
        return found()
    return KeptOutError() if broken else None


def ensure_postable(text: str, names: Iterable[str]) -> str:
    """Return the text of a post, trimmed, when it can be shown to everybody.

    Args:
        text: an officer's words.
        names: of people and ventures that must not be told.

    Raises:
        InvalidInputError: at field `text`; with what tells who the founder is.
    """
    shown = _ensured("text", text, SHORTEST_POST, LONGEST_POST)
    pieces = private_pieces(shown, names)
    if pieces:
        told = "、".join(pieces[:_PIECES_SHOWN])
        raise InvalidInputError.at("text", "board_post.private", pieces=told)
    return shown


def ensure_offer(text: str) -> str:
    """Return an expert's offer, trimmed.

    Raises:
        InvalidInputError: at field `offer`.
    """
    return _ensured("offer", text, SHORTEST_OFFER, LONGEST_OFFER)


def ensure_awaits_consent(status: PostStatus) -> None:
    """Refuse an answer to a text that is not, or no longer, before the founder.

    Raises:
        PostGoneError: it was answered or taken back.
    """
    if status is not PostStatus.AWAITING_CONSENT:
        raise PostGoneError(status=status.value)


def is_on_board(status: PostStatus, expires_at: datetime | None, now: datetime) -> bool:
    """Tell whether experts can read and claim the post."""
    return status is PostStatus.OPEN and expires_at is not None and now < expires_at


def _ensured(field: str, text: str, shortest: int, longest: int) -> str:
    shown = text.strip()
    errors = faults(field, shown, longest)
    if not errors and len(shown) < shortest:
        errors = [FieldError(field, "input.too_short", {"shortest": shortest})]
    if errors:
        raise InvalidInputError(errors=errors)
    return shown
