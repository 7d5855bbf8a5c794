"""The door: a short code that shows who is there, good for the time of the activity alone."""

import hmac
import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from app.domain.activity.life import ActivityStatus, ensure_open
from app.domain.errors import InvalidInputError, RuleError

DOOR_OPENS_BEFORE = timedelta(minutes=60)
DOOR_CLOSES_AFTER = timedelta(minutes=30)
CODE_LENGTH = 6
# No letter or digit that is read as another on a screen across the room.
_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
_APART = re.compile(r"[\s-]+")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[0-9]{10}$)")


class DoorNotOpenError(RuleError):
    """It is too early to sign in; `from_at` says from when."""

    default_code = "activity.door_not_open"


class DoorClosedError(RuleError):
    """Half an hour after the end nobody signs in any more; `until_at` says until when it was."""

    default_code = "activity.door_closed"


class WrongCodeError(InvalidInputError):
    """This is not the code at the door."""

    default_code = "activity.wrong_code"


def new_code() -> str:
    """Return a code nobody can guess while the door is open."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def ensure_door_open(
    status: ActivityStatus, starts_at: datetime, ends_at: datetime, now: datetime
) -> None:
    """Refuse a sign-in more than an hour before the start, or from 30 minutes after the end on.

    Raises:
        OverError: the activity was cancelled or its list is closed.
        DoorNotOpenError, DoorClosedError: with the nearest allowed instant.
    """
    ensure_open(status)
    if now < starts_at - DOOR_OPENS_BEFORE:
        raise DoorNotOpenError(from_at=starts_at - DOOR_OPENS_BEFORE)
    if now >= ends_at + DOOR_CLOSES_AFTER:
        raise DoorClosedError(until_at=ends_at + DOOR_CLOSES_AFTER)


def ensure_code(typed: str, code: str) -> None:
    """Refuse another code than the one at the door; case, width and spaces do not matter.

    Raises:
        WrongCodeError: at field `code`.
    """
    folded = _APART.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if not hmac.compare_digest(folded.encode(), code.encode()):
        raise WrongCodeError.at("code", "activity.wrong_code")


def phone_key(phone: str) -> str:
    """Return the number as it is kept, without spaces, hyphens and China's own prefix."""
    folded = _APART.sub("", unicodedata.normalize("NFKC", phone))
    return _COUNTRY.sub("", folded)
